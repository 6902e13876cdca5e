"""What the ink of a cell says beside its readings: lines, letters, dashes, commas, points; drawn with Pillow's font."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from pipelines.extract.scan import PACKAGES, can_recognise

if not can_recognise():
    pytest.skip(f"the optional packages {', '.join(PACKAGES)} are not installed", allow_module_level=True)

from PIL import Image, ImageDraw, ImageFont

from pipelines.extract.scan import cells
from pipelines.extract.scan.blobs import (
    LOST_POINT,
    NO_ROOM,
    NO_SUCH_POINT,
    OTHER_LINES,
    TWO_NUMBERS,
    bands,
    blobs_of,
    doubts,
    is_dash,
)
from pipelines.extract.scan.cells import UNSURE, Piece, read_again
from pipelines.extract.scan.recognise import Reading


def ink(draw: Callable[[ImageDraw.ImageDraw], object]) -> tuple[np.ndarray, np.ndarray]:
    """A cell's picture and ink, 60 x 120 pixels, for a type size of 30."""
    picture = Image.new("L", (120, 60), 255)
    draw(ImageDraw.Draw(picture))
    gray = np.asarray(picture)
    return gray, np.where(gray < 128, 255, 0).astype(np.uint8)


def bars(pen: ImageDraw.ImageDraw) -> None:
    """Two upright bars as digits are high, 20 pixels apart."""
    pen.rectangle((40, 20, 46, 40), 0)
    pen.rectangle((66, 20, 72, 40), 0)


@pytest.mark.parametrize(
    ("mark", "text", "doubt"),
    [
        ((0, 0, 1, 1), "11", None),
        ((54, 37, 57, 40), "11", "a point that was not read"),
        ((54, 37, 57, 40), "1.1", None),
        ((54, 20, 57, 23), "11", None),
        ((24, 29, 34, 31), "11", "a dash that was not read"),
        ((24, 29, 34, 31), "-11", None),
        ((24, 54, 34, 56), "11", None),
        ((31, 27, 36, 32), "11", "a dash that was not read"),
        ((31, 27, 36, 32), "-11", None),
        ((32, 28, 34, 30), "11", None),
        ((90, 20, 96, 40), "11", "more blobs than digits"),
        ((90, 20, 96, 40), "111", None),
        ((97, 20, 103, 40), "111", "digits far apart"),
        ((0, 0, 1, 1), "-11", "no dash"),
        ((0, 0, 1, 1), "1.1", "no point"),
        ((0, 0, 1, 1), "1111", "fewer blobs than digits"),
    ],
)
def test_ink_that_contradicts_a_text(mark: tuple[int, int, int, int], text: str, doubt: str | None) -> None:
    def draw(pen: ImageDraw.ImageDraw) -> None:
        bars(pen)
        pen.rectangle(mark, 0)

    gray, black = ink(draw)
    found = blobs_of(black, gray, 30)
    assert doubts(text, found, bands(found, 60)) == doubt


def bars_apart(gap: int) -> Callable[[ImageDraw.ImageDraw], None]:
    """Two upright bars with a dot at their feet, so many pixels from either."""

    def draw(pen: ImageDraw.ImageDraw) -> None:
        for left, top, right in ((56 - gap, 20, 62 - gap), (62, 37, 65), (65 + gap, 20, 71 + gap)):
            pen.rectangle((left, top, right, 40), 0)

    return draw


@pytest.mark.parametrize(("gap", "doubt"), [(8, LOST_POINT), (22, LOST_POINT), (27, LOST_POINT), (40, TWO_NUMBERS)])
def test_a_full_width_point_stands_far_from_its_digits(gap: int, doubt: str | None) -> None:
    gray, black = ink(bars_apart(gap))
    found = blobs_of(black, gray, 30)
    assert doubts("11", found, bands(found, 60)) == doubt


@pytest.mark.parametrize(("first", "doubt"), [(30, NO_ROOM), (28, NO_ROOM), (22, None)])
def test_a_speck_between_digits_that_stand_close_is_no_point(first: int, doubt: str | None) -> None:
    def draw(pen: ImageDraw.ImageDraw) -> None:
        for left, top, right in ((first, 20, first + 6), (44, 37, 47), (52, 20, 58), (74, 20, 80)):
            pen.rectangle((left, top, right, 40), 0)

    gray, black = ink(draw)
    found = blobs_of(black, gray, 30)
    assert doubts("1.11", found, bands(found, 60)) == doubt


def piece(text: str, shown: str) -> Piece:
    """A cell that shows one text while the page's reading gave another."""
    from pipelines.extract.marks import TableCell

    gray, black = ink(lambda pen: pen.text((60, 30), shown, 0, font=ImageFont.load_default(30), anchor="mm"))
    return Piece(TableCell(0, 0, 1, 1, text, (0.0, 0.0, 43.2, 21.6)), gray, black, 30.0, 0.98)


def test_readings_that_disagree_are_no_number() -> None:
    (cell,) = read_again([piece("389", "384")])
    assert UNSURE in cell.text
    assert set(cell.candidates) >= {"389", "384"}


def test_readings_that_agree_are() -> None:
    (cell,) = read_again([piece("384", "384")])
    assert (cell.text, cell.reading) == ("384", "ocr")


def test_a_cell_without_ink_is_never_a_number() -> None:
    (cell,) = read_again([piece("7", "")])
    assert UNSURE in cell.text and cell.candidates == ("7",)
    (blank,) = read_again([replace(piece("", ""), sure=0.0)])
    assert blank.text == ""


def test_ink_that_nobody_read_is_no_blank() -> None:
    gray, black = ink(lambda pen: pen.line((20, 12, 100, 50, 30, 20, 90, 8), 0, 9))
    (cell,) = read_again([replace(piece("", "1"), picture=gray, ink=black)])
    assert cell.text != ""


@pytest.mark.parametrize(
    ("mark", "text", "doubt"),
    [
        ((54, 37, 56, 44), "1,1", None),
        ((54, 37, 56, 44), "1.1", NO_SUCH_POINT),
        ((54, 37, 57, 40), "1,1", NO_SUCH_POINT),
        ((54, 36, 57, 41), "1,1", None),
        ((54, 36, 57, 41), "1.1", None),
    ],
    ids=["a comma", "no point", "no comma", "either", "or"],
)
def test_commas_and_points_are_told_apart_by_their_ink(
    mark: tuple[int, int, int, int], text: str, doubt: str | None
) -> None:
    def draw(pen: ImageDraw.ImageDraw) -> None:
        bars(pen)
        pen.rectangle(mark, 0)

    gray, black = ink(draw)
    found = blobs_of(black, gray, 30)
    assert doubts(text, found, bands(found, 60)) == doubt


def two_lines(pen: ImageDraw.ImageDraw) -> None:
    """Two digits above one, as a narrow cell breaks a number."""
    for left, top in ((40, 4), (56, 4), (40, 36)):
        pen.rectangle((left, top, left + 5, top + 20), 0)


@pytest.mark.parametrize(
    ("text", "doubt"),
    [("11\n1", None), ("11", OTHER_LINES), ("111", OTHER_LINES), ("1\n11", "more blobs than digits")],
)
def test_each_line_of_a_broken_number_is_held_against_its_own_ink(text: str, doubt: str | None) -> None:
    gray, black = ink(two_lines)
    found = blobs_of(black, gray, 30)
    assert doubts(text, found, bands(found, 60)) == doubt


@pytest.mark.parametrize(
    ("box", "is_one"),
    [((50, 29, 62, 31), True), ((50, 2, 62, 4), False), ((0, 29, 12, 31), False), ((56, 20, 60, 40), False)],
    ids=["a dash", "dirt at the rule above", "a rule's rest at the edge", "upright"],
)
def test_one_dash_in_the_middle_of_a_cell_is_all_it_shows(box: tuple[int, int, int, int], is_one: bool) -> None:
    gray, black = ink(lambda pen: pen.rectangle(box, 0))
    assert is_dash(blobs_of(black, gray, 30), 60, 120) == is_one


def readings(monkeypatch: pytest.MonkeyPatch, *texts: str) -> None:
    """Each reading of a cell gives the next of these texts, line by line."""
    given = iter(texts)

    def read(pictures: list[cells.Gray]) -> list[Reading]:
        if not pictures:
            return []
        lines = next(given).split("\n")
        assert len(lines) == len(pictures)
        return [Reading(line, (), 0.97) for line in lines]

    monkeypatch.setattr(cells, "read_pictures", read)


def drawn(draw: Callable[[ImageDraw.ImageDraw], object], text: str) -> Piece:
    gray, black = ink(draw)
    return replace(piece(text, ""), picture=gray, ink=black)


def test_a_dash_that_networks_take_for_dots_is_a_dash(monkeypatch: pytest.MonkeyPatch) -> None:
    readings(monkeypatch, "•", ".", ",")
    (cell,) = read_again([drawn(lambda pen: pen.rectangle((50, 29, 62, 31), 0), "•")])
    assert (cell.text, cell.candidates) == ("—", ())


def test_a_sign_that_networks_take_for_a_point_is_a_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    def signed(pen: ImageDraw.ImageDraw) -> None:
        bars(pen)
        pen.rectangle((24, 29, 34, 31), 0)

    readings(monkeypatch, ".11", ".11", ".11")
    (cell,) = read_again([drawn(signed, "-11")])
    assert cell.text == "-11"


@pytest.mark.parametrize(("share", "text"), [(0.3, "11?.11"), (0.05, "11")])
def test_a_mark_before_the_digits_that_a_reading_half_saw_is_a_doubt(
    monkeypatch: pytest.MonkeyPatch, share: float, text: str
) -> None:
    seen = Reading("11", (), 0.99, ((".11", share),))
    monkeypatch.setattr(cells, "read_pictures", lambda pictures: [seen for _ in pictures])
    (cell,) = read_again([drawn(bars, "11")])
    assert cell.text == text


def test_the_page_does_not_outvote_the_lines_that_the_ink_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    readings(monkeypatch, "11\n1", "11\n1", "11\n1")
    (cell,) = read_again([drawn(two_lines, "11")])
    assert cell.text == "11\n1"


def test_a_comma_that_every_reading_takes_for_a_point_is_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def parted(pen: ImageDraw.ImageDraw) -> None:
        bars(pen)
        pen.rectangle((54, 37, 56, 44), 0)

    readings(monkeypatch, "1.1", "1.1", "1.1")
    (cell,) = read_again([drawn(parted, "1.1")])
    assert UNSURE in cell.text and cell.candidates == ("1.1",)


def test_readings_that_lose_a_full_width_point_give_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    readings(monkeypatch, "11", "11", "11")
    (cell,) = read_again([drawn(bars_apart(22), "1.1")])
    assert UNSURE in cell.text and set(cell.candidates) == {"1.1", "11"}


def test_a_number_without_its_speck_is_a_candidate(monkeypatch: pytest.MonkeyPatch) -> None:
    def speckled(pen: ImageDraw.ImageDraw) -> None:
        for left, top, right in ((30, 20, 36), (44, 37, 47), (52, 20, 58), (74, 20, 80)):
            pen.rectangle((left, top, right, 40), 0)

    readings(monkeypatch, "1.11", "1.11", "1.11")
    (cell,) = read_again([drawn(speckled, "1.11")])
    assert UNSURE in cell.text and cell.candidates == ("1.11", "111")


def test_a_number_with_a_digit_a_line_is_no_number_but_a_candidate(monkeypatch: pytest.MonkeyPatch) -> None:
    def stacked(pen: ImageDraw.ImageDraw) -> None:
        for top in (0, 21, 42):
            pen.rectangle((56, top, 60, top + 15), 0)

    readings(monkeypatch, "2\n3\n8", "2\n3\n8", "2\n3\n8")
    (cell,) = read_again([drawn(stacked, "2\n3\n8")])
    assert (cell.text, cell.candidates) == ("2\n3\n8", ("238",))


def test_a_number_behind_a_speck_is_a_candidate(monkeypatch: pytest.MonkeyPatch) -> None:
    def speckled(pen: ImageDraw.ImageDraw) -> None:
        bars(pen)
        pen.rectangle((34, 37, 37, 40), 0)

    readings(monkeypatch, ".11", ".11", ".11")
    (cell,) = read_again([drawn(speckled, ".11")])
    assert UNSURE in cell.text and cell.candidates == (".11", "11")


def test_words_below_each_other_are_words(monkeypatch: pytest.MonkeyPatch) -> None:
    readings(monkeypatch, "四方\n无法")
    (cell,) = read_again([drawn(two_lines, "")])
    assert (cell.text, cell.candidates) == ("四方\n无法", ())
