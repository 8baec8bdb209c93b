"""Read JSON from a server that is not trusted to send only what it should."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from kontora.client.failures import UnexpectedReply

T = TypeVar("T")


def parse_object(body: bytes) -> Fields:
    """Return the object of a JSON body; numbers with a fraction are `Decimal`.

    Raises: UnexpectedReply.
    """
    try:
        found = json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError, InvalidOperation) as error:
        raise UnexpectedReply(
            "The reply is not well-formed JSON. Is the base URL that of Kontora?"
        ) from error
    return Fields(_mapping(found, "The reply"))


def _mapping(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise UnexpectedReply(f"{what} is not an object, as Kontora would send it.")
    return value


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of an object, each read as what it must be.

    Every method raises UnexpectedReply where a field is something else.
    """

    values: Mapping[str, Any]

    def text(self, name: str) -> str:
        """Return a text that must be there."""
        found = self.optional(name)
        if found is None:
            raise self._complaint(name)
        return found

    def optional(self, name: str) -> str | None:
        """Return a text; `None` where it is unknown."""
        return self._of_type(name, str)

    def flag(self, name: str) -> bool:
        """Return a boolean that must be there."""
        found = self._of_type(name, bool)
        if found is None:
            raise self._complaint(name)
        return found

    def number(self, name: str) -> int | None:
        """Return a whole number; `None` where it is unknown."""
        return self._of_type(name, int)

    def count(self, name: str) -> int:
        """Return a whole number that must be there."""
        found = self.number(name)
        if found is None:
            raise self._complaint(name)
        return found

    def money(self, name: str) -> Decimal | None:
        """Return an amount; `None` where it is unknown."""
        found = self.values.get(name)
        if found is None or isinstance(found, Decimal):
            return found
        if isinstance(found, int) and not isinstance(found, bool):
            return Decimal(found)
        raise self._complaint(name)

    def amount(self, name: str) -> Decimal:
        """Return an amount that must be there."""
        found = self.money(name)
        if found is None:
            raise self._complaint(name)
        return found

    def known_day(self, name: str) -> date:
        """Return a day that must be there."""
        found = self.day(name)
        if found is None:
            raise self._complaint(name)
        return found

    def day(self, name: str) -> date | None:
        """Return a day; `None` where it is unknown."""
        found = self.optional(name)
        try:
            return None if found is None else date.fromisoformat(found)
        except ValueError as error:
            raise self._complaint(name) from error

    def moment(self, name: str) -> datetime:
        """Return a time that must be there."""
        try:
            return datetime.fromisoformat(self.text(name))
        except ValueError as error:
            raise self._complaint(name) from error

    def file(self, name: str) -> bytes | None:
        """Return a file that came as Base64; `None` where there is none."""
        found = self.optional(name)
        try:
            return None if found is None else base64.b64decode(found, validate=True)
        except (binascii.Error, ValueError) as error:
            raise self._complaint(name) from error

    def object(self, name: str) -> Fields:
        """Return an object that must be there."""
        return Fields(_mapping(self.values.get(name), name))

    def maybe(self, name: str) -> Fields | None:
        """Return an object; `None` where it is absent."""
        return None if self.values.get(name) is None else self.object(name)

    def objects(self, name: str) -> Iterator[Fields]:
        """Return the objects of a list; none where it is absent."""
        return (Fields(_mapping(item, name)) for item in self.list(name))

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the texts of a list; none where it is absent."""
        found = self.list(name)
        if all(isinstance(item, str) for item in found):
            return tuple(found)
        raise self._complaint(name)

    def list(self, name: str) -> list[Any]:
        """Return a list; empty where it is absent."""
        found = self.values.get(name)
        if found is None:
            return []
        if not isinstance(found, list):
            raise self._complaint(name)
        return found

    def _of_type(self, name: str, kind: type[T]) -> T | None:
        found = self.values.get(name)
        # A boolean is an integer to `isinstance`.
        if found is None or type(found) is kind:
            return found
        raise self._complaint(name)

    def _complaint(self, name: str) -> UnexpectedReply:
        return UnexpectedReply(f"The reply has a field {name} that is missing or malformed.")
