"""Objects from outside against a description: read whole, or everything that is wrong, each by its path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

T = TypeVar("T", bound=msgspec.Struct)
Complaint = tuple[str, str]
"""A path in the body, such as `accounts[0].iban`, and what is wrong there: a sentence without the value."""

MOST_COMPLAINTS = 10_000
MOST_DIGITS = 15
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_MONEY = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def converted(value: object, kind: type[T]) -> T | tuple[Complaint, ...]:
    """Return the object that a parsed JSON value describes, or all complaints, at least one.

    Numbers are money: two decimals and fifteen digits at most.
    """
    found: list[Complaint] = []
    for complaint in _complaints(value, _described(kind), ""):
        if len(found) == MOST_COMPLAINTS:
            found.append(("", f"There are more than {MOST_COMPLAINTS} mistakes; the rest is not listed."))
            break
        found.append(complaint)
    return tuple(found) or msgspec.convert(value, kind)


@cache
def _described(kind: type[msgspec.Struct]) -> inspect.Type:
    return inspect.type_info(kind)


def _complaints(value: Any, kind: inspect.Type, path: str) -> Iterator[Complaint]:
    if isinstance(kind, inspect.UnionType):
        if value is not None:
            yield from _complaints(value, kind.types[0], path)
    elif isinstance(kind, inspect.Metadata):
        told = (kind.extra_json_schema or {}).get("description")
        for where, sentence in _complaints(value, kind.type, path):
            yield where, sentence if told is None else f"{sentence} {told}"
    elif isinstance(kind, inspect.StructType):
        yield from _of_object(value, kind, path)
    elif isinstance(kind, inspect.VarTupleType):
        yield from _of_list(value, kind, path)
    elif (wrong := _wrong(value, kind)) is not None:
        yield path, wrong


def _of_object(value: Any, kind: inspect.StructType, path: str) -> Iterator[Complaint]:
    if not isinstance(value, dict):
        yield path, "It must be an object."
        return
    known = {field.encode_name: field for field in kind.fields}
    for name, field in known.items():
        if name in value:
            yield from _complaints(value[name], field.type, below(path, name))
        elif field.required:
            yield below(path, name), "It is missing."
    for name in value if kind.forbid_unknown_fields else ():
        if name not in known:
            shown = name if _NAME.fullmatch(name) else "(a name that is not shown)"
            yield below(path, shown), f"There is no such field. Fields here: {', '.join(known)}."


def _of_list(value: Any, kind: inspect.VarTupleType, path: str) -> Iterator[Complaint]:
    if not isinstance(value, list):
        yield path, "It must be an array."
        return
    if kind.max_length is not None and len(value) > kind.max_length:
        yield path, f"There are more than {kind.max_length}."
        return
    for place, item in enumerate(value):
        yield from _complaints(item, kind.item_type, f"{path}[{place}]")


def below(path: str, name: str) -> str:
    """Return the path of a field."""
    return f"{path}.{name}" if path else name


def _wrong(value: Any, kind: inspect.Type) -> str | None:
    """Return what is wrong with a single value; `None`, if nothing is."""
    match kind:
        case inspect.StrType():
            return _wrong_text(value, kind)
        case inspect.DecimalType():
            return _wrong_money(value)
        case inspect.DateType():
            return None if _is_day(value) else "It must be a day that exists, as text: 2026-05-22."
        case inspect.BoolType():
            return None if isinstance(value, bool) else "It must be true or false."
        case inspect.EnumType(cls=cls):
            values = [str(one.value) for one in cls]
            return None if value in values else f"It must be one of {', '.join(values)}."
    raise TypeError(f"no description has fields of {kind}")


def _wrong_text(value: Any, kind: inspect.StrType) -> str | None:
    if not isinstance(value, str):
        return "It must be text."
    if kind.min_length and len(value) < kind.min_length:
        return "It must not be empty."
    if kind.max_length is not None and len(value) > kind.max_length:
        return f"It is longer than {kind.max_length} characters."
    # `$` also holds before a line break at the end.
    if kind.pattern is not None and not re.search(re.sub(r"\$\Z", r"\\Z", kind.pattern), value):
        return "It is not of the right form."
    return None


def _wrong_money(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return "It must be a number, such as -15.00."
    if isinstance(value, str) and not _MONEY.fullmatch(value):
        return "It must be a number, such as -15.00."
    number = Decimal(value)
    if not number.is_finite() or number.adjusted() >= MOST_DIGITS:
        return f"It is out of range: {MOST_DIGITS} digits before the point at most."
    if number != round(number, 2):
        return "It has more than two decimals."
    return None


def _is_day(value: Any) -> bool:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
