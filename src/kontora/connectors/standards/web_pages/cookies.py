"""The cookies of a web bank: small data, kept in the sealed access between steps."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import msgspec
from yarl import URL

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}", re.ASCII)
_VALUE = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e\"]{0,4096}", re.ASCII)
_MOST = 50


class Cookie(msgspec.Struct, frozen=True, omit_defaults=True):
    """One cookie of one host, for paths that begin with `path`."""

    name: str
    value: str
    host: str
    path: str = "/"


Jar = tuple[Cookie, ...]


def header_of(jar: Jar, url: str) -> dict[str, str]:
    """Return the header Cookie for a request, or nothing. Source: RFC 6265, 5.4."""
    asked = URL(url, encoded=True)
    fitting = [one for one in jar if one.host == asked.host and _covers(one.path, asked.raw_path)]
    fitting.sort(key=lambda one: -len(one.path))
    return {"Cookie": "; ".join(f"{one.name}={one.value}" for one in fitting)} if fitting else {}


def kept(jar: Jar, set_cookies: Iterable[str], url: str, now: datetime) -> Jar:
    """Return the cookies after an answer; what has ended is taken out, what is malformed is passed over.

    A cookie stays with the host that set it, whatever domain it asks for. Source: RFC 6265, 5.2 and 5.3.
    """
    asked = URL(url, encoded=True)
    cookies = {(one.name, one.host, one.path): one for one in jar}
    for line in set_cookies:
        pair, *rest = line.split(";")
        name, _, value = (part.strip() for part in pair.partition("="))
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
            continue
        told = {key.strip().lower(): text.strip() for key, _, text in (part.partition("=") for part in rest)}
        path = told.get("path", "")
        if not path.startswith("/"):
            path = asked.raw_path.rpartition("/")[0] or "/"
        key = (name, asked.host or "", path)
        cookies.pop(key, None)
        if not _has_ended(told, now):
            cookies[key] = Cookie(name, value, asked.host or "", path)
    return tuple(cookies.values())[-_MOST:]


def merged(current: Jar, before: Jar, after: Jar) -> Jar:
    """Return the cookies that are in use now, with what one answer changed: answers may cross each other."""
    gone = {
        (one.name, one.host, one.path) for one in (*before, *after) if one not in before or one not in after
    }
    changed = tuple(one for one in after if one not in before)
    return (*(one for one in current if (one.name, one.host, one.path) not in gone), *changed)


def _covers(path: str, asked: str) -> bool:
    return asked == path or (asked.startswith(path) and (path.endswith("/") or asked[len(path)] == "/"))


def _has_ended(told: dict[str, str], now: datetime) -> bool:
    age = told.get("max-age")
    if age is not None and age.lstrip("-").isdigit():
        return int(age[:18]) <= 0
    try:
        ends_at = parsedate_to_datetime(told["expires"])
    except (KeyError, ValueError, TypeError):
        return False
    return (ends_at if ends_at.tzinfo else ends_at.replace(tzinfo=UTC)) <= now
