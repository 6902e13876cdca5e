"""Takes the verdicts that people send from the page of a report."""

from __future__ import annotations

from urllib.parse import urlsplit

import flask

from pipelines.dashboard.request import address
from pipelines.dashboard.store import NoWarehouse, Store
from pipelines.dashboard.verdicts import LONGEST, BadVerdict
from pipelines.dashboard.words import Language, say

_FLAG = """
SELECT expected, observed FROM quality.flag
WHERE report_id = ? AND rule = ? AND instance = ? AND outcome = 'broken'
"""


def add_verdict_forms(server: flask.Flask, store: Store, *, write: bool) -> None:
    """Answers the buttons: `POST /verdict/<report_id>?rule=&instance=`. Without `write` nothing is ever taken."""

    def verdict(report_id: str) -> flask.Response:
        asked, sent = flask.request.args, flask.request.form
        language: Language = "en" if asked.get("lang") == "en" else "zh"
        if not write:
            return _words(say("verdict.refused", language), 403)
        if not _from_here(flask.request):
            return _words(say("verdict.elsewhere", language), 403)
        flag = (report_id, asked.get("rule", ""), asked.get("instance", ""))
        try:
            row = store.row(_FLAG, flag)
            if row is None:
                return _words(say("verdict.gone", language), 409)
            by = sent.get("by", "")[:LONGEST]
            store.verdicts.give(flag, (row["expected"], row["observed"]), sent.get("verdict", ""), by)
        except NoWarehouse as error:
            return _words(str(error), 503)
        except BadVerdict as error:
            return _words(str(error), 400)
        except OSError as error:
            return _words(f"{store.verdicts.path} cannot be written: {error.strerror or error}.", 500)
        answer = flask.Response(status=303)
        answer.headers["Location"] = address(f"/report/{report_id}", {}, language)
        return answer

    server.add_url_rule("/verdict/<report_id>", "verdict", verdict, methods=["POST"])


def _from_here(request: flask.Request) -> bool:
    """Whether a page of ours sent it: another site's form must not give verdicts in somebody's name. Browsers say where
    a form was sent from."""
    origin = request.headers.get("Origin", "")
    return (
        urlsplit(origin).netloc == request.host
        and request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    )


def _words(message: str, status: int) -> flask.Response:
    return flask.Response(message, status=status, mimetype="text/plain")
