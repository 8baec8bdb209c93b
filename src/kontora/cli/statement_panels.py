"""What came of PDFs, for eyes: a panel with the facts, the rows, and what was checked."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from kontora.cli.output import plain_table
from kontora.statements.findings import FailedVerification, Severity, Verification
from kontora.statements.layout import Running
from kontora.statements.library import layout_of

if TYPE_CHECKING:
    from kontora.cli.statement_files import Came
    from kontora.statements.readings import Confirmation, ConfirmationParty, Statement, StatementReading

ENDS = 5
"""Of a longer list, so many rows are shown from either end."""
COLOURS = {Severity.HIGH: "bold red", Severity.MEDIUM: "yellow", Severity.LOW: "cyan"}
UNKNOWN = "–"


def tell(came: Came, *, all_rows: bool) -> None:
    """Print what a file says on stdout, or why it was refused on stderr."""
    if came.reading is None:
        assert came.refusal is not None
        head = Text.assemble((came.refusal.name, "bold red"), f"  {came.refusal.message}")
        parts = [head, *_findings(came.failed_verifications)]
        title = escape(came.file.name)
        Console(file=sys.stderr).print(Panel(Group(*parts), title=title, border_style="red", expand=True))
        return
    console = Console()
    for part in _shown(came.reading, came.file.name, all_rows=all_rows):
        console.print(part)


def _shown(reading: StatementReading, file_name: str, *, all_rows: bool) -> Iterator[RenderableType]:
    origin = reading.recognised
    title = escape(f"{origin.official_name} · {origin.layout}")
    facts = _facts_table()
    if reading.statement is not None:
        _add_statement(facts, reading, reading.statement)
    suspicious = any(one.severity.refuses for one in reading.failed_verifications)
    yield Panel(
        Group(facts, *_checked(reading)),
        title=title,
        subtitle=escape(file_name),
        border_style="red" if suspicious else "green",
    )
    if reading.statement is not None:
        yield _rows(reading.statement, all_rows=all_rows)
    for number, confirmation in enumerate(reading.confirmations, 1):
        yield Panel(_confirmation(confirmation), title=f"Confirmation {number}", title_align="left")


def _facts_table() -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    return table


def _add_statement(table: Table, reading: StatementReading, statement: Statement) -> None:
    items = [row.money_transaction for row in statement.rows]
    pending = sum(item.booked_on is None for item in items)
    credits = sum((item.currency_amount for item in items if item.currency_amount > 0), Decimal(0))
    debits = sum((item.currency_amount for item in items if item.currency_amount < 0), Decimal(0))
    currency = statement.currency
    _add(table, "Account", _grouped(statement.iban), statement.account_name)
    for owner in statement.owners:
        _add(table, "Owner", owner.name, owner.address)
    _add(table, "Period", f"{_day(statement.period_start)} to {_day(statement.period_end)}")
    number = None if statement.number is None else f"no. {statement.number}"
    _add(table, "Document", reading.recognised.document_type.lower(), number, _made(statement.issued_on))
    if reading.recognised.has_balances:
        opening, closing = _money(statement.opening_balance), _money(statement.closing_balance)
        _add(table, "Balance", f"{opening} → {closing} {currency}")
    still = f"{pending} of them pending" if pending else None
    _add(table, "Rows", str(len(items)), still, f"in {_money(credits)}", f"out {_money(debits)}")


def _add(table: Table, name: str, *values: str | None) -> None:
    table.add_row(name, escape("   ".join(value for value in values if value)))


def _made(on: date | None) -> str | None:
    return None if on is None else f"made on {on}"


def _checked(reading: StatementReading) -> Iterator[RenderableType]:
    """Tell what was checked and what failed, with its numbers as in the evidence, and pages."""
    yield Rule(style="dim")
    failed = reading.failed_verifications
    if reading.statement is not None:
        yield _arithmetic(reading)
    silent = [name for name in Verification if all(one.name is not name for one in failed)]
    silent = [name for name in silent if name is not Verification.AMOUNTS]
    yield Text.assemble(("✓ ", "green"), ("nothing found by  ", "dim"), ", ".join(silent))
    yield from _findings(failed)


def _arithmetic(reading: StatementReading) -> Text:
    layout = layout_of(reading.recognised.layout)
    arithmetic = None if layout is None else layout.arithmetic
    if arithmetic is None or not reading.recognised.has_balances:
        return Text("○ amounts  this document has no balances that could prove it whole", style="yellow")
    proofs = {
        "running balance": arithmetic.running is not Running.NONE,
        "opening + rows = closing": arithmetic.opening_and_closing,
        "sums": arithmetic.sums,
        "counts": arithmetic.counts,
        "page carry": arithmetic.carry,
        "amounts in texts": arithmetic.amount_in_text,
    }
    said = ", ".join(name for name, is_carried in proofs.items() if is_carried)
    if any(one.name is Verification.AMOUNTS for one in reading.failed_verifications):
        return Text.assemble(("✗ amounts  ", "bold red"), "not proved by ", said)
    return Text.assemble(("✓ ", "green"), ("amounts proved by  ", "dim"), said)


def _findings(failed: Sequence[FailedVerification]) -> list[RenderableType]:
    if not failed:
        return []
    table = plain_table("", "Severity", "Verification", "Page", "What")
    for number, one in enumerate(failed, 1):
        page = UNKNOWN if one.page is None else str(one.page)
        severity = Text(one.severity, style=COLOURS[one.severity])
        table.add_row(str(number), severity, one.name, page, escape(one.message))
    return [Text(), table]


def _rows(statement: Statement, *, all_rows: bool) -> Table:
    table = plain_table("Date", "Booked", "Amount", "Balance", "Party", "Title")
    for column in table.columns[2:4]:
        column.justify, column.no_wrap = "right", True
    for column in table.columns[:2]:
        column.no_wrap = True
    rows = statement.rows
    left_out = 0 if all_rows else max(0, len(rows) - 2 * ENDS)
    for place, row in enumerate(rows):
        if ENDS <= place < ENDS + left_out:
            if place == ENDS:
                table.add_row("…", "", "", "", Text(f"{left_out} more; --rows shows them", style="dim"), "")
            continue
        item = row.money_transaction
        amount = Text(_money(item.currency_amount), style="green" if item.currency_amount > 0 else "")
        table.add_row(
            str(item.transaction_on),
            _day(item.booked_on),
            amount,
            _money(item.currency_balance),
            escape(item.party or UNKNOWN),
            escape(item.title or item.kind or UNKNOWN),
        )
    return table


def _confirmation(one: Confirmation) -> Table:
    table = _facts_table()
    _add(table, "Amount", f"{_money(one.currency_amount)} {one.currency}")
    _add(table, "Status", one.booking_status, one.status)
    booked = None if one.booked_on is None else f"booked {one.booked_on}"
    _add(table, "Dates", str(one.transaction_on), booked, _made(one.issued_on))
    _add(table, "From", *_party(one.sender))
    _add(table, "To", *_party(one.recipient))
    _add(table, "Title", one.title or UNKNOWN)
    _add(table, "Kind", one.kind or UNKNOWN)
    _add(table, "Reference", one.reference or UNKNOWN)
    return table


def _party(party: ConfirmationParty) -> tuple[str | None, ...]:
    return (party.name or UNKNOWN, None if party.iban is None else _grouped(party.iban), party.address)


def _grouped(iban: str) -> str:
    """Return `PL61 1090 1014 …`."""
    return " ".join(iban[place : place + 4] for place in range(0, len(iban), 4))


def _day(on: date | None) -> str:
    return UNKNOWN if on is None else str(on)


def _money(amount: Decimal | None) -> str:
    return UNKNOWN if amount is None else f"{amount:,.2f}".replace(",", " ")
