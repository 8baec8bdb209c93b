"""JSON in the camelCase shape of the owner upload: what an import brought, as one document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol

import msgspec

from kontora.wire.characters import REPLACEMENT
from kontora.wire.parts import money

_SURROGATES = re.compile("[\ud800-\udfff]")

OWNER = {
    "name": "name",
    "address": "address",
    "polishPesel": "polish_pesel",
    "polishNip": "polish_nip",
    "polishRegon": "polish_regon",
    "phone": "phone",
    "email": "email",
    "citizenship": "citizenship",
    "nationality": "nationality",
    "personalDocumentType": "personal_document_type",
    "personalDocumentNumber": "personal_document_number",
    "birthDate": "birth_date",
    "birthPlace": "birth_place",
    "kind": "kind",
}
_MONEY_TRANSACTION = {
    "transactionOn": "transaction_on",
    "bookedOn": "booked_on",
    "currencyAmount": "currency_amount",
    "currencyBalance": "currency_balance",
    "title": "title",
    "party": "party",
    "partyIban": "party_iban",
    "kind": "kind",
    "status": "status",
    "variableSymbol": "variable_symbol",
    "constantSymbol": "constant_symbol",
    "specificSymbol": "specific_symbol",
    "mcc": "mcc",
    "labels": "labels",
    "vendors": "vendors",
}
_VENDOR = {"label": "label", "name": "name"}
_ACCOUNT = {
    "name": "name",
    "friendlyName": "friendly_name",
    "iban": "iban",
    "currencyBalance": "currency_balance",
    "currencyFundsAvailable": "currency_funds_available",
    "currencyName": "currency_name",
    "activeSinceAtLeast": "active_since_at_least",
    "directDebit": "direct_debit",
    "partialDueToTimeout": "partial_due_to_timeout",
}
_CREDIT_CARD = {
    "name": "name",
    "cardId": "card_id",
    "iban": "iban",
    "number": "number",
    "currencyBalance": "currency_balance",
    "currencyFundsAvailable": "currency_funds_available",
    "currencyName": "currency_name",
    "limit": "limit",
    "interest": "interest",
    "dueDate": "due_date",
    "partialDueToTimeout": "partial_due_to_timeout",
}


class HasMoneyTransactions(Protocol):
    """An account or card: fields by their names in the model, owners and money transactions."""

    @property
    def owners(self) -> Sequence[object]:
        """Owners, with the fields of `Owner` or `AccountOwner`."""
        ...

    @property
    def money_transactions(self) -> Sequence[object]:
        """Newest first."""
        ...


class Imported(Protocol):
    """An `Import`, or a reply read back by the client: the same names."""

    @property
    def owners(self) -> Sequence[object]:
        """Owners, with the fields of `Owner` or `AccountOwner`."""
        ...

    @property
    def accounts(self) -> Sequence[HasMoneyTransactions]:
        """Payment accounts."""
        ...

    @property
    def credit_cards(self) -> Sequence[HasMoneyTransactions] | None:
        """`None` where the target has no cards."""
        ...


def render_json(imported: Imported, *, owner_external_id: str, country: str = "pl") -> bytes:
    """Render the document of an owner upload, UTF-8; money as numbers with exactly two decimals.

    What is unknown is left out; so are `creditCards` where the target has no cards.
    Source: wire.md, 8.2.
    """
    document: dict[str, object] = {
        "ownerExternalId": owner_external_id,
        "country": country,
        "owners": objects(imported.owners, OWNER),
        "accounts": [_source(account, _ACCOUNT) for account in imported.accounts],
    }
    if imported.credit_cards is not None:
        document["creditCards"] = [_source(card, _CREDIT_CARD) for card in imported.credit_cards]
    return msgspec.json.encode(document)


def _source(source: HasMoneyTransactions, names: dict[str, str]) -> dict[str, object]:
    fields = _object(source, names)
    if fields.get("partialDueToTimeout") is False:
        del fields["partialDueToTimeout"]
    return fields | {
        "owners": objects(source.owners, OWNER),
        "moneyTransactions": objects(source.money_transactions, _MONEY_TRANSACTION),
    }


def objects(items: Iterable[object], names: dict[str, str]) -> list[dict[str, object]]:
    """Write each item as an object: its fields by their names on the wire; what is unknown is left out."""
    return [_object(item, names) for item in items]


def _object(item: object, names: dict[str, str]) -> dict[str, object]:
    found = ((wire_name, value_of(getattr(item, name, None))) for wire_name, name in names.items())
    return {wire_name: value for wire_name, value in found if value is not None}


def _in_list(value: object) -> object:
    """Return a label as it is, a vendor as an object."""
    return value if isinstance(value, str) else objects((value,), _VENDOR)[0]


def value_of(value: object) -> object:
    """Return what stands in a document: money with two decimals, days, text; `None` for an empty list."""
    if isinstance(value, Decimal):
        return msgspec.Raw(money(value).encode())
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return _SURROGATES.sub(REPLACEMENT, value)
    if isinstance(value, tuple | frozenset):
        return sorted(map(_in_list, value), key=str) if value else None
    return value
