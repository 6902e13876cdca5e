"""Pages as browsers show them: spans, hidden parts, encodings of tables, layout against data, hostile markup."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.extract import Unreadable, extract
from pipelines.extract.spans import Spanning, place
from pipelines.model import Document, Grid, Paragraph
from tests.processor_time import at_most


def page(body: str, head: str = "") -> Document:
    return extract(f"<!doctype html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>".encode())


def grids(document: Document) -> list[Grid]:
    return [block for block in document.blocks if isinstance(block, Grid)]


def lines(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def shown(grid: Grid) -> list[tuple[int, int, int, int, str]]:
    return [(c.row, c.column, c.row_span, c.column_span, c.text) for c in grid.cells]


def codes(document: Document) -> set[str]:
    return {issue.code for issue in document.issues}


def test_spans_push_later_cells_to_the_right() -> None:
    (grid,) = grids(page("<table><tr><td rowspan=2>a<td colspan=2>b<tr><td>11<td>12<tr><td>c<td>13<td>14</table>"))
    assert shown(grid) == [
        (0, 0, 2, 1, "a"),
        (0, 1, 1, 2, "b"),
        (1, 1, 1, 1, "11"),
        (1, 2, 1, 1, "12"),
        (2, 0, 1, 1, "c"),
        (2, 1, 1, 1, "13"),
        (2, 2, 1, 1, "14"),
    ]
    assert (grid.row_count, grid.column_count) == (3, 3)


@pytest.mark.parametrize(
    ("attribute", "span"),
    [
        ("rowspan=0", 3),
        ("rowspan=99999999999", 3),
        ("rowspan='2 '", 2),
        ("rowspan=2.9", 2),
        ("rowspan=-2", 1),
        ("rowspan=x", 1),
        ("rowspan=''", 1),
    ],
)
def test_row_spans_as_the_standard_reads_them(attribute: str, span: int) -> None:
    (grid,) = grids(page(f"<table><tr><td {attribute}>a<td>21<tr><td>22<td>23<tr><td>24<td>25</table>"))
    assert grid.cells[0].row_span == span


@pytest.mark.parametrize(
    ("attribute", "span"), [("colspan=0", 1), ("colspan=2x", 2), ("colspan=-3", 1), ("colspan", 1)]
)
def test_column_spans_as_the_standard_reads_them(attribute: str, span: int) -> None:
    (grid,) = grids(page(f"<table><tr><td {attribute}>a<td>31<tr><td>32<td>33<td>34</table>"))
    assert grid.cells[0].column_span == span


def test_a_row_span_ends_with_its_row_group() -> None:
    (grid,) = grids(
        page("<table><tbody><tr><td rowspan=9>a<td>41<tr><td>42</tbody><tbody><tr><td>b<td>43</tbody></table>")
    )
    assert shown(grid)[0] == (0, 0, 2, 1, "a")
    assert shown(grid)[-2:] == [(2, 0, 1, 1, "b"), (2, 1, 1, 1, "43")]


def test_overlapping_cells_are_cut_short_and_keep_their_followers_places() -> None:
    (grid,) = grids(page("<table><tr><td>a<td rowspan=2>b<td>c<tr><td colspan=2>d<td>51</table>"))
    assert shown(grid) == [
        (0, 0, 1, 1, "a"),
        (0, 1, 2, 1, "b"),
        (0, 2, 1, 1, "c"),
        (1, 0, 1, 1, "d"),
        (1, 2, 1, 1, "51"),
    ]


def test_a_title_over_a_thousand_columns_does_not_widen_the_grid() -> None:
    (grid,) = grids(page("<table><tr><td colspan=1000>t<tr><td>a<td>61<tr><td>b<td>62</table>"))
    assert grid.column_count == 2
    assert grid.cells[0].column_span == 2


def test_head_comes_first_and_foot_last_however_written() -> None:
    (grid,) = grids(
        page(
            "<table><tfoot><tr><td>f<td>71</tfoot><tbody><tr><td>b<td>72</tbody><thead><tr><td>h<td>73</thead></table>"
        )
    )
    assert [cell.text for cell in grid.cells] == ["h", "73", "b", "72", "f", "71"]


def test_unclosed_tags_and_a_table_without_rows_or_bodies() -> None:
    (grid,) = grids(page("<table><tr><td>a<td>81<tr><td>b<td>82<p>c</table>"))
    assert [cell.text for cell in grid.cells] == ["a", "81", "b", "82\nc"]


cells = st.tuples(st.integers(0, 5), st.integers(1, 5))


@given(st.lists(st.lists(cells, max_size=5), min_size=1, max_size=7))
@settings(max_examples=200, deadline=None)
def test_placed_cells_never_overlap_and_none_is_lost(rows: list[list[tuple[int, int]]]) -> None:
    names = iter(range(10_000))
    spanning = [[Spanning(next(names), down, across) for down, across in row] for row in rows]
    layout = place([spanning])
    covered: set[tuple[int, int]] = set()
    for cell in layout.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                assert (row, column) not in covered
                assert row < layout.row_count and column < layout.column_count
                covered.add((row, column))
    assert [cell.content for cell in layout.cells] == [cell.content for row in spanning for cell in row]


@given(st.lists(st.lists(cells, min_size=2, max_size=5), min_size=2, max_size=6))
@settings(max_examples=60, deadline=None)
def test_every_cell_of_a_page_is_shown_once(rows: list[list[tuple[int, int]]]) -> None:
    number = iter(range(101, 10_000))
    markup = "".join(
        "<tr>" + "".join(f"<td rowspan={down} colspan={across}>{next(number)}</td>" for down, across in row)
        for row in rows
    )
    (grid,) = grids(page(f"<table>{markup}</table>"))
    written = sum(len(row) for row in rows)
    assert [cell.text for cell in sorted(grid.cells, key=lambda cell: int(cell.text))] == [
        str(n) for n in range(101, 101 + written)
    ]
    assert list(grid.cells) == sorted(grid.cells, key=lambda cell: (cell.row, cell.column))


@pytest.mark.parametrize(
    "hidden",
    [
        '<td style="display:none">9</td>',
        '<td style="DISPLAY : none !important">9</td>',
        "<td hidden>9</td>",
        '<td class="gone">9</td>',
        '<td id="gone">9</td>',
    ],
)
def test_a_cell_that_is_not_displayed_takes_no_place(hidden: str) -> None:
    style = "<style>/* x */ .gone, #gone { display: none } @media print { td { display: none } }</style>"
    document = page(f"<table><tr><td>a</td>{hidden}<td>91</td></tr><tr><td>b</td><td>92</td></tr></table>", style)
    (grid,) = grids(document)
    assert [(c.column, c.text) for c in grid.cells] == [(0, "a"), (1, "91"), (0, "b"), (1, "92")]
    assert codes(document) == {"hidden_text"}


@pytest.mark.parametrize(
    "style",
    [
        "visibility:hidden",
        "font-size:0",
        "font-size:0px",
        "opacity:0",
        "position:absolute;left:-9999px",
        "text-indent:-9999px",
        "height:0;overflow:hidden",
    ],
)
def test_text_that_cannot_be_seen_is_not_read_but_keeps_its_cell(style: str) -> None:
    document = page(f'<table><tr><td>a<td style="{style}">9<td>93<tr><td>b<td>94<td>95</table>')
    (grid,) = grids(document)
    assert [c.text for c in grid.cells] == ["a", "", "93", "b", "94", "95"]
    assert codes(document) == {"hidden_text"}


def test_what_is_shown_again_inside_a_hidden_part_is_read() -> None:
    (grid,) = grids(
        page(
            '<table style="font-size:0"><tr><td style="font-size:14px">a<td style="visibility:hidden">'
            '9<span style="visibility:visible;font-size:1rem">96</span></table>'
        )
    )
    assert [c.text for c in grid.cells] == ["a", "96"]


def test_a_rule_loses_against_a_heavier_one_and_against_the_element_itself() -> None:
    style = "<style>td.x{display:none} .y td.x{display:table-cell} td.z{display:none}</style>"
    body = '<table class=y><tr><td class=x>97<td class=z style="display:table-cell">98<td class=z>9</table>'
    (grid,) = grids(page(body, style))
    assert [c.text for c in grid.cells] == ["97", "98"]


def test_what_browsers_do_not_show_is_not_read() -> None:
    document = page(
        "<p>a<script>document.write(1)</script><template>2</template><noscript>3</noscript><!--4--></p>"
        "<!--[if gte mso 9]><p>5</p><![endif]--><![if !mso]><p>b</p><![endif]>"
        "<p><ruby>c<rp>(</rp><rt>d</rt><rp>)</rp></ruby></p>"
    )
    assert lines(document) == ["a", "b", "c"]


def test_empty_looking_cells_are_empty() -> None:
    (grid,) = grids(
        page("<table><tr><td>a<td>&nbsp;<td><o:p>&nbsp;</o:p><td>&#8203;<td>\u3000<td><p> </p><br><td>5</table>")
    )
    assert [c.text for c in grid.cells] == ["a", "", "", "", "", "", "5"]


def test_a_number_over_several_elements_stays_together() -> None:
    (grid,) = grids(
        page("<table><tr><td><p>a<span>b</span><br>c</p><div>d</div><td><b>1</b><span>0</span><i>7</i></table>")
    )
    assert [c.text for c in grid.cells] == ["ab\nc\nd", "107"]


@pytest.mark.parametrize("tag", ["sup", "sub"])
def test_a_small_note_mark_does_not_become_part_of_a_number(tag: str) -> None:
    document = page(f"<table><tr><td>a<td>5<{tag}>1</{tag}><td><{tag}>108</{tag}></table>")
    assert [c.text for c in grids(document)[0].cells] == ["a", "5", "108"]
    assert codes(document) == {"note_mark_dropped"}


def test_fields_of_forms_show_their_values() -> None:
    (grid,) = grids(
        page(
            '<table><tr><td>a<td><input value="109"><input type=hidden value=9>'
            "<td><select><option>9<option selected>110</select></table>"
        )
    )
    assert [c.text for c in grid.cells] == ["a", "109", "110"]


def test_a_layout_table_is_walked_in_order() -> None:
    inner = "<table><tr><td>a<td>111<tr><td>b<td>112</table>"
    document = page(
        f"<table><tr><td>title</td></tr><tr><td><table><tr><td width=9>&nbsp;<td><p>before</p>{inner}<p>after</p>"
        "</td></tr></table></td></tr></table>"
    )
    kinds = [block.text if isinstance(block, Paragraph) else [c.text for c in block.cells] for block in document.blocks]
    assert kinds == ["title", "before", ["a", "111", "b", "112"], "after"]


def test_a_data_table_with_an_inner_table_keeps_both() -> None:
    inner = "<table><tr><td>i<td>113</table>"
    rows = "".join(f"<tr><td>label number {n} of the outer table<td>{n}<td>{n + 10}<td>x{n}" for n in range(200, 205))
    document = page(f"<table>{rows}<tr><td>last row of the outer table<td>{inner}<td>119<td>120</table>")
    outer, within = grids(document)
    assert [c.text for c in outer.cells[-4:]] == ["last row of the outer table", "i\t113", "119", "120"]
    assert [c.text for c in within.cells] == ["i", "113"]


def test_prose_and_tables_inside_one_great_table_come_apart() -> None:
    prose = "a sentence of the report that says something at length. " * 12
    document = page(
        f"<table><tr><td colspan=3>title</td></tr><tr><td colspan=3>{prose}</td></tr>"
        "<tr><td colspan=3>heading</td></tr>"
        "<tr><td>a<td>121<td>122<tr><td>b<td>123<td>124</table>"
    )
    assert [line[:10] for line in lines(document)] == ["title", "a sentence", "heading"]
    assert [c.text for c in grids(document)[0].cells] == ["a", "121", "122", "b", "123", "124"]


FLEX = "<style>.tb{display:table}.tr{display:flex}.td{border:1px solid}</style>"


def test_flex_rows_are_a_table_whose_widths_place_the_columns() -> None:
    row = (
        '<div class=tr><div class=td style="width:{}%">{}</div>'
        + '<div class=td style="width:20%">{}</div>' * 3
        + "</div>"
    )
    document = page(
        "<p>before</p><div class=tb><div class=tr><div class=td style='width:100%'>banner</div></div>"
        + row.format(40, "h", "a", "b", "c")
        + row.format(40, "r", 131, "", 133)
        + "</div><p>after</p>",
        FLEX,
    )
    (grid,) = grids(document)
    assert shown(grid) == [
        (0, 0, 1, 4, "banner"),
        *((1, n, 1, 1, text) for n, text in enumerate("habc")),
        (2, 0, 1, 1, "r"),
        (2, 1, 1, 1, "131"),
        (2, 2, 1, 1, ""),
        (2, 3, 1, 1, "133"),
    ]
    assert lines(document) == ["before", "after"]


def test_a_box_beside_a_stack_of_rows_spans_them() -> None:
    def box(width: int, content: str) -> str:
        return f"<div class=td style='width:{width}%'>{content}</div>"

    def row(*boxes: str) -> str:
        return f"<div class=tr>{''.join(boxes)}</div>"

    stack = row(box(50, "y"), box(50, "134")) + row(box(50, "z"), box(50, "135"))
    document = page(f"<div class=tb>{row(box(60, 'h'), box(40, 'v'))}{row(box(20, 'x'), box(80, stack))}</div>", FLEX)
    assert shown(grids(document)[0]) == [
        (0, 0, 1, 2, "h"),
        (0, 2, 1, 1, "v"),
        (1, 0, 2, 1, "x"),
        (1, 1, 1, 1, "y"),
        (1, 2, 1, 1, "134"),
        (2, 1, 1, 1, "z"),
        (2, 2, 1, 1, "135"),
    ]


def test_flex_rows_without_a_table_around_them_and_grids_and_table_boxes() -> None:
    flex = "".join(
        f"<div style='display:flex'><div>{a}</div><div>{b}</div></div>\n" for a, b in (("a", 136), ("b", 137))
    )
    grid = (
        "<div style='display:grid;grid-template-columns:repeat(2,1fr)'>"
        "<b style='grid-column:span 2'>t</b><i>c</i><i>138</i><i>d</i><i></i></div>"
    )
    style = "<style>.r{display:table-row}.c{display:table-cell}</style>"
    boxes = "".join(f"<div class=r><i class=c>{a}</i><i class=c>{b}</i></div>" for a, b in (("e", 139), ("f", 140)))
    document = page(f"<p>x</p>{flex}<p>y</p>{grid}<div style='display:table'>{boxes}</div>", style)
    assert [[c.text for c in found.cells] for found in grids(document)] == [
        ["a", "136", "b", "137"],
        ["t", "c", "138", "d", ""],
        ["e", "139", "f", "140"],
    ]
    assert lines(document) == ["x", "y"]


def test_empty_boxes_of_a_drawn_row_keep_their_places_without_a_cell_style() -> None:
    row = "<div style='display:table-row'><div class=c>e</div><div class=c></div><div class=c>141</div></div>"
    rows = f"<div style='display:table'>{row}</div><table><tr><td>f</td><div></div><td>142</td></tr></table>"
    document = page(f"<p>x</p>{rows}")
    assert [[c.text for c in found.cells] for found in grids(document)] == [["e", "", "141"], ["f", "142"]]


def test_lists_of_links_are_dropped_and_sentences_with_links_stay() -> None:
    items = "".join(
        f'<li><a href="{y}.html">report of the year {y}</a><span>{y}-01-12</span></li>' for y in range(2017, 2021)
    )
    document = page(f"<div><ul>{items}</ul></div><p>see <a href=x>the notice</a> for more</p>")
    assert lines(document) == ["see the notice for more"]


def test_a_table_of_numbers_is_never_taken_for_a_list_of_links() -> None:
    cells_ = "".join(f"<tr><td><a href={n}>row {n}</a><td>{n}<td>{n + 1}<td>{n + 2}" for n in range(300, 360, 10))
    (grid,) = grids(page(f"<table>{cells_}</table>"))
    assert len(grid.cells) == 24


def test_headings_breaks_and_preformatted_lines() -> None:
    document = page("<h2>head</h2><p>one<br>two</p><pre>a\t141\t\nb  142</pre>")
    blocks = [block for block in document.blocks if isinstance(block, Paragraph)]
    assert [(b.text, b.heading) for b in blocks][:3] == [("head", True), ("one", False), ("two", False)]
    assert [b.fields for b in blocks[3:]] == [("a", "141", ""), ("b", "142")]


def test_gaps_between_elements_are_one_space_and_part_no_fields() -> None:
    (block,) = page("<p>some <b> words </b> here</p>").blocks
    assert isinstance(block, Paragraph)
    assert block.fields == ("some words here",)


def test_metadata() -> None:
    document = page(
        '<div class="position">Home &gt; Reports</div><p>x</p>',
        "<title>The  report_Site</title><meta name=ArticleTitle content='The report'>"
        "<meta name=PubDate content='2024-1-9 10:00'><meta name=author content=Someone>"
        "<meta name=ContentSource content=Bureau><meta name=SiteName content=Site>"
        "<meta name=ColumnName content=Reports>",
    )
    assert document.metadata == {
        "title": "The report_Site",
        "article_title": "The report",
        "published": "2024-01-09",
        "publisher": "Bureau",
        "site": "Site",
        "column": "Reports",
        "breadcrumb": "Home > Reports",
    }


def test_what_may_hold_numbers_and_is_not_read_is_an_issue() -> None:
    document = page(
        '<p>x</p><iframe src="file:///etc/passwd"></iframe><img src=t.png alt="table 3"><a href="table.xls">table</a>'
        "<img src=i.gif width=16><object data=t.pdf></object>"
    )
    assert codes(document) == {"embedded_document", "image_in_document", "attachment_in_document"}
    assert sum(issue.code == "image_in_document" for issue in document.issues) == 1
    assert lines(document) == ["x", "table"]


@pytest.mark.parametrize(
    ("markup", "code"),
    [
        ("<div>" * 20_000 + "x", "too_deep"),
        ("<table><tr><td>" * 7_000 + "x", "too_deep"),
        ("<table><tr><td>" * 100 + "x", "too_deep"),
        ("".join(f"<b id={n}>" for n in range(3_000)) + "<p>x" * 3_000, "too_deep"),
        ("<a>" * 10_000_000, "too_large"),
        ("<p " + " ".join(f"a{n}=1" for n in range(300_000)) + ">" + "<p>x" * 1_000, "too_large"),
        ("<table>" + "<tr><td rowspan=60000 colspan=1000>x" * 3_000 + "</table>", "too_large"),
        ("<div><span></div>" * 20_000 + "<p>y", "too_deep"),
        ("x" * 30_000_000, "too_large"),
        ("<p hidden>x", "empty"),
        ("<script>render()</script>", "empty"),
    ],
)
def test_hostile_pages_are_refused_in_bounded_time(markup: str, code: str) -> None:
    with at_most(8), pytest.raises(Unreadable) as refusal:
        page(markup)
    assert refusal.value.issue.code == code


@pytest.mark.parametrize(
    ("selector", "is_hidden"),
    [
        ("td.x", True),
        (".outer .inner td", True),
        (".outer > table td.x", True),
        ("body .outer table.inner > tbody > tr > td", True),
        ("td:nth-child(2)", True),
        ("td[class=x]", True),
        (".outer > td", False),
        (".inner .outer td", False),
        ("td.x.y", False),
        ("td:hover", False),
        ("p ~ td", False),
    ],
)
def test_selectors(selector: str, is_hidden: bool) -> None:
    body = "<p>z</p><div class=outer><table class=inner><tr><td>a<td class=x>9<td>151<tr><td>b</table></div>"
    document = page(body, f"<style>{selector} {{display:none}} p {{color:red}}</style>")
    assert ("9" in [c.text for grid in grids(document) for c in grid.cells]) is not is_hidden


def test_rules_that_would_take_too_long_are_an_issue() -> None:
    style = "<style>" + ".a .b p{display:none}" * 300 + "</style>"
    with at_most(20):
        document = page("<div class=a>" * 1_900 + "<p>x</p>" * 30_000, style)
    assert codes(document) == {"styles_not_followed"}


def test_figures_struck_out_or_white_on_white_are_not_read_into_their_neighbours() -> None:
    document = page(
        "<table><tr><td>规章</td><td>41<s>7</s></td><td><del>8</del>52</td>"
        '<td>63<span style="text-decoration: line-through">9</span></td></tr>'
        '<tr><td>收费</td><td>74<span style="color: #FFF">1</span></td><td><font color="white">2</font>85</td>'
        '<td style="background: navy; color: white">96</td></tr>'
        '<tr style="color: white"><td>名称</td><td>数量</td><td>件数</td><td bgcolor="#000080">97</td></tr></table>'
    )
    assert [cell.text for cell in grids(document)[0].cells] == [
        *("规章", "41", "52", "63"),
        *("收费", "74", "85", "96"),
        *("名称", "数量", "件数", "97"),
    ]
    assert codes(document) == {"hidden_text"}
