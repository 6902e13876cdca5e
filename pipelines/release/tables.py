"""The warehouse's tables as files: Parquet of every table, CSV and XLSX of what spreadsheet users want."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import xlsxwriter  # type: ignore[import-untyped]

SPREADSHEETS = ("marts",)
"""Schemas whose tables and views are written as CSV and XLSX too."""
SHEET_ROWS = 1_048_575
"""Rows of a sheet below its header: the format's own limit."""
FETCHED = 10_000
FORMULA = r"^[=+\-@\t\r]"
"""What a spreadsheet takes for a formula when it opens a CSV file."""
CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"


@dataclass(frozen=True, slots=True)
class Written:
    """A file of one table, relative to the release's folder."""

    table: str
    file: str
    rows: int


def relations(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, bool]]:
    """Every table and view of the warehouse by its full name, and whether it is a view."""
    yield from connection.execute(
        "SELECT schema_name || '.' || table_name AS name, false FROM duckdb_tables() WHERE NOT internal UNION ALL "
        "SELECT schema_name || '.' || view_name, true FROM duckdb_views() WHERE NOT internal ORDER BY name"
    ).fetchall()


def write_parquet(connection: duckdb.DuckDBPyConnection, table: str, folder: Path) -> Written:
    """One file with all rows, types kept."""
    file = f"parquet/{table}.parquet"
    target = folder / file
    target.parent.mkdir(parents=True, exist_ok=True)
    rows = connection.execute(
        f"COPY (FROM {_quoted_name(table)}) TO {_literal(target)} (FORMAT parquet, COMPRESSION zstd)"
    ).fetchall()[0][0]
    return Written(table, file, rows)


def write_csv(connection: duckdb.DuckDBPyConnection, table: str, folder: Path) -> Written:
    """UTF-8 with a byte order mark, as spreadsheets need it. A text that a spreadsheet would run as a formula gets an
    apostrophe before it; control characters are shown as a replacement character; lists are joined by semicolons."""
    file = f"csv/{table}.csv"
    target = folder / file
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_suffix(".half")
    selected = ", ".join(f'{_shown(name, kind)} AS "{name}"' for name, kind in columns_of(connection, table))
    rows = connection.execute(
        f"COPY (SELECT {selected} FROM {_quoted_name(table)}) TO {_literal(half)} (FORMAT csv, HEADER)"
    ).fetchall()[0][0]
    with half.open("rb") as source, target.open("wb") as out:
        out.write(b"\xef\xbb\xbf")
        while block := source.read(2**20):
            out.write(block)
    half.unlink()
    return Written(table, file, rows)


def write_xlsx(connection: duckdb.DuckDBPyConnection, table: str, folder: Path, words: dict[str, str]) -> Written:
    """One workbook; a second row has each column's Chinese words (`words`). Texts are texts, whatever they look like;
    what does not fit on a sheet goes on to the next one."""
    file = f"xlsx/{table}.xlsx"
    target = folder / file
    target.parent.mkdir(parents=True, exist_ok=True)
    kinds = columns_of(connection, table)
    names = [name for name, _ in kinds]
    selected = ", ".join(_cell(name, kind) for name, kind in kinds)
    cursor = connection.cursor()
    cursor.execute(f"SELECT {selected} FROM {_quoted_name(table)}")
    written = 0
    book = xlsxwriter.Workbook(
        str(target), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    try:
        bold, grey = book.add_format({"bold": True}), book.add_format({"font_color": "#555555", "italic": True})
        sheet, row = None, 0
        while rows := cursor.fetchmany(FETCHED):
            for values in rows:
                if sheet is None or row > SHEET_ROWS:
                    sheet, row = _sheet(book, names, words, bold, grey), 2
                for column, value in enumerate(values):
                    if value is not None:
                        _write(sheet, row, column, value)
                row += 1
                written += 1
        if sheet is None:
            _sheet(book, names, words, bold, grey)
    finally:
        book.close()
    return Written(table, file, written)


def columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str]]:
    """Columns with their SQL types, in order."""
    return [(str(row[0]), str(row[1])) for row in connection.execute(f"DESCRIBE {_quoted_name(table)}").fetchall()]


def _sheet(book: xlsxwriter.Workbook, names: list[str], words: dict[str, str], bold: object, grey: object) -> object:
    sheet = book.add_worksheet()
    # Row by row: what is written to a row above the last one is lost.
    for column, name in enumerate(names):
        sheet.write_string(0, column, name, bold)
    for column, name in enumerate(names):
        sheet.write_string(1, column, words.get(name, ""), grey)
    sheet.freeze_panes(2, 0)
    return sheet


def _write(sheet: object, row: int, column: int, value: object) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)  # type: ignore[attr-defined]
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)  # type: ignore[attr-defined]
    else:
        sheet.write_string(row, column, str(value))  # type: ignore[attr-defined]


def _shown(name: str, kind: str) -> str:
    """What a CSV file is given: 12 for 12.000000, times as ISO 8601 has them."""
    column = _quoted(name)
    if kind.startswith("DECIMAL"):
        whole, exact = f"CAST(CAST({column} AS HUGEINT) AS VARCHAR)", f"rtrim(CAST({column} AS VARCHAR), '0')"
        return f"CASE WHEN {column} = trunc({column}) THEN {whole} ELSE {exact} END"
    if kind == "TIMESTAMP":
        return f"strftime({column}, '%Y-%m-%dT%H:%M:%SZ')"
    text = _as_text(column, kind)
    if text is None:
        return column
    clean = f"regexp_replace({text}, '{CONTROL}', '\ufffd', 'g')"
    return f"CASE WHEN regexp_matches({text}, '{FORMULA}') THEN '''' || {clean} ELSE {clean} END"


def _cell(name: str, kind: str) -> str:
    """What a workbook's cell is given: numbers as numbers, all else as text without control characters."""
    column = _quoted(name)
    if kind.startswith("DECIMAL"):
        return f"CAST({column} AS DOUBLE)"
    text = _as_text(column, kind)
    if text is not None:
        return f"regexp_replace({text}, '{CONTROL}', '\ufffd', 'g')"
    return column if kind in _NUMBERS else f"CAST({column} AS VARCHAR)"


_NUMBERS = {
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "DOUBLE",
    "FLOAT",
    "BOOLEAN",
}


def _as_text(column: str, kind: str) -> str | None:
    if kind == "VARCHAR":
        return column
    return f"array_to_string({column}, '；')" if kind == "VARCHAR[]" else None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _quoted_name(table: str) -> str:
    return ".".join(map(_quoted, table.split(".", 1)))


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
