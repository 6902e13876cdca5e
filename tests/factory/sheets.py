"""Tables as they are drawn: boxes with spans, from which every writer prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from tests.factory import form as f


@dataclass(frozen=True, slots=True)
class Box:
    """A cell at its top left corner. `key` names the number that it shows; labels have none."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    key: f.Key | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    table: str
    row_count: int
    column_count: int
    boxes: tuple[Box, ...]
    header_rows: int = 0

    def rows(self) -> list[list[Box]]:
        """The boxes that begin in each row, left to right."""
        rows: list[list[Box]] = [[] for _ in range(self.row_count)]
        for box in sorted(self.boxes, key=lambda b: (b.row, b.column)):
            rows[box.row].append(box)
        return rows


Values = Mapping[f.Key, str]
Labels = Mapping[tuple[str, str], str]
"""Labels printed otherwise than on the form, by table and code (a row's, a column's, a group's official label)."""


def disclosure_sheet(values: Values, labels: Labels, form: str) -> Sheet:
    boxes: list[Box] = []
    row = 0
    for heading, columns, lines in f.DISCLOSURE[form]:
        boxes.append(Box(row, 0, heading, column_span=4))
        last = 4 - len(columns)
        boxes.append(Box(row + 1, 0, "信息内容"))
        boxes += [
            Box(
                row + 1, 1 + i, labels.get(("disclosure", code), text), column_span=last if i == len(columns) - 1 else 1
            )
            for i, (code, text) in enumerate(columns)
        ]
        row += 2
        for code, text in lines:
            boxes.append(Box(row, 0, labels.get(("disclosure", code), text)))
            for i, (column, _) in enumerate(columns):
                key = ("disclosure", code, column)
                span = last if i == len(columns) - 1 else 1
                boxes.append(Box(row, 1 + i, values[key], column_span=span, key=key))
            row += 1
    return Sheet("disclosure", row, 4, tuple(boxes))


def disclosure_blocks(values: Values, labels: Labels, form: str) -> tuple[Sheet, ...]:
    """Table two as one small table a block, as many sites print it."""
    whole = disclosure_sheet(values, labels, form)
    starts = [b.row for b in whole.boxes if b.text.startswith("第二十条")] + [whole.row_count]
    return tuple(
        Sheet(
            "disclosure",
            end - start,
            4,
            tuple(
                Box(b.row - start, b.column, b.text, b.row_span, b.column_span, b.key)
                for b in whole.boxes
                if start <= b.row < end
            ),
        )
        for start, end in pairwise(starts)
    )


def application_sheet(values: Values, labels: Labels, single_other: bool) -> Sheet:
    def named(code: str, official: str) -> str:
        return labels.get(("application", code), official)

    boxes = [
        Box(0, 0, named("corner", f.CORNER), 3, 3),
        Box(0, 3, "申请人情况", 1, 7),
        Box(1, 3, named("natural_person", "自然人"), 2, 1),
        Box(1, 4, "法人或其他组织", 1, 5),
        Box(1, 9, named("total", "总计"), 2, 1),
        *(Box(2, 4 + i, named(code, f.APPLICANTS[code])) for i, code in enumerate(f.PEOPLE[1:])),
    ]
    row = 3

    def numbers(code: str) -> None:
        for i, column in enumerate(f.APPLICANTS):
            key = ("application", code, column)
            if key in values:
                boxes.append(Box(row, 3 + i, values[key], key=key))

    def line(code: str, label: str, column: int, span: int) -> None:
        nonlocal row
        boxes.append(Box(row, column, named(code, label), column_span=span))
        numbers(code)
        row += 1

    line(*f.RECEIVED, 0, 3)
    line(*f.CARRIED_IN, 0, 3)
    groups = (*f.GROUPS, *(() if single_other else ((f.OTHER_GROUP, f.OTHER_ROWS),)))
    height = 3 + sum(len(rows) for _, rows in groups) + (1 if single_other else 0)
    boxes.append(Box(row, 0, f.RESULTS, height, 1))
    line(*f.GRANTED, 1, 2)
    line(*f.PARTLY, 1, 2)
    for group, rows in groups:
        boxes.append(Box(row, 1, named(group, group), len(rows), 1))
        for code, label in rows:
            line(code, label, 2, 1)
    if single_other:
        line("other", f.OTHER_GROUP, 1, 2)
    line(*f.PROCESSED, 1, 2)
    line(*f.CARRIED_OUT, 0, 3)
    return Sheet("application", row, 10, tuple(boxes), header_rows=3)


def review_sheet(values: Values) -> Sheet:
    boxes = [
        Box(0, 0, "行政复议", 1, 5),
        Box(0, 5, "行政诉讼", 1, 10),
        *(Box(1, i, text, 2, 1) for i, text in enumerate(f.REVIEW_RESULTS.values())),
        Box(1, 5, "未经复议直接起诉", 1, 5),
        Box(1, 10, "复议后起诉", 1, 5),
        *(Box(2, 5 + p * 5 + i, t) for p in range(2) for i, t in enumerate(f.REVIEW_RESULTS.values())),
    ]
    keys = [("review", row, column) for row in f.PROCEDURES for column in f.REVIEW_RESULTS]
    boxes += [Box(3, i, values[key], key=key) for i, key in enumerate(keys)]
    return Sheet("review", 4, 15, tuple(boxes), header_rows=3)


def review_blocks(values: Values) -> tuple[Sheet, ...]:
    """Table four as three small tables, one a procedure."""
    titles = ("行政复议", "行政诉讼（未经复议直接起诉）", "行政诉讼（复议后起诉）")
    return tuple(
        Sheet(
            "review",
            3,
            5,
            (
                Box(0, 0, title, 1, 5),
                *(Box(1, i, text) for i, text in enumerate(f.REVIEW_RESULTS.values())),
                *(
                    Box(2, i, values[("review", row, column)], key=("review", row, column))
                    for i, column in enumerate(f.REVIEW_RESULTS)
                ),
            ),
            header_rows=2,
        )
        for title, row in zip(titles, f.PROCEDURES, strict=True)
    )
