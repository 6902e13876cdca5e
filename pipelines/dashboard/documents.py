"""Documents to take away: the very bytes that a report was read from, never shown by the browser itself."""

from __future__ import annotations

import re
import tempfile
import threading

import flask

from pipelines.dashboard.store import NoWarehouse, Store
from pipelines.discovery import Unopenable, read_bytes_of
from pipelines.evidence.finding import NoEvidence, wanted
from pipelines.paths import DataHome

SUFFIXES = {"text": "txt", "image": "img", "markdown": "md"}
"""Of formats whose name is no suffix, for documents that have none."""

_TURN = threading.Lock()
"""A document is in memory as a whole until it is written to a file: one at a time."""
_SUFFIX = re.compile(r"\.([A-Za-z0-9]{1,5})$")


def add_documents(server: flask.Flask, store: Store, home: DataHome) -> None:
    """Answers `/document/<report_id>` with the bytes as an attachment."""

    def document(report_id: str) -> flask.Response:
        try:
            row = store.row("SELECT source, sha256, format FROM dims.report WHERE report_id = ?", [report_id])
            if row is None:
                return _words(f"The warehouse knows no report {report_id!r:.60}.", 404)
            with _TURN:
                data, snapshot = read_bytes_of(wanted(report_id, home).source)
                if snapshot.sha256 != row["sha256"]:
                    return _words(f"The file has changed since {report_id} was read from it.", 409)
                # It has no name, and goes when the answer that sends it closes it.
                file = tempfile.TemporaryFile(prefix="gongkai-document-")  # noqa: SIM115
                file.write(data)
        except NoWarehouse as error:
            return _words(str(error), 503)
        except NoEvidence as error:
            return _words(str(error), 404)
        except Unopenable as error:
            return _words(f"{error} ({error.issue.code})", 404)
        file.seek(0)
        named = _SUFFIX.search(str(row["source"]))
        suffix = named[1] if named else SUFFIXES.get(row["format"], row["format"])
        response = flask.send_file(
            file, "application/octet-stream", as_attachment=True, download_name=f"{report_id}.{suffix}"
        )
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response

    server.add_url_rule("/document/<report_id>", "document", document)


def _words(message: str, status: int) -> flask.Response:
    return flask.Response(message, status=status, mimetype="text/plain")
