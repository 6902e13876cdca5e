"""The one spelling of an address, so that a page that is named in several ways is fetched and kept once."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

URL_CHARACTERS = 2048

_PORTS = {"http": 80, "https": 443}
_INDEX = re.compile(r"/index\.s?html?$", re.IGNORECASE)
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|sid)=[^/?#;]*", re.IGNORECASE)
_SESSION_IN_QUERY = re.compile(r"(?:jsessionid|phpsessid|aspsessionid\w*|sessionid|session_id)=", re.IGNORECASE)
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_DROPPED = re.compile(r"[\x00-\x1f\x7f]")
_SAFE = "!$&'()*+,;=:@/%-._~"


def canonical(url: str) -> str | None:
    """The address without what does not change the page: case of scheme and host, the scheme's own port, the fragment,
    a session's id; with `.` and `..` resolved, and escaped the same way everywhere. `index.html` stays: this is the
    address that is asked for, and not every server has that page at its folder's.

    None where it is none of http or https, carries a user, or is longer than a server would take. The scheme is kept:
    whether a host speaks both, an address does not say.
    """
    if len(url) > URL_CHARACTERS:
        return None
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
        name = host.rstrip(".").encode("idna").decode("ascii").lower() if host and ":" not in host else host
    except (ValueError, UnicodeError):
        return None
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not name or parts.username is not None or parts.password is not None:
        return None
    shown = f"[{name}]" if ":" in name else name
    place = shown if port is None or port == _PORTS[scheme] else f"{shown}:{port}"
    path = _SESSION_IN_PATH.sub("", urlsplit(urljoin("http://h/", parts.path or "/")).path)
    query = "&".join(part for part in parts.query.split("&") if part and not _SESSION_IN_QUERY.match(part))
    found = urlunsplit((scheme, place, _escaped(path), _escaped(query, "?"), ""))
    return found if len(found) <= URL_CHARACTERS else None


def same_page(url: str) -> str:
    """A canonical address without `index.html` at its end: addresses that are equal so are taken for one page, and the
    first of them that is met is the one asked for."""
    return url if "?" in url else _INDEX.sub("/", url)


def resolved(base: str, reference: str) -> str | None:
    """The canonical address of a link as a page prints it, None for what leads nowhere (`javascript:`, `data:`, `#`).

    A link to the page's own host in the other of http and https takes the page's: it is the one known to answer.
    """
    printed = _DROPPED.sub("", reference[: URL_CHARACTERS + 1]).strip().replace("\\", "/")
    if not printed or printed.startswith("#"):
        return None
    try:
        found = canonical(urljoin(base, printed))
        page, link = urlsplit(base), urlsplit(found or "")
    except ValueError:
        return None
    if found is None or page.scheme not in _PORTS:
        return found
    plain = page.port in (None, _PORTS[page.scheme]) and link.port is None
    return f"{page.scheme}{found[len(link.scheme) :]}" if plain and page.hostname == link.hostname else found


def target_of(url: str) -> str:
    """The path with its query: what a family's patterns look at."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _escaped(text: str, more: str = "") -> str:
    return _ESCAPE.sub(lambda found: found[0].upper(), quote(text, safe=_SAFE + more))
