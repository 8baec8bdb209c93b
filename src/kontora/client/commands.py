"""What a session can be told to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Command:
    """What a session can be told to do; the fields are the parameters, the path comes from the name."""

    takes_idempotency_key: ClassVar[bool] = True

    @classmethod
    def path(cls) -> str:
        """The path of the command, such as `/v1/command/default-import.xml`."""
        return f"/v1/command/{re.sub(r'(?<!^)(?=[A-Z])', '-', cls.__name__).lower()}.xml"

    def parameters(self) -> Mapping[str, object]:
        """The fields by their names on the wire."""
        return {_camel(item.name): getattr(self, item.name) for item in fields(self)}


@dataclass(frozen=True, slots=True)
class DefaultImport(Command):
    """Import everything: owners, accounts, credit cards and their money transactions."""

    since: date | None = None


@dataclass(frozen=True, slots=True)
class ImportOwners(Command):
    """Import the owners alone."""


@dataclass(frozen=True, slots=True)
class ImportAccounts(Command):
    """Import the accounts without money transactions."""

    fast: bool = True


@dataclass(frozen=True, slots=True)
class ImportAccountTransactions(Command):
    """Import the money transactions of one account."""

    iban: str
    since: date | None = None
    fast: bool = False


@dataclass(frozen=True, slots=True)
class ImportCreditCards(Command):
    """Import the credit cards without money transactions."""


@dataclass(frozen=True, slots=True)
class ImportCreditCardTransactions(Command):
    """Import the money transactions of one credit card; `card_number` is its `card_id`."""

    card_number: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class EnterCredential(Command):
    """Give the bank one credential; practice targets only. Never sent twice: banks count wrong ones."""

    takes_idempotency_key: ClassVar[bool] = False

    credential_kind: str
    credential: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignOut(Command):
    """End the session at the bank."""


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)
