"""A statement as an import: the same neutral data as a bank's own answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from kontora.model import (
    Account,
    AccountOwner,
    Import,
    MoneyTransaction,
    Owner,
    OwnerKind,
    TransactionStatus,
)
from kontora.statements.layout import Institution, Layout, Order, Running
from kontora.statements.readings import Confirmation, Statement

ORIGIN = "pdf"


def to_import(statement: Statement, layout: Layout, imported_at: datetime) -> Import:
    """Return a statement as an import of one account; its money transactions newest first.

    An account without a name on the document has an empty one. Cards: `None`, statements are of accounts.
    """
    account = Account(
        name=statement.account_name or "",
        iban=statement.iban,
        currency_name=statement.currency,
        currency_balance=latest_balance(statement, layout),
        active_since_at_least=min(
            (row.money_transaction.transaction_on for row in statement.rows), default=None
        ),
        money_transactions=newest_first(statement, layout),
        owners=statement.owners,
    )
    return Import(
        target=layout.institution.target,
        institution=layout.institution.institution,
        imported_at=imported_at,
        owners=tuple(
            Owner(name=owner.name, kind=owner.kind or OwnerKind.OWNER, address=owner.address)
            for owner in statement.owners
        ),
        accounts=(account,),
        origin=ORIGIN,
        ends_on=statement.period_end,
        country=layout.institution.country,
    )


def confirmed_import(
    confirmations: Iterable[Confirmation], institution: Institution, imported_at: datetime
) -> Import:
    """Return confirmations as an import to be labelled: an account of one money transaction for each."""
    return Import(
        target=institution.target,
        institution=institution.institution,
        imported_at=imported_at,
        accounts=tuple(map(_confirmed_account, confirmations)),
        origin=ORIGIN,
        country=institution.country,
    )


def _confirmed_account(confirmation: Confirmation) -> Account:
    sent = confirmation.currency_amount < 0
    sides = (confirmation.sender, confirmation.recipient)
    holder, party = sides if sent else sides[::-1]
    item = MoneyTransaction(
        transaction_on=confirmation.transaction_on,
        currency_amount=confirmation.currency_amount,
        status=TransactionStatus.DONE,
        booked_on=confirmation.booked_on,
        title=confirmation.title,
        party=party.name,
        party_iban=party.iban,
        kind=confirmation.kind,
    )
    return Account(
        name="",
        iban=holder.iban or "",
        currency_name=confirmation.currency,
        money_transactions=(item,),
        owners=() if holder.name is None else (AccountOwner(holder.name),),
    )


def newest_first(statement: Statement, layout: Layout) -> tuple[MoneyTransaction, ...]:
    """Return the money transactions newest first: in the order of booking, where balances prove it.

    Elsewhere by their day; those of one day stay as printed, turned round where the oldest comes first.
    """
    items = tuple(row.money_transaction for row in statement.rows)
    if layout.order is Order.OLDEST_FIRST:
        items = items[::-1]
    if layout.arithmetic is not None and layout.arithmetic.running is Running.CHAIN:
        return items
    return tuple(sorted(items, key=lambda item: item.transaction_on, reverse=True))


def latest_balance(statement: Statement, layout: Layout) -> Decimal | None:
    """Return the closing balance, or that after the newest booked row; `None` where neither is printed.

    Where rows are in no order of booking, the newest is the one whose balance no other row starts from.
    """
    if statement.closing_balance is not None:
        return statement.closing_balance
    booked = [
        item
        for item in newest_first(statement, layout)
        if item.booked_on is not None and item.currency_balance is not None
    ]
    if layout.order is not Order.UNORDERED:
        return booked[0].currency_balance if booked else None
    return _last_of_chain(booked)


def _last_of_chain(items: list[MoneyTransaction]) -> Decimal | None:
    starts = [
        item.currency_balance - item.currency_amount for item in items if item.currency_balance is not None
    ]
    ends: list[tuple[date, Decimal]] = []
    for item in items:
        balance = item.currency_balance
        if balance in starts:
            starts.remove(balance)
        elif balance is not None:
            ends.append((item.transaction_on, balance))
    # Of several, which only a circle of equal balances or a gap can leave, the one of the latest day.
    return max(ends, key=lambda end: end[0])[1] if ends else (items[0].currency_balance if items else None)
