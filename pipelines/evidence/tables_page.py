"""Tables and lines as they were extracted, on one HTML page that needs nothing else: everything that the document says
is escaped, there are no scripts and no references."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator

from pipelines.evidence.marking import COLOURS, Mark, blocks_around, told
from pipelines.model import Cell, Document, Grid, GridCell, Paragraph, Report

MOST_ROWS = 400
"""Of a grid; of a larger one those around its marks are shown."""
AROUND = 40
MOST_BLOCKS = 3000

_WORD = re.compile(r"\S+")
_STYLE = """
body { font: 14px/1.5 system-ui, sans-serif; margin: 1.5em; color: #222; background: #fff; }
h1 { font-size: 1.2em; margin: 0 0 .2em; } .from { color: #666; margin: 0 0 1em; overflow-wrap: anywhere; }
table { border-collapse: collapse; margin: 1em 0; } td { border: 1px solid #999; padding: .25em .5em; }
td, p, .raw { white-space: pre-wrap; overflow-wrap: break-word; } td { max-width: 28em; } p { margin: .3em 0; }
td.hole { border-style: dotted; background: #f6f6f6; } caption { text-align: left; color: #666; }
.raw { font-family: monospace; border: 1px solid #999; padding: 0 .4em; }
.legend span { margin-right: 1em; padding: 0 .4em; }
.chosen { scroll-margin: 12em; outline: 4px solid #e0007a; outline-offset: -1px; font-weight: bold; }
"""
_STATUSES = "".join(
    f".{status} {{ box-shadow: inset 0 0 0 2px {colour}; background: {colour}22; }}\n"
    for status, colour in COLOURS.items()
)


def tables_page(document: Document, report: Report, marks: list[Mark], chosen: Cell | None, origin: str) -> str:
    """With `chosen` the table of that cell, or its line and those around it; else, or where
    it has none, the whole document."""
    blocks = (blocks_around(document, marks) if chosen else []) or list(document.blocks)
    body = [f"<h1>{_text(report.title or '')}</h1>", f'<p class="from">{_text(origin)}</p>']
    if chosen is not None:
        body.append(f'<p>{_text(told(chosen))}<br>raw: <span class="raw">{_text(chosen.raw)}</span></p>')
    else:
        legend = "".join(f'<span class="{status}">{status}</span>' for status in COLOURS)
        body.append(f'<p class="legend">{legend}</p>')
    body.extend(_block(block, marks) for block in blocks[:MOST_BLOCKS])
    if len(blocks) > MOST_BLOCKS:
        body.append(f"<p>… {len(blocks) - MOST_BLOCKS} lines and tables more</p>")
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!DOCTYPE html>\n<html lang="zh">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<title>{_text(origin)}</title>\n<style>{_STYLE}{_STATUSES}</style>\n</head>\n<body tabindex="0">\n'
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def _block(block: Grid | Paragraph, marks: Iterable[Mark]) -> str:
    if isinstance(block, Grid):
        return _grid(block, [m for m in marks if m.place.kind == "grid" and m.place.block == block.index])
    here = [m for m in marks if m.place.kind == "text" and m.place.block == block.index]
    return f"<p>{'<b>' if block.heading else ''}{_line(block, here)}{'</b>' if block.heading else ''}</p>"


def _line(block: Paragraph, marks: list[Mark]) -> str:
    """The line with its marked numbers; all of it is marked where a number cannot be told from others."""
    spans: dict[tuple[int, int], Mark] = {}
    for mark in marks:
        span = _span(block, mark)
        if span is None:
            return f"<span{_marked(mark)}>{_text(block.text)}</span>"
        spans[span] = mark
    parts: list[str] = []
    done = 0
    for (start, end), mark in sorted(spans.items(), key=lambda entry: entry[0]):
        if start >= done:
            parts += [_text(block.text[done:start]), f"<span{_marked(mark)}>{_text(block.text[start:end])}</span>"]
            done = end
    return "".join(parts) + _text(block.text[done:])


def _span(block: Paragraph, mark: Mark) -> tuple[int, int] | None:
    """Where in the line a number stands: places count its fields, or what stands between spaces and bars."""
    at, raw = mark.place.column, mark.cells[0].raw.strip()
    if len(block.fields) > 1 and at < len(block.fields) and block.fields[at].strip() == raw:
        found = _field(block, at)
        if found is not None:
            return found
    words = list(_WORD.finditer(block.text.replace("|", " ")))
    if at < len(words) and raw and raw in words[at][0]:
        return words[at].span()
    return None


def _field(block: Paragraph, at: int) -> tuple[int, int] | None:
    end = 0
    for number, part in enumerate(block.fields[: at + 1]):
        start = block.text.find(part.strip(), end)
        if start < 0:
            return None
        if number == at:
            return (start, start + len(part.strip())) if part.strip() else None
        end = start + len(part.strip())
    return None


def _grid(grid: Grid, marks: list[Mark]) -> str:
    by_cell = {mark.anchor or (mark.place.row, mark.place.column): mark for mark in marks}
    first, last = _window(grid, [row for row, _ in by_cell])
    caption = f"table {grid.index + 1}, {grid.row_count} rows"
    if (first, last) != (0, grid.row_count):
        caption += f", of which rows {first + 1} to {last}"
    rows = "\n".join(_rows(grid, first, last, by_cell))
    return f"<table>\n<caption>{caption}</caption>\n{rows}\n</table>"


def _window(grid: Grid, marked: list[int]) -> tuple[int, int]:
    if grid.row_count <= MOST_ROWS:
        return 0, grid.row_count
    first = max(min(marked, default=0) - AROUND, 0)
    return first, min(max(max(marked, default=0) + AROUND, first + AROUND), first + MOST_ROWS, grid.row_count)


def _rows(grid: Grid, first: int, last: int, marks: dict[tuple[int, int], Mark]) -> Iterator[str]:
    """Rows of the window; where the grid has no cell, a dotted one stands."""
    beginning: dict[int, list[GridCell]] = {}
    for cell in grid.cells:
        if cell.row < last and cell.row + cell.row_span > first:
            beginning.setdefault(max(cell.row, first), []).append(cell)
    covered: list[tuple[int, int, int]] = []  # from above: column, width, row after the last
    for row in range(first, last):
        covered = [span for span in covered if span[2] > row]
        here = sorted(beginning.get(row, ()), key=lambda cell: cell.column)
        parts: list[str] = []
        at = 0
        entries: list[tuple[int, int, GridCell | None]] = [(column, width, None) for column, width, _ in covered]
        entries += [(cell.column, cell.column_span, cell) for cell in here]
        for column, width, begun in sorted(entries, key=lambda entry: entry[0]):
            if column > at:
                parts.append(_hole(column - at))
            if begun is not None:
                height = min(begun.row + begun.row_span, last) - row
                parts.append(_cell(begun, height, marks.get((begun.row, begun.column))))
            at = max(at, column + width)
        if grid.column_count > at:
            parts.append(_hole(grid.column_count - at))
        covered += [(c.column, c.column_span, c.row + c.row_span) for c in here if c.row + c.row_span > row + 1]
        yield f"<tr>{''.join(parts)}</tr>"


def _cell(cell: GridCell, height: int, mark: Mark | None) -> str:
    spans = f' rowspan="{height}"' if height > 1 else ""
    spans += f' colspan="{cell.column_span}"' if cell.column_span > 1 else ""
    return f"<td{spans}{_marked(mark) if mark else ''}>{_text(cell.text)}</td>"


def _hole(width: int) -> str:
    return f'<td class="hole" colspan="{width}"></td>' if width > 1 else '<td class="hole"></td>'


def _marked(mark: Mark) -> str:
    chosen = " chosen" if mark.chosen else ""
    anchor = ' id="chosen"' if mark.chosen else ""
    return f'{anchor} class="{mark.status}{chosen}" title="{_text(mark.words)}"'


def _text(text: str) -> str:
    """To the letter, for HTML; what has no shape of its own or would turn the line about is named by its code."""
    return "".join(_letter(c) for c in html.escape(text))


def _letter(letter: str) -> str:
    if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp"):
        return letter
    return f"⟨U+{ord(letter):04X}⟩"
