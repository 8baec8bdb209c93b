"""A statement and confirmations in the shape of the samples' expected data."""

from __future__ import annotations

from datetime import date
from typing import Any

from kontora.model import AccountOwner, MoneyTransaction
from kontora.statements.imports import latest_balance, newest_first
from kontora.statements.layout import Layout
from kontora.statements.readings import Confirmation, ConfirmationParty, Statement


def told_statement(statement: Statement, layout: Layout) -> dict[str, Any]:
    """Tell a statement as the samples do: camelCase, days as text, money as `Decimal`."""
    return {
        **_head(layout),
        "isConsistent": layout.has_balances,
        "documentType": layout.document_type.value,
        "period": {"start": _day(statement.period_start), "end": _day(statement.period_end)},
        "owners": [_owner(owner) for owner in statement.owners],
        "accounts": [
            {
                "name": statement.account_name,
                "iban": statement.iban,
                "currencyBalance": latest_balance(statement, layout),
                "currencyName": statement.currency,
                "moneyTransactions": [_row(item) for item in newest_first(statement, layout)],
            }
        ],
        "creditCards": [],
    }


def told_confirmations(confirmations: tuple[Confirmation, ...], layout: Layout) -> dict[str, Any]:
    """Tell confirmations as the samples do."""
    return {**_head(layout), "confirmations": [_confirmation(item) for item in confirmations]}


def _head(layout: Layout) -> dict[str, Any]:
    return {
        "target": layout.institution.target,
        "officialName": layout.institution.official_name,
        "layout": layout.name,
    }


def _owner(owner: AccountOwner) -> dict[str, Any]:
    address = {"address": owner.address} if owner.address else {}
    return {"name": owner.name, "kind": owner.kind.value if owner.kind else None, **address}


def _row(item: MoneyTransaction) -> dict[str, Any]:
    return {
        "transactionOn": _day(item.transaction_on),
        "bookedOn": _day(item.booked_on),
        "currencyAmount": item.currency_amount,
        "currencyBalance": item.currency_balance,
        "title": item.title,
        "party": item.party,
        "partyIban": item.party_iban,
        "kind": item.kind,
        "status": item.status.value,
    }


def _confirmation(item: Confirmation) -> dict[str, Any]:
    return {
        "status": item.status,
        "bookingStatus": item.booking_status.value,
        "issuedOn": _day(item.issued_on),
        "transactionOn": _day(item.transaction_on),
        "bookedOn": _day(item.booked_on),
        "currencyAmount": item.currency_amount,
        "currencyName": item.currency,
        "title": item.title,
        "kind": item.kind,
        "referenceNumber": item.reference,
        "sender": _party(item.sender),
        "recipient": _party(item.recipient),
    }


def _party(party: ConfirmationParty) -> dict[str, Any]:
    return {"name": party.name, "iban": party.iban, "address": party.address}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
