"""Words of a picture's lines, placed by their ink: gaps of columns, signs, dirt, type sizes. Letters are drawn as
squares and digits as bars, so that no network is asked."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from pipelines.extract.scan import PACKAGES, can_recognise

if not can_recognise():
    pytest.skip(f"the optional packages {', '.join(PACKAGES)} are not installed", allow_module_level=True)

from pipelines.extract.scan.networks import Gray
from pipelines.extract.scan.recognise import Reading
from pipelines.extract.scan.words import UNREAD, words

SIZE = 22
SHARE = 0.7
TOP = 40
Box = tuple[float, float, float, float]


def page(*inked: tuple[int, int, int, int]) -> Gray:
    """Ink in these boxes (left, top, right, bottom)."""
    ink: Gray = np.zeros((200, 700), dtype=np.uint8)
    for left, top, right, bottom in inked:
        ink[top:bottom, left:right] = 255
    return ink


def letters(left: int, count: int, top: int = TOP) -> list[tuple[int, int, int, int]]:
    """Full-width letters side by side, a little apart."""
    return [(left + SIZE * i + 1, top, left + SIZE * (i + 1) - 1, top + SIZE - 1) for i in range(count)]


def digit(left: int, top: int = TOP + 3) -> tuple[int, int, int, int]:
    return (left, top, left + 9, top + 16)


def line(text: str, places: list[float], left: float, right: float, top: float = TOP - 6.0) -> tuple[Box, Reading]:
    """A line as the network finds it, generously, each letter at its place."""
    centres = tuple((place - left) / (right - left) for place in places)
    return (left, top, right, top + 34.0), Reading(text, centres, 0.99)


def placed(ink: Gray, *lines: tuple[Box, Reading]) -> list[tuple[str, Box]]:
    boxes, readings = words(np.array([box for box, _ in lines]), [reading for _, reading in lines], ink, SHARE)
    found = [(box[0], box[1], box[2], box[3]) for box in boxes.tolist()]
    return [(reading.text, box) for reading, box in zip(readings, found, strict=True)]


@pytest.mark.parametrize(("gap", "parts"), [(4, ["甲乙丙丁"]), (11, ["甲乙", "丙丁"])])
def test_a_line_is_parted_where_columns_leave_a_gap(gap: int, parts: list[str]) -> None:
    """The network sees one line, and its letters six pixels too far to the right."""
    first, second = letters(50, 2), letters(50 + 2 * SIZE + gap, 2)
    places = [(left + right) / 2 + 6 for left, _, right, _ in first + second]
    found = placed(page(*first, *second), line("甲乙丙丁", places, 40, 170))
    assert [text for text, _ in found] == parts
    assert (found[0][1][0], found[-1][1][2]) == (first[0][0], second[-1][2])
    assert all(a[2] < b[0] for (_, a), (_, b) in pairwise(found))


def test_numbers_of_two_columns_are_no_number() -> None:
    found = placed(page(digit(50), digit(61), digit(90)), line("312", [54, 66, 95], 44, 105))
    assert [(text, box[0], box[2]) for text, box in found] == [("31", 50, 70), ("2", 90, 99)]


def test_a_sign_parts_no_words_by_the_room_that_it_takes() -> None:
    first, second = letters(50, 2), letters(50 + 3 * SIZE, 2)
    comma = (97, TOP + 15, 100, TOP + 21)
    found = placed(page(*first, comma, *second), line("甲乙，丙丁", [61, 83, 99, 127, 149], 40, 170))
    assert [text for text, _ in found] == ["甲乙，丙丁"]


def test_dirt_beside_a_word_is_none_of_it() -> None:
    speck, other = (38, TOP + 8, 42, TOP + 12), (104, TOP + 4, 108, TOP + 8)
    found = placed(page(speck, *letters(50, 2), other), line("·甲乙，", [40, 61, 83, 106], 30, 120))
    assert [(text, box[0], box[2]) for text, box in found] == [("甲乙", 51, 93)]


def test_a_sign_at_the_foot_stays() -> None:
    comma = (100, TOP + 15, 104, TOP + 21)
    ((text, _),) = placed(page(*letters(50, 2), comma), line("甲乙，", [61, 83, 102], 40, 120))
    assert text == "甲乙，"


def test_a_speck_alone_is_no_text() -> None:
    found = placed(
        page((300, TOP, 304, TOP + 4), *letters(50, 4)),
        line("•", [302], 295, 310, TOP - 3),
        line("甲乙丙丁", [61, 83, 105, 127], 40, 145),
    )
    assert [text for text, _ in found] == ["甲乙丙丁"]


def test_ink_as_high_as_letters_in_which_none_was_read_leaves_a_mark() -> None:
    found = placed(page(*letters(50, 2), digit(140)), line("甲乙", [61, 83], 40, 160))
    assert [(text, box[0]) for text, box in found] == [("甲乙", 51), (UNREAD, 140)]


def test_all_of_a_row_stands_at_one_height_and_is_of_one_size() -> None:
    """Digits are less high than letters, and the page measures those that are few by those that are many."""
    row = [line("甲乙丙丁", [61, 83, 105, 127], 40, 145), line("7", [304], 290, 320), line("4", [405], 390, 420)]
    found = placed(page(*letters(50, 4), digit(300), (400, TOP + 2, 409, TOP + 19)), *row)
    heights = {(round(top, 3), round(bottom, 3)) for _, (_, top, _, bottom) in found}
    assert len(heights) == 1
    ((top, bottom),) = heights
    assert (bottom - top) * SHARE == pytest.approx(SIZE, rel=0.05)
    assert (top + bottom) / 2 == pytest.approx(TOP + 10.5, abs=0.6)


def test_lines_close_below_each_other_keep_their_own_ink() -> None:
    """A box that reaches into the next line does not make the letters of both one."""
    upper, lower = letters(50, 3), letters(50, 3, TOP + 30)
    found = placed(
        page(*upper, *lower),
        ((40.0, TOP - 8.0, 130.0, TOP + 34.0), Reading("甲乙丙", (0.23, 0.48, 0.72), 0.99)),
        ((40.0, TOP + 22.0, 130.0, TOP + 58.0), Reading("丁戊己", (0.23, 0.48, 0.72), 0.99)),
    )
    middles = [(top + bottom) / 2 for _, (_, top, _, bottom) in found]
    assert middles == pytest.approx([TOP + 10.5, TOP + 40.5], abs=0.6)
