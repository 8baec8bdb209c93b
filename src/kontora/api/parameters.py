"""Parameters of a request, from the query and from a form: one value each, and real text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import unquote_to_bytes

from kontora.errors import InvalidParameter, InvalidSince

MOST_PARAMETERS = 100
YEARS_BACK = 5

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def parse_form(encoded: bytes) -> dict[str, list[str]]:
    """Read `application/x-www-form-urlencoded`, also a query string: the values of each name, in order.

    Raises: InvalidParameter, if something is not UTF-8 text, or holds NUL.
    """
    found: dict[str, list[str]] = {}
    pairs = [pair for pair in encoded.split(b"&") if pair]
    if len(pairs) > MOST_PARAMETERS:
        raise InvalidParameter(f"There are more than {MOST_PARAMETERS} parameters.")
    for pair in pairs:
        name, _, value = pair.partition(b"=")
        found.setdefault(_text(name), []).append(_text(value))
    return found


def _text(encoded: bytes) -> str:
    try:
        text = unquote_to_bytes(encoded.replace(b"+", b" ")).decode()
    except UnicodeDecodeError as error:
        raise InvalidParameter("The parameters are not UTF-8 text. Percent-encode them as UTF-8.") from error
    if "\0" in text:
        raise InvalidParameter("A parameter holds the character NUL. Remove it.")
    return text


@dataclass(frozen=True, slots=True)
class Parameters:
    """What was sent. `in_query`: the names that stood in the URL. `repr` shows no value.

    What nobody asks for is ignored; what is asked for must have one value, or the same in URL and body.
    """

    values: Mapping[str, str]
    in_query: frozenset[str] = frozenset()
    repeated: frozenset[str] = frozenset()
    conflicting: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return f"Parameters({sorted(self.values)})"

    @classmethod
    def of(cls, query: bytes, form: bytes) -> Parameters:
        """Join query and form.

        Raises: InvalidParameter, if they are not text.
        """
        return cls.joined(parse_form(query), parse_form(form))

    @classmethod
    def joined(cls, from_query: Mapping[str, list[str]], from_form: Mapping[str, list[str]]) -> Parameters:
        """Join what stands in the URL and in the body, each name with all its values."""
        return cls(
            values={name: values[0] for name, values in {**from_query, **from_form}.items()},
            in_query=frozenset(from_query),
            repeated=frozenset(
                name for sent in (from_query, from_form) for name, values in sent.items() if len(values) > 1
            ),
            conflicting=frozenset(
                name for name in from_query.keys() & from_form.keys() if from_query[name] != from_form[name]
            ),
        )

    def optional(self, name: str) -> str | None:
        """Return a value, or `None`.

        Raises: InvalidParameter, if there is more than one.
        """
        if name in self.repeated:
            raise InvalidParameter(f"Parameter {name} is given more than once. Send it once.")
        if name in self.conflicting:
            raise InvalidParameter(f"Parameter {name} differs between the URL and the body. Send it once.")
        return self.values.get(name)

    def required(self, name: str) -> str:
        """Return a value.

        Raises: InvalidParameter, if it is missing or empty.
        """
        value = self.optional(name)
        if not value:
            raise InvalidParameter(f"Parameter {name} is missing.")
        return value

    def flag(self, name: str, default: bool) -> bool:
        """Return a boolean: `true` or `false`, whatever the case."""
        value = self.optional(name)
        if value is None:
            return default
        if value.lower() not in {"true", "false"}:
            raise InvalidParameter(f"Parameter {name} must be true or false.")
        return value.lower() == "true"

    def word(self, name: str, longest: int) -> str:
        """Return a required value of printable characters, outer spaces dropped."""
        value = self.required(name).strip()
        if not value or len(value) > longest or not value.isprintable():
            raise InvalidParameter(f"Parameter {name} must be 1 to {longest} printable characters.")
        return value


def parse_since(text: str | None, now: datetime) -> date | None:
    """Read `since`; `None` where it is not given.

    `now` is UTC; it is tomorrow already in Warsaw, Prague and Madrid two hours before.
    Raises: InvalidSince, if it is not a day, in the future, or more than five years ago.
    """
    if text is None:
        return None
    if not _DAY.fullmatch(text):
        raise InvalidSince("Parameter since must be a day such as 2026-01-31.")
    try:
        since = date.fromisoformat(text)
    except ValueError as error:
        raise InvalidSince("Parameter since is a day that does not exist.") from error
    today = (now + timedelta(hours=2)).date()
    if since > today:
        raise InvalidSince("Parameter since is in the future. Give today or a day before.")
    if since < _years_before(today, YEARS_BACK):
        raise InvalidSince("Parameter since is more than five years ago. Banks do not go back that far.")
    return since


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
