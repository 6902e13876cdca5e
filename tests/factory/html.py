"""Reports as web pages: the table's markup, the paragraphs' markup, the page around them, the bytes' encoding."""

from __future__ import annotations

import functools
import random
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from opencc import OpenCC

from tests.factory import html_pages as pages
from tests.factory.report import Report
from tests.factory.sheets import Box, Sheet
from tests.factory.written import Written

TableWriter = Callable[[Sheet, random.Random], str]


def _spans(box: Box) -> str:
    row = f' rowspan="{box.row_span}"' if box.row_span > 1 else ""
    column = f' colspan="{box.column_span}"' if box.column_span > 1 else ""
    return row + column


def plain_table(sheet: Sheet, draw: random.Random) -> str:
    rows = ["<tr>" + "".join(f"<td{_spans(b)}>{escape(b.text)}</td>" for b in row) + "</tr>" for row in sheet.rows()]
    return '<table border="1">\n' + "\n".join(rows) + "\n</table>"


def _letters(text: str) -> str:
    """Word's paste: a span a character, some of them coloured."""
    return "".join(f'<span style="font-family:宋体">{escape(c)}</span>' for c in text)


def word_table(sheet: Sheet, draw: random.Random) -> str:
    rows = []
    for row in sheet.rows():
        cells = []
        for box in row:
            if box.key is None:
                inner = _letters(box.text)
            else:
                inner = f'<span lang="EN-US">{escape(box.text)}</span>' if box.text else ""
            cells.append(
                f'<td width="{42 * box.column_span}"{_spans(box)} style="border:solid windowtext 1.0pt">'
                f'<p class="MsoNormal" align="center">{inner}<o:p>&nbsp;</o:p></p></td>'
            )
        rows.append('<tr style="mso-yfti-irow:1;height:14.2pt">' + "".join(cells) + "</tr>")
    return (
        '<table class="MsoTableGrid" border="1" cellspacing="0" cellpadding="0"><tbody>'
        + "".join(rows)
        + "</tbody></table>"
    )


def wrong_rowspan_table(sheet: Sheet, draw: random.Random) -> str:
    """The rowspan of 三 is off by one or two, as on many real pages; the numbers still stand in order behind labels."""
    off = draw.choice((-2, -1, 1, 2))
    boxes = tuple(
        Box(b.row, b.column, b.text, b.row_span + off, b.column_span, b.key) if b.row_span > 15 else b
        for b in sheet.boxes
    )
    return plain_table(Sheet(sheet.table, sheet.row_count, sheet.column_count, boxes), draw)


def uneven_colspan_table(sheet: Sheet, draw: random.Random) -> str:
    """Header and data rows disagree about columns (A25): order maps numbers to headers, places do not."""
    if sheet.table != "disclosure":
        return wrong_rowspan_table(sheet, draw)
    rows = []
    for row in sheet.rows():
        data = any(b.key for b in row)
        wide = (len(row) - 1 if data else 1) if len(row) > 1 else 0
        cells = []
        for i, box in enumerate(row):
            span = 5 if len(row) == 1 else box.column_span + (1 if i == wide else 0)
            cells.append(f'<td colspan="{span}">{escape(box.text)}</td>')
        rows.append("<tr>" + "".join(cells) + "</tr>")
    return "<table>" + "".join(rows) + "</table>"


def hidden_table(sheet: Sheet, draw: random.Random) -> str:
    """Cells and rows that no reader of the page sees stand between those that he does."""
    rows = []
    for row in sheet.rows():
        cells = [f"<td{_spans(b)}>{escape(b.text)}</td>" for b in row]
        if any(b.key for b in row):
            cells.insert(draw.randint(1, len(cells)), '<td style="display:none">99</td>')
        rows.append("<tr>" + "".join(cells) + "</tr>")
    ghost = "<td>备注</td>" + "<td>77</td>" * (sheet.column_count - 1)
    rows.insert(len(rows) // 2, f'<tr style="display: none;">{ghost}</tr>')
    return "<table border=1>" + "".join(rows) + "</table>"


def unclosed_table(sheet: Sheet, draw: random.Random) -> str:
    """No end tags for rows and cells, unquoted attributes, upper case."""
    rows = []
    for row in sheet.rows():
        spans = [_spans(b).replace('"', "").upper() for b in row]
        rows.append("<TR>" + "\n".join(f"<TD{a}>{escape(b.text)}" for a, b in zip(spans, row, strict=True)))
    return "<TABLE BORDER=1>" + "\n".join(rows) + "</TABLE>"


def entity_table(sheet: Sheet, draw: random.Random) -> str:
    """Numbers in headings and bold type, line breaks inside labels, spaces and entities about them."""
    rows = []
    for row in sheet.rows():
        cells = []
        for box in row:
            text = escape(box.text)
            if box.key is None and len(text) > 8 and "&" not in text:
                middle = draw.randint(3, len(text) - 3)
                text = f"{text[:middle]}<br/>{text[middle:]}"
            elif box.key is not None:
                text = f"&nbsp;<strong>{''.join(f'&#{ord(c)};' for c in box.text)}</strong>\n  "
            tag = "th" if box.key is None else "td"
            cells.append(f"<{tag}{_spans(box)}>{text}</{tag}>")
        rows.append("<tr>\n" + "\n".join(cells) + "\n</tr>")
    return "<table><thead>" + rows[0] + "</thead><tbody>" + "\n".join(rows[1:]) + "</tbody></table>"


def tag_paragraph(text: str, part: str, draw: random.Random) -> str:
    if part == "title":
        return f'<h1 style="text-align:center">{escape(text)}</h1>'
    if part == "heading":
        return f"<p><strong>{escape(text)}</strong></p>"
    return f'<p style="text-indent:2em">{escape(text)}</p>'


def letter_paragraph(text: str, part: str, draw: random.Random) -> str:
    inner = _letters(text) if part != "text" else f'<span style="font-size:16.0pt">{escape(text)}</span>'
    return f'<p class="MsoNormal">{inner}<span lang="EN-US"><o:p></o:p></span></p>'


def break_paragraph(text: str, part: str, draw: random.Random) -> str:
    return f"&nbsp; &nbsp;{escape(text)}<br>\n"


def heading_paragraph(text: str, part: str, draw: random.Random) -> str:
    tag = {"title": "h2", "heading": draw.choice(("h2", "h3", "h4", "div"))}.get(part, "div")
    return f"<{tag}>　　{escape(text)}</{tag}>\n"


@dataclass(frozen=True, slots=True)
class Style:
    """How one family of pages is made. `encoding` are the bytes, `declared` what the page says of them."""

    table: TableWriter = plain_table
    paragraph: Callable[[str, str, random.Random], str] = tag_paragraph
    page: Callable[[Report, str, str], str] = pages.bare
    encoding: str = "utf-8"
    declared: str | None = "utf-8"
    split_disclosure: bool = False
    split_review: bool = False
    nested: bool = False
    traditional: bool = False


@functools.cache
def _traditional() -> OpenCC:
    return OpenCC("s2t")


def write_html(report: Report, draw: random.Random, style: Style) -> Written:
    """The report as one page in that style."""
    pieces = []
    for part, content in report.parts(style.split_disclosure, style.split_review):
        if isinstance(content, Sheet):
            table = style.table(content, draw)
            pieces.append(f"<table><tr><td>{table}</td></tr></table>" if style.nested else table)
        else:
            pieces.append(style.paragraph(content, part, draw))
    body = "\n".join(pieces)
    if style.nested:
        body = f'<table width="980"><tr><td width="20">&nbsp;</td><td>{body}</td></tr></table>'
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={style.declared}">' if style.declared else ""
    page = style.page(report, meta, body)
    if style.traditional:
        page = _traditional().convert(page)
    return Written(page.encode(style.encoding, errors="xmlcharrefreplace"), labels_whole=not style.traditional)


STYLES: dict[str, Style] = {
    "html": Style(),
    "html_word": Style(word_table, letter_paragraph, pages.word, "gb18030", "gb2312"),
    "html_trs": Style(plain_table, tag_paragraph, pages.trs),
    "html_wrong_rowspan": Style(wrong_rowspan_table, tag_paragraph, pages.trs, split_disclosure=True),
    "html_uneven": Style(uneven_colspan_table, heading_paragraph, pages.bare),
    "html_nested": Style(plain_table, tag_paragraph, pages.layout_table, nested=True),
    "html_hidden": Style(hidden_table, tag_paragraph, pages.trs),
    "html_unclosed": Style(unclosed_table, break_paragraph, pages.unclosed, "gbk", None),
    "html_entities": Style(entity_table, heading_paragraph, pages.bare, "gb18030", "utf-8"),
    "html_review3": Style(
        plain_table, heading_paragraph, pages.metadata_first, split_review=True, split_disclosure=True
    ),
    "html_utf16": Style(plain_table, letter_paragraph, pages.bare, "utf-16", "utf-16"),
    "html_traditional": Style(plain_table, tag_paragraph, pages.bare, traditional=True),
    "html_divs": Style(pages.div_table, heading_paragraph, pages.trs),
}
