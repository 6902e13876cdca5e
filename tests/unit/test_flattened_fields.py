"""Fields of flattened tables that are none of their values: around a row, and in headers that converters made up."""

import pytest
from drawn import lines, read, reported

LEAF = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
FIFTEEN = [str(60 + 7 * i) for i in range(15)]


@pytest.mark.parametrize(
    ("before", "behind"),
    [("", "\t"), ("\t", ""), ("\t", "\t"), ("", "\t\t")],
)
@pytest.mark.parametrize("blank", [1, 4, 9, 13])
def test_fields_around_the_fifteen_of_table_four_are_none_of_its_values(before, behind, blank):
    values = [*FIFTEEN[:blank], "", *FIFTEEN[blank + 1 :]]
    rows = ["\t".join(LEAF * 3), before + "\t".join(values) + behind]
    tables = read(lines(rows), "review")
    assert [c.raw for c in tables.cells if c.table == "review"] == values


@pytest.mark.parametrize("blank", [0, 14])
def test_a_blank_at_an_end_of_table_four_is_in_doubt_where_more_fields_are_blank(blank):
    values = [*FIFTEEN[:blank], "", *FIFTEEN[blank + 1 :]]
    assert not reported(read(lines(["\t".join(LEAF * 3), "\t" + "\t".join(values) + "\t"]), "review"), "review")


def test_headers_that_a_converter_made_up_do_not_part_a_row_from_its_header():
    rows = [
        "信息内容 本年制发件数 本年废止件数 现行有效件",
        "项目\t数据1\t数据2\t数据3",
        "规章\t31\t32\t33",
        "项目\t数据1\t数据2\t数据3",
        "行政规范性文件\t34\t35\t36",
    ]
    tables = read(lines(rows), "disclosure")
    assert sorted(reported(tables, "disclosure").values()) == ["31", "32", "33", "34", "35", "36"]
    assert [label.printed for label in tables.labels if label.altered] == ["现行有效件"]
