"""A reading as one line of JSON, as VOCABULARY declares it; numbers are exact."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from json.encoder import encode_basestring

from pipelines.model import FiledReport, Flag, Issue, Reading

Json = str | int | float | Decimal | bool | None | Mapping[str, "Json"] | Iterable["Json"]

_SURROGATES = re.compile("[\ud800-\udfff]")


def json_line(reading: Reading, flags: Iterable[Flag] = ()) -> str:
    """One report, or one refusal with `error` set; without the line's end."""
    return encode(_report(reading, flags) if isinstance(reading, FiledReport) else _refusal(reading))


def encode(value: Json) -> str:
    """JSON text. A Decimal is a number, digit by digit; bytes of a name that are no text are escaped surrogates."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return _SURROGATES.sub(lambda half: f"\\u{ord(half[0]):04x}", encode_basestring(value))
        case Decimal():
            return f"{value.to_integral_value() if value == value.to_integral_value() else value:f}"
        case int() | float():
            return repr(value)
        case Mapping():
            return "{" + ", ".join(f"{encode(key)}: {encode(item)}" for key, item in value.items()) + "}"
    return "[" + ", ".join(map(encode, value)) + "]"


def _report(filed: FiledReport, flags: Iterable[Flag]) -> dict[str, Json]:
    report, agency = filed.report, filed.agency
    return {
        "path": filed.snapshot.source.path,
        "title": report.title,
        "agency": report.agency,
        "division": agency.division if agency else None,
        "year": report.year,
        "form": report.form,
        "cells": [
            {"table": c.table, "row": c.row, "column": c.column, "value": c.value, "status": c.status, "raw": c.raw}
            for c in report.cells
        ],
        "claims": [
            {"kind": c.kind, "scope": c.scope, "value": c.value, "approximate": c.approximate, "quote": c.quote}
            for c in report.claims
        ],
        "flags": [_flag(flag) for flag in flags],
        "error": None,
        "seconds": round(filed.seconds, 6),
        "report_id": filed.report_id,
        "format": filed.format,
        "agency_id": agency.agency_id if agency else None,
        "agency_name": agency.name if agency else None,
        "year_source": report.year_source,
        "published": report.published.isoformat() if report.published else None,
        "tables": {table.table: table.state for table in report.tables},
        "issues": [_issue(issue) for issue in (*report.issues, *filed.issues)],
    }


def _refusal(refusal: Reading) -> dict[str, Json]:
    assert not isinstance(refusal, FiledReport)
    unknown: dict[str, Json] = dict.fromkeys(("title", "agency", "division", "year", "form"))
    return {
        "path": refusal.snapshot.source.path,
        **unknown,
        "cells": [],
        "claims": [],
        "flags": [],
        "error": {"code": refusal.issue.code, "message": refusal.issue.message},
        "seconds": round(refusal.seconds, 6),
        "format": refusal.format,
    }


def _flag(flag: Flag) -> dict[str, Json]:
    return {
        "rule": flag.rule,
        "severity": flag.severity,
        "outcome": flag.outcome,
        "cells": flag.cells,
        "expected": flag.expected,
        "observed": flag.observed,
        "message": flag.message,
        "cause": flag.cause,
    }


def _issue(issue: Issue) -> dict[str, Json]:
    return {"code": issue.code, "message": issue.message, "where": issue.where}
