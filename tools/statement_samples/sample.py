"""What a sample is, and how the data that stands in it is written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from tools.statement_samples.people import Party

_ENCODER = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True)
class Sample:
    """A document, and what a reader has to find in it: money as `Decimal`, days as ISO text.

    `password`: what opens it; `None` where none is needed.
    """

    pdf: bytes
    expected: dict[str, Any]
    name: str
    password: str | None = None

    @property
    def json(self) -> bytes:
        """Return `expected` as indented JSON; money as numbers with two decimals."""
        return msgspec.json.format(_ENCODER.encode(self.expected), indent=2) + b"\n"


@dataclass(frozen=True)
class Row:
    """A money transaction as its document shows it: what is not printed is `None`."""

    transaction_on: date
    booked_on: date | None
    amount: Decimal
    balance: Decimal | None = None
    title: str | None = None
    party: str | None = None
    party_account: str | None = None
    kind: str | None = None

    def expected(self) -> dict[str, Any]:
        """Return it in the shape of the wire."""
        return {
            "transactionOn": self.transaction_on.isoformat(),
            "bookedOn": _day(self.booked_on),
            "currencyAmount": _money(self.amount),
            "currencyBalance": _money(self.balance),
            "title": _text(self.title),
            "party": _text(self.party),
            "partyIban": _iban(self.party_account),
            "kind": self.kind,
            "status": "DONE" if self.booked_on else "PENDING",
        }


@dataclass(frozen=True)
class Layout:
    """How the wire names a document. `document_type`: STATEMENT or HISTORY."""

    name: str
    target: str
    official_name: str
    document_type: str
    is_consistent: bool = True


def statement(
    layout: Layout,
    rows: tuple[Row, ...],
    *,
    account: str,
    currency: str,
    account_name: str | None,
    balance: Decimal | None,
    period: tuple[date, date] | None,
    owners: tuple[Party, ...],
) -> dict[str, Any]:
    """Return what is expected of a statement. `rows`: newest first; `owners`: as printed, the first owns."""
    start, end = period or (None, None)
    return {
        "isConsistent": layout.is_consistent,
        "target": layout.target,
        "officialName": layout.official_name,
        "layout": layout.name,
        "documentType": layout.document_type,
        "period": {"start": _day(start), "end": _day(end)},
        "owners": [_owner(owner, is_first=place == 0) for place, owner in enumerate(owners)],
        "accounts": [
            {
                "name": account_name,
                "iban": _iban(account),
                "currencyBalance": _money(balance),
                "currencyName": currency,
                "moneyTransactions": [row.expected() for row in rows],
            }
        ],
        "creditCards": [],
    }


def by_day(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Sort rows that are newest first by their own day, for documents whose balances say no order."""
    return tuple(sorted(rows, key=lambda row: row.transaction_on, reverse=True))


@dataclass(frozen=True)
class Confirmed:
    """What a confirmation of one money transaction shows. `booking`: booked, unbooked or unknown."""

    transaction_on: date
    amount: Decimal
    currency: str
    booked_on: date | None = None
    issued_on: date | None = None
    title: str | None = None
    kind: str | None = None
    reference: str | None = None
    sender: Party | None = None
    recipient: Party | None = None
    booking: str = "unknown"
    status: str | None = None

    def expected(self) -> dict[str, Any]:
        """Return it in the shape of the wire."""
        return {
            "status": self.status,
            "bookingStatus": self.booking,
            "issuedOn": _day(self.issued_on),
            "transactionOn": self.transaction_on.isoformat(),
            "bookedOn": _day(self.booked_on),
            "currencyAmount": _money(self.amount),
            "currencyName": self.currency,
            "title": _text(self.title),
            "kind": self.kind,
            "referenceNumber": self.reference,
            "sender": _party(self.sender),
            "recipient": _party(self.recipient),
        }


def confirmations(layout: Layout, items: tuple[Confirmed, ...]) -> dict[str, Any]:
    """Return what is expected of a file of confirmations, as printed."""
    return {
        "target": layout.target,
        "officialName": layout.official_name,
        "layout": layout.name,
        "confirmations": [item.expected() for item in items],
    }


def _owner(owner: Party, *, is_first: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"name": owner.name, "kind": "OWNER" if is_first else "CO_OWNER"}
    if owner.address:
        found["address"] = " ".join(owner.address)
    return found


def _party(party: Party | None) -> dict[str, Any]:
    if party is None:
        return {"name": None, "iban": None, "address": None}
    return {
        "name": party.name or None,
        "iban": _iban(party.account),
        "address": " ".join(party.address) or None,
    }


def _text(text: str | None) -> str | None:
    # A hard space is how a space is printed, no other letter of the text.
    return None if text is None else text.replace("\u00a0", " ")


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _money(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(Decimal("0.01"))


def _iban(account: str | None) -> str | None:
    if account is None:
        return None
    return f"PL{account}" if account.isdigit() else account
