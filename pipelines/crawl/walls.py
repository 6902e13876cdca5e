"""Walls: answers that want a browser, a person or another country. They are known by their marks and never worked
around."""

from __future__ import annotations

import re
from collections.abc import Mapping

_STATUSES = {401: "login", 403: "forbidden", 412: "cookie_script", 451: "legal", 521: "cookie_script"}
_JSL = re.compile(rb"__jsl_clearance")
_CHALLENGE = re.compile(
    rb"cf-chl-|_cf_chl_opt|/_Incapsula_Resource|\$_ts\s*=\s*window|aliyun_waf|acw_sc__v2", re.IGNORECASE
)
_SETS_COOKIE = re.compile(rb"document\s*\.\s*cookie\s*=")
_TAGS_AND_SCRIPTS = re.compile(rb"<(script|style|noscript)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.IGNORECASE | re.DOTALL)

SCRIPT_PAGE_BYTES = 4096
"""A page that only sets a cookie has a few hundred bytes; walls with a program of their own a few thousand."""
MARKED_PAGE_BYTES = 64 * 1024
"""No page of a site's own that holds a report names a wall's script within so few bytes."""


def wall(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """Why an answer is a wall, None where it is none: `forbidden`, `login`, `legal`, `cookie_script`, `challenge`.

    Header names are in lower case.
    """
    if "cf-mitigated" in headers:
        return "challenge"
    head = body[:MARKED_PAGE_BYTES]
    if _JSL.search(head) or "__jsl_clearance" in headers.get("set-cookie", ""):
        return "cookie_script" if status != 200 or len(body) <= MARKED_PAGE_BYTES else None
    if status in _STATUSES:
        return _STATUSES[status]
    if len(body) <= MARKED_PAGE_BYTES and _CHALLENGE.search(body):
        return "challenge"
    if status == 200 and len(body) <= SCRIPT_PAGE_BYTES and _SETS_COOKIE.search(body) and not _says_anything(body):
        return "cookie_script"
    return None


def _says_anything(page: bytes) -> bool:
    return bool(_TAGS_AND_SCRIPTS.sub(b"", page).strip())
