"""Lists to take away: all rows of a list, as the address narrows and sorts it, as CSV or XLSX."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

import flask

from pipelines.dashboard.listing import Listing
from pipelines.dashboard.request import parsed_query
from pipelines.dashboard.store import NoWarehouse, Store, open_warehouse
from pipelines.dashboard.words import say
from pipelines.release.tables import write_csv, write_xlsx

AT_ONCE = 2
"""Downloads that are written at one time; each has a database in memory of its own, and others wait."""
ROWS = 500_000
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

_TURN = threading.BoundedSemaphore(AT_ONCE)


def add_downloads(server: flask.Flask, store: Store, listings: Mapping[str, Listing]) -> None:
    """Answers `/download/<list>.<csv or xlsx>?<filters>`."""

    def download(name: str, kind: str) -> flask.Response:
        listing = listings.get(name)
        if listing is None or kind not in KINDS:
            flask.abort(404)
        query, language = parsed_query(flask.request.query_string.decode("utf-8", "replace"))
        with _TURN, tempfile.TemporaryDirectory(prefix="gongkai-download-") as folder:
            try:
                file = _written(listing, kind, query, store, Path(folder))
            except NoWarehouse as error:
                return flask.Response(str(error), status=503, mimetype="text/plain")
            except TooMany as error:
                message = say("list.too_many", language, total=error.total, rows=ROWS)
                return flask.Response(message, status=413, mimetype="text/plain")
            # The file is open before its folder goes: its bytes stay until they are sent.
            return flask.send_file(file.open("rb"), KINDS[kind], as_attachment=True, download_name=f"{name}.{kind}")

    server.add_url_rule("/download/<name>.<kind>", "download", download)


class TooMany(Exception):
    """More rows than are given away at once."""

    def __init__(self, total: int) -> None:
        super().__init__(total)
        self.total = total


def _written(listing: Listing, kind: str, query: Mapping[str, str], store: Store, folder: Path) -> Path:
    """The list as a file. The escaping is the release's: formulas and control characters are text."""
    columns = listing.shown()
    sql, values = listing.selection(query, columns)
    table = f"main.{listing.name}"
    with open_warehouse(store.path, store.verdicts) as connection:
        connection.execute("USE warehouse")
        total = connection.execute(f"SELECT count(*) FROM ({sql})", values).fetchall()[0][0]
        if total > ROWS:
            raise TooMany(total)
        connection.execute(f'CREATE TABLE memory.main."{listing.name}" AS {sql}', values)
        connection.execute("USE memory")
        if kind == "csv":
            written = write_csv(connection, table, folder)
        else:
            words = {column.name: say(column.word, "zh") for column in columns}
            written = write_xlsx(connection, table, folder, words)
    return folder / written.file
