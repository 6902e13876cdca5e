"""Tables on their side whose wrong spans have moved some labels or numbers are not read under the wrong ones."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from drawn import application_cells, application_grid, grid, read, reported

Row = list[str | tuple[str, int, int]]


def on_its_side(rows: list[Row]) -> list[Row]:
    """The same table with rows and columns exchanged."""
    drawn = grid(rows)
    sides: list[Row] = [[] for _ in range(drawn.column_count)]
    for one in sorted(drawn.cells, key=lambda c: c.row):
        sides[one.column].append((one.text, one.column_span, one.row_span))
    return sides


def respanned(rows: list[Row], text: str, across: int) -> None:
    """Gives the cell of that text another width."""
    for row in rows:
        for place, cell in enumerate(row):
            if isinstance(cell, tuple) and cell[0] == text:
                row[place] = text, cell[1], across


def narrow_group(rows: list[Row]) -> None:
    respanned(rows, "（六）其他处理", 2)


def wide_label(rows: list[Row]) -> None:
    respanned(rows, "2.重复申请", 3)


def wide_applicant_before_a_blank(rows: list[Row]) -> None:
    row = next(row for row in rows if ("法律服务机构", 1, 1) in row)
    respanned([row], "法律服务机构", 2)
    row[-1] = ("", 1, 1)


def group_reaching_down(rows: list[Row]) -> None:
    rows[1] = [("（三）不予公开", 4, cell[2]) if cell[0] == "（三）不予公开" else cell for cell in rows[1]]


def label_below_a_strange_one(rows: list[Row]) -> None:
    place = next(n for n, cell in enumerate(rows[0]) if cell[0] == "三、本年度办理结果")
    rows[0].insert(place, ("其中：网上申请", 1, 1))


def exchanged(rows: list[Row], one: str, other: str) -> None:
    """Gives the cells of these texts each other's."""
    texts = {one: other, other: one}
    for row in rows:
        row[:] = [(texts.get(cell[0], cell[0]), *cell[1:]) if isinstance(cell, tuple) else cell for cell in row]


def labels_exchanged(rows: list[Row]) -> None:
    exchanged(rows, "1.信访举报投诉类申请", "2.重复申请")


def groups_exchanged(rows: list[Row]) -> None:
    exchanged(rows, "（三）不予公开", "（四）无法提供")


@pytest.mark.parametrize(
    "damage",
    [
        narrow_group,
        wide_label,
        wide_applicant_before_a_blank,
        group_reaching_down,
        label_below_a_strange_one,
        labels_exchanged,
        groups_exchanged,
    ],
)
def test_labels_or_numbers_out_of_place_leave_the_table_unread(damage: Callable[[list[Row]], None]) -> None:
    rows = on_its_side(application_grid())
    assert reported(read([grid(rows)])) == application_cells()
    damage(rows)
    tables = read([grid(rows)])
    assert reported(tables) == {}
    assert {"table_unknown", "row_unread"} <= {issue.code for issue in tables.issues}


def test_labels_in_one_row_may_stand_in_any_order() -> None:
    rows = application_grid()[3:]
    flat: list[Row] = [["项目", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]]
    flat += [[next(c[0] for c in row[-8:-7]), *row[-7:]] for row in rows]
    flat[3], flat[4] = flat[4], flat[3]
    assert reported(read([grid(on_its_side(flat))])) == application_cells()
