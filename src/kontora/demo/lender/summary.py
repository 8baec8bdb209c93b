"""What the lender shows of an import: owners, accounts and cards, and the newest money transactions."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from kontora.client import Account, CreditCard, ImportResult, MoneyTransaction
from kontora.demo.label_words import most_telling

NEWEST = 8


def summary(result: ImportResult) -> dict[str, Any]:
    """Return it as JSON; amounts are text, as money is no float."""
    return {
        "target": result.target,
        "owners": [
            {"name": owner.name, "kind": owner.kind, "address": owner.address} for owner in result.owners
        ],
        "accounts": [_account(account) for account in result.accounts],
        "cards": [_card(card) for card in result.credit_cards or ()],
    }


def _account(account: Account) -> dict[str, Any]:
    return {
        "name": account.name,
        "number": account.iban,
        "currency": account.currency_name,
        "balance": _money(account.currency_balance),
        "count": len(account.money_transactions),
        "newest": _newest(account.money_transactions),
    }


def _card(card: CreditCard) -> dict[str, Any]:
    return {
        "name": card.name,
        "number": card.number,
        "currency": card.currency_name,
        "balance": _money(card.currency_balance),
        "limit": _money(card.limit),
        "count": len(card.money_transactions),
        "newest": _newest(card.money_transactions),
    }


def _newest(found: Sequence[MoneyTransaction]) -> list[dict[str, Any]]:
    return [
        {
            "on": item.transaction_on.isoformat(),
            "title": item.title or item.party or "",
            "labels": most_telling(item.labels),
            "amount": _money(item.currency_amount),
        }
        for item in found[:NEWEST]
    ]


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"
