"""The pages of the last release, as it made them: Great Expectations' Data Docs, the dictionary, the notes."""

from __future__ import annotations

from pathlib import Path

import flask

from pipelines.paths import DataHome
from pipelines.release.versions import pointed_at

POLICY = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
DATA_DOCS = "data-docs/index.html"
DICTIONARY = "dictionary.html"
NOTES = "notes.html"


def add_release_files(server: flask.Flask, home: DataHome) -> None:
    """Answers `/release/<path>` from the newest release below `home.releases`, without letting a page run anything."""

    def file(path: str) -> flask.Response:
        folder = last_release(home)
        if folder is None:
            flask.abort(404)
        response = flask.send_from_directory(folder, path)
        response.headers["Content-Security-Policy"] = POLICY
        return response

    server.add_url_rule("/release/<path:path>", "release", file)


def last_release(home: DataHome) -> Path | None:
    """The folder that `nightly` names, else `latest`; None where nothing was released."""
    return pointed_at(home.releases, "nightly") or pointed_at(home.releases, "latest")


def released_page(home: DataHome, page: str) -> str | None:
    """The address of a page of the last release; None where it has none."""
    folder = last_release(home)
    return f"/release/{page}" if folder is not None and (folder / page).is_file() else None
