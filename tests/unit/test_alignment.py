"""Values under headers of other spans: as many cells as columns decide, unless a blank may be a filler."""

from pipelines.model import Place
from pipelines.read.alignment import align
from pipelines.read.findings import Printed
from pipelines.read.numbers import read_number

HEADERS = [(1, 2), (2, 3), (3, 5)]
PLACES = [(1, 3), (3, 4), (4, 5)]


def row(*texts):
    printed = [Printed(read_number(t), t, Place("grid", 0, 0, n)) for n, t in enumerate(texts)]
    return [(p, *span) for p, span in zip(printed, PLACES, strict=True)]


def test_three_numbers_under_three_headers_are_taken_in_order():
    placed = align(row("41", "52", "63"), HEADERS)
    assert placed is not None
    assert [p.raw for p in placed] == ["41", "52", "63"]


def test_a_blank_at_either_end_leaves_the_row_in_doubt():
    assert align(row("", "52", "63"), HEADERS) is None
    assert align(row("41", "52", ""), HEADERS) is None


def at(texts, places):
    printed = [Printed(read_number(t), t, Place("grid", 0, 0, n)) for n, t in enumerate(texts)]
    return [(p, *span) for p, span in zip(printed, places, strict=True)]


def raws(placed):
    return placed and [p.raw for p in placed]


def test_rows_shifted_as_a_whole_keep_their_blanks():
    headers, places = [(1, 2), (2, 3), (3, 4)], [(2, 3), (3, 4), (4, 5)]
    assert raws(align(at(["", "52", "63"], places), headers)) == ["", "52", "63"]
    assert align(at(["", "52", "63"], places), [None, (2, 3), (3, 4)]) is None


def test_a_stroke_beyond_the_last_header_is_no_value_and_a_number_there_is_a_doubt():
    headers = [(1, 2), (2, 3)]
    assert raws(align(at(["41", "52", "/"], [(1, 2), (2, 3), (3, 4)]), headers)) == ["41", "52"]
    assert align(at(["41", "52", "63"], [(1, 2), (2, 3), (3, 4)]), headers) is None


def test_an_empty_cell_beside_a_number_under_one_header_may_be_the_value():
    assert align(at(["", "52"], [(1, 3), (3, 5)]), [(1, 5)]) is None
    assert raws(align(at(["", "52"], [(1, 2), (2, 5)]), [(2, 5)])) == ["52"]
