"""An import as tables for a person: owners, accounts, credit cards, and the latest money transactions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from kontora.client import Account, CreditCard, ImportResult, MoneyTransaction, Owner
from kontora.demo.label_words import label_counts, label_words

WIDE = 104
LATEST = 10
NARROWEST_PARTY, WIDEST_PARTY = 18, 34
SHORTEST_PARTY = 10


def tables(result: ImportResult, width: int) -> Iterator[RenderableType]:
    """Yield what was imported, for a terminal of this width."""
    yield _titled("Owners", _owners(result.owners))
    yield _titled("Accounts", _accounts(result.accounts, width))
    if result.credit_cards:
        yield _titled("Credit cards", _credit_cards(result.credit_cards, width))
    for account in result.accounts:
        name = _plain(f"{account.friendly_name or account.name} {shown_iban(account.iban)}")
        yield from _latest(name, account.money_transactions, account.currency_name, width)
    for card in result.credit_cards or ():
        name = _plain(f"{card.name} {card.number or card.card_id}")
        yield from _latest(name, card.money_transactions, card.currency_name, width)


def shown_money(amount: Decimal | None, *, signed: bool = False) -> str:
    """Return an amount with two decimals and its thousands set apart; `+` for a credit if signed."""
    if amount is None:
        return "-"
    return f"{amount:{'+' if signed else ''},.2f}".replace(",", " ")


def shown_iban(iban: str) -> str:
    """Return an account number in groups of four."""
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


def coloured(amount: Decimal | None, *, signed: bool = False) -> Text:
    """Return an amount in red for a debit or debt, green for a credit."""
    style = "" if not amount else "red" if amount < 0 else "green" if signed else ""
    return Text(shown_money(amount, signed=signed), style=style)


def _titled(title: str, table: Table) -> RenderableType:
    table.title = Text(title, style="bold cyan")
    table.title_justify = "left"
    return Padding(table, (1, 0, 0, 0))


def _table() -> Table:
    return Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0), collapse_padding=True)


def _add_row(table: Table, *cells: str | Text) -> None:
    """Add a row; what a bank wrote is never taken for markup."""
    table.add_row(*(Text(_plain(cell)) if isinstance(cell, str) else cell for cell in cells))


def _plain(text: str) -> str:
    """Return a text on one line, without control characters."""
    return "".join(character for character in " ".join(text.split()) if character.isprintable())


def _text_column(table: Table, name: str, *, ratio: int | None = None) -> None:
    table.add_column(name, no_wrap=True, overflow="ellipsis", ratio=ratio)


def _fixed_column(table: Table, name: str, values: Iterable[str]) -> None:
    table.add_column(name, no_wrap=True, min_width=max((len(value) for value in values), default=0))


def _number_column(table: Table, name: str, values: Iterable[str]) -> None:
    widest = max((len(value) for value in values), default=0)
    table.add_column(name, justify="right", no_wrap=True, min_width=max(widest, len(name)))


def _owners(owners: tuple[Owner, ...]) -> Table:
    table = _table()
    for name in ("Name", "Kind", "Address"):
        _text_column(table, name)
    for owner in owners:
        _add_row(table, owner.name, owner.kind or "-", owner.address or "-")
    return table


def _accounts(accounts: tuple[Account, ...], width: int) -> Table:
    table = _table()
    table.expand = width < WIDE
    _text_column(table, "Account", ratio=1 if table.expand else None)
    _fixed_column(table, "IBAN", [account.iban for account in accounts])
    _number_column(table, "Balance", [shown_money(account.currency_balance) for account in accounts])
    if width >= WIDE:
        available = [shown_money(account.currency_funds_available) for account in accounts]
        _number_column(table, "Available", available)
    _fixed_column(table, "", ["PLN"])
    _fixed_column(table, "Open since", ["2026-01-31"])
    for account in accounts:
        row: list[str | Text] = [account.friendly_name or account.name, account.iban]
        row.append(coloured(account.currency_balance))
        if width >= WIDE:
            row.append(coloured(account.currency_funds_available))
        _add_row(table, *row, account.currency_name, str(account.active_since_at_least or "-"))
    return table


def _credit_cards(cards: tuple[CreditCard, ...], width: int) -> Table:
    table = _table()
    _text_column(table, "Card")
    _fixed_column(table, "Number", [card.number or card.card_id for card in cards])
    _number_column(table, "Balance", [shown_money(card.currency_balance) for card in cards])
    if width >= WIDE:
        _number_column(table, "Available", [shown_money(card.currency_funds_available) for card in cards])
    _number_column(table, "Limit", [shown_money(card.limit) for card in cards])
    _fixed_column(table, "", ["PLN"])
    for card in cards:
        row: list[str | Text] = [card.name, card.number or card.card_id, coloured(card.currency_balance)]
        if width >= WIDE:
            row.append(coloured(card.currency_funds_available))
        _add_row(table, *row, shown_money(card.limit), card.currency_name)
    return table


def _latest(
    name: str, items: tuple[MoneyTransaction, ...], currency: str, width: int
) -> Iterator[RenderableType]:
    if not items:
        yield Padding(Text.assemble((name, "bold cyan"), (": no money transactions", "dim")), (1, 0, 0, 0))
        return
    latest = items[:LATEST]
    table = _table()
    table.expand = True
    _fixed_column(table, "Date", ["2026-01-31"])
    _text_column(table, "Party and title", ratio=3)
    has_labels = any(item.labels for item in items)
    if has_labels:
        _text_column(table, "Labels", ratio=2)
    elif width >= WIDE:
        _text_column(table, "Kind", ratio=1)
    _number_column(
        table, f"Amount {currency}", [shown_money(item.currency_amount, signed=True) for item in latest]
    )
    has_balances = any(item.currency_balance is not None for item in latest) and (
        width >= WIDE or not has_labels
    )
    if has_balances:
        _number_column(table, "Balance", [shown_money(item.currency_balance) for item in latest])
    for item in latest:
        row: list[str | Text] = [str(item.transaction_on), _described(item, width)]
        if has_labels:
            row.append(label_words(item, with_vendors=width >= WIDE))
        elif width >= WIDE:
            row.append(Text(item.kind or "", style="dim"))
        row.append(coloured(item.currency_amount, signed=True))
        if has_balances:
            row.append(Text(shown_money(item.currency_balance), style="dim"))
        _add_row(table, *row)
    yield _titled(name, table)
    yield Text(_summary(items, currency), style="dim")
    if has_labels:
        yield Text(label_counts(items, width), style="dim")


def _described(item: MoneyTransaction, width: int) -> Text:
    """Return the party, cut so that the title shows too, and the title."""
    party, title = (_plain(text or "") for text in (item.party, item.title))
    mark = "" if item.status == "DONE" else f"[{item.status.lower()}] "
    room = max(SHORTEST_PARTY, (WIDEST_PARTY if width >= WIDE else NARROWEST_PARTY) - len(mark))
    if title and len(party) > room:
        party = party[: room - 1].rstrip() + "…"
    return Text.assemble(
        (mark, "yellow"), party, "  " if party and title else "", (title, "dim" if party else "")
    )


def _summary(items: tuple[MoneyTransaction, ...], currency: str) -> str:
    amounts = [item.currency_amount for item in items]
    days = [item.transaction_on for item in items]
    came = sum((amount for amount in amounts if amount > 0), Decimal(0))
    went = sum((amount for amount in amounts if amount < 0), Decimal(0))
    more = f"{len(items) - LATEST} more; " if len(items) > LATEST else ""
    return (
        f"{more}{len(items)} in all, {min(days)} to {max(days)}, "
        f"in {shown_money(came, signed=True)}, out {shown_money(went)} {currency}"
    )
