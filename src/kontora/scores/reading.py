"""From imported accounts to the history that features look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from kontora.model import Account, MoneyTransaction, TransactionStatus
from kontora.scores.history import History, Loan, Row


def history_of(accounts: Iterable[Account], loan: Loan | None = None, *, is_labelled: bool = True) -> History:
    """Read the booked money transactions of all accounts in the currency that has most of them.

    Accounts hold their money transactions newest first. `is_labelled`: whether labels were looked for.
    """
    found = list(accounts)
    currency = _main_currency(found)
    rows = [
        _row(item, place)
        for place, account in enumerate(found)
        if account.currency_name == currency
        for item in reversed(account.money_transactions)
        if item.status is TransactionStatus.DONE
    ]
    return History(rows, loan, is_labelled=is_labelled, currency_name=currency)


def _main_currency(accounts: Iterable[Account]) -> str | None:
    """Return the currency with most money transactions; of equals, the first by name."""
    many: Counter[str] = Counter()
    for account in accounts:
        many[account.currency_name] += len(account.money_transactions)
    return min(many, key=lambda name: (-many[name], name), default=None)


def _row(item: MoneyTransaction, account: int) -> Row:
    balance = item.currency_balance
    return Row(
        item.transaction_on.toordinal(),
        float(item.currency_amount),
        None if balance is None else float(balance),
        item.labels,
        item.party_iban or item.party,
        account,
    )
