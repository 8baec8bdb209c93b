"""The commands a client may ask for: frozen data whose fields are the parameters of the request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class CommandRequest:
    """What every command declares.

    `wire_name` is the name in replies. `is_default`: the default import, once per session, never mixed
    with others. `is_import`: counts among the commands at once and cannot be mixed with the default import.
    `needs_cards`: only where the target reads credit cards.
    """

    wire_name: ClassVar[str]
    is_default: ClassVar[bool] = False
    is_import: ClassVar[bool] = True
    needs_cards: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class DefaultImport(CommandRequest):
    """Import everything: owners, accounts, credit cards and their money transactions."""

    wire_name: ClassVar[str] = "DefaultImportCommand"
    is_default: ClassVar[bool] = True
    since: date | None = None


@dataclass(frozen=True, slots=True)
class ImportOwners(CommandRequest):
    """Import the owners alone."""

    wire_name: ClassVar[str] = "ImportOwnersDetailsCommand"


@dataclass(frozen=True, slots=True)
class ImportAccounts(CommandRequest):
    """Import the accounts without money transactions; `fast` without the balances of a call of their own."""

    wire_name: ClassVar[str] = "ImportAccountsCommand"
    fast: bool = True


@dataclass(frozen=True, slots=True)
class ImportAccountTransactions(CommandRequest):
    """Import the money transactions of one account."""

    wire_name: ClassVar[str] = "ImportAccountTransactionsCommand"
    iban: str
    since: date | None = None
    fast: bool = False


@dataclass(frozen=True, slots=True)
class ImportCreditCards(CommandRequest):
    """Import the credit cards without money transactions."""

    wire_name: ClassVar[str] = "ImportCreditCardsCommand"
    needs_cards: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class ImportCreditCardTransactions(CommandRequest):
    """Import the money transactions of one credit card; `card_number` is its `cardId`."""

    wire_name: ClassVar[str] = "ImportCreditCardTransactionsCommand"
    needs_cards: ClassVar[bool] = True
    card_number: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class SignOut(CommandRequest):
    """End the session at the bank."""

    wire_name: ClassVar[str] = "SignOutCommand"
    is_import: ClassVar[bool] = False


ENTER_CREDENTIAL = "EnterCredentialCommand"

COMMANDS: tuple[type[CommandRequest], ...] = (
    DefaultImport,
    ImportOwners,
    ImportAccounts,
    ImportAccountTransactions,
    ImportCreditCards,
    ImportCreditCardTransactions,
    SignOut,
)
