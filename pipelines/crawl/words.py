"""Outcomes and their reasons in words, for who has to do something about them."""

from __future__ import annotations

_LOOSEN = "if the site is known to be so, its card may say `tls: unverified`"

WORDS = {
    "malformed": "it is no address",
    "scheme": "only http and https are asked for",
    "credentials": "the address holds a user's name",
    "host": "the card does not name its host",
    "spelling": "its host is an address that is spelled oddly",
    "private": "its host is not of the public web",
    "robots": "the host's robots.txt forbids it",
    "robots_unknown": "the host could not say what its robots.txt allows, so it is left alone for this run",
    "robots_blocked": "the host walls off its robots.txt, so it is left alone for this run",
    "timeout": "no whole answer in time",
    "unresolved": "the host's name is not known",
    "connection_refused": "nothing listens there",
    "connection_lost": "the connection was lost",
    "wrong_length": "fewer bytes came than were announced",
    "damaged": "the body cannot be unpacked",
    "too_large": "the body is larger than is taken",
    "empty": "the body is empty",
    "tls_failed": f"no encrypted connection that is safe could be agreed on; {_LOOSEN}",
    "certificate_untrusted": f"the host's certificate has run out, is self-signed, or its chain has a gap; {_LOOSEN}",
    "certificate_name": f"the host's certificate is for another name; {_LOOSEN}",
    "redirect_loop": "it leads back to itself",
    "too_many_redirects": "it leads on and on",
    "too_many_requests": "the source wants more requests than one run may make",
    "host_walled": "the host answered only with walls, and is left alone for this run",
    "host_silent": "the host gave no answer several times, and is left alone for this run",
    "host_wants_rest": "the host asks to be left alone for longer than a run waits",
    "forbidden": "the host forbids it",
    "login": "the host wants a login",
    "legal": "the host may not give it, for reasons of law",
    "cookie_script": "a wall that wants a browser's script to be run",
    "challenge": "a wall that wants proof of a person",
    "needs_browser": "only a browser shows it",
    "render_timeout": "the browser did not show it in time",
    "render_failed": "the browser could not show it",
}


def said(outcome: str, reason: str | None) -> str:
    """`failed, timeout (no whole answer in time)`; a reason without words (`http_500`) stands alone."""
    words = f" ({WORDS[reason]})" if reason in WORDS else ""
    return f"{outcome}, {reason}{words}" if reason else outcome
