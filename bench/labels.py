"""Labels: how many money transactions a second, beside the bare automaton, and what they add to an import."""

from __future__ import annotations

import gc
import statistics
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

import ahocorasick
import msgspec
from tools.label_bench.damage import clean
from tools.label_bench.gold import OPEN, imports, read_gold

from bench import http, stand
from bench.rows import Row, row
from kontora.labels.brands import brand_rules
from kontora.labels.dictionary import key_of
from kontora.labels.labelling import Labeller, knowledge_of
from kontora.labels.normalising import words_of
from kontora.labels.rules import rules_of
from kontora.model import Account, Import, MoneyTransaction

COUNTRY = "pl"
MANY, EACH = 100_000, 2_000
RUNS = 5
LOGIN = "many"
IMPORTS = 9
POLL_SECONDS = 0.005
T = TypeVar("T")


async def run(say: Callable[[str], None]) -> list[Row]:
    """Label, then import with and without labels by turns."""
    return [*_labelling(say), *await _importing(say)]


def _labelling(say: Callable[[str], None]) -> list[Row]:
    knowledge = knowledge_of(COUNTRY)
    labeller, owners = Labeller(knowledge), _owners()
    gc.freeze()  # as the server does when it has read a country's rules
    asked_before = knowledge.model.asked
    labeller.label(owners[0])
    asked_each = knowledge.model.asked - asked_before
    labelled = [_seconds(_each(labeller.label, owners)) for _ in range(RUNS)]
    asked = (knowledge.model.asked - asked_before - asked_each) / (RUNS * MANY)
    bare = [_seconds(_automaton(owners)) for _ in range(RUNS)]
    a_second, bare_a_second = MANY / statistics.median(labelled), MANY / statistics.median(bare)
    say(f"{a_second:,.0f} a second, the automaton alone {bare_a_second:,.0f}; {asked:.1%} reach the model")
    return [
        row(
            f"labelling of {MANY} money transactions, with reasons and the model, one core"
            f" (CPU, median of {RUNS})",
            a_second,
            "a second",
            target=">= 30000",
        ),
        row("the same, to the stretch of 100,000 a second", a_second, "a second", compared_to=100_000),
        row(
            "labelling, to the bare automaton over ready text of the same rows",
            a_second,
            "a second",
            compared_to=bare_a_second,
        ),
        row("share of the rows that reach the model", asked, "of 1"),
    ]


def _owners() -> list[Import]:
    """Return owners of 2,000 rows each: those of the open gold set over and over, on moving days."""
    rows = read_gold(OPEN, COUNTRY)
    written = [
        (imported.owners, account) for imported, _ in imports(rows, clean) for account in imported.accounts
    ]
    found: list[Import] = []
    for number in range(MANY // EACH):
        owners, first = written[number % len(written)]
        items = [item for _, account in written for item in account.money_transactions]
        found.append(
            Import(
                target="Gold",
                institution="Gold",
                imported_at=datetime(2026, 11, 1, tzinfo=UTC),
                country=COUNTRY,
                owners=owners,
                accounts=(_account(first, items, number),),
            )
        )
    return found


def _account(account: Account, items: list[MoneyTransaction], number: int) -> Account:
    """Return an account of 2,000 rows whose texts differ a little from those of others."""
    chosen = [items[place % len(items)] for place in range(EACH)]
    return msgspec.structs.replace(
        account,
        money_transactions=tuple(
            msgspec.structs.replace(
                item,
                transaction_on=item.transaction_on - timedelta(days=5 * (place // len(items))),
                currency_amount=item.currency_amount + Decimal(number) / 100
                if item.currency_amount > 0
                else item.currency_amount - Decimal(number) / 100,
                title=f"{item.title or ''} {number}{place}",
            )
            for place, item in enumerate(chosen)
        ),
    )


def _automaton(owners: list[Import]) -> Callable[[], object]:
    """Return a walk over ready texts with every phrase of the country; nothing is done with what it finds."""
    automaton = ahocorasick.Automaton()
    for rule in (*rules_of(COUNTRY), *brand_rules(COUNTRY)):
        for phrase in rule.phrases:
            automaton.add_word(key_of(phrase), 0)
    automaton.make_automaton()
    texts = [
        words_of(item.kind, item.party, item.title).text
        for owner in owners
        for account in owner.accounts
        for item in account.money_transactions
    ]
    return _each(lambda text: deque(automaton.iter(text), maxlen=0), texts)


def _each(work: Callable[[T], object], items: list[T]) -> Callable[[], object]:
    """Return a walk over items, one by one as a server meets them; nothing is kept."""
    return lambda: deque(map(work, items), maxlen=0)


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


async def _importing(say: Callable[[str], None]) -> list[Row]:
    """Import one owner for a client without labels and one with them, by turns."""
    async with (
        stand.folder() as where,
        stand.bank(where) as bank,
        stand.kontora(
            where, bank.url, clients=2, features=(("pdf",), ("pdf", "labels", "vendors"))
        ) as server,
    ):
        connection = await http.Connection.open(server.url)
        rows = []
        for delay, target in ((stand.BANK_CALL_SECONDS, "<= 1.05"), (0.0, None)):
            taken: dict[str, list[float]] = {key: [] for key in server.keys}
            for number in range(IMPORTS + 1):
                for key in server.keys:
                    seconds = await _import(server, bank, connection, key, f"{delay}-{number}", delay)
                    if number:  # the first one loads the rules and opens the connections
                        taken[key].append(seconds)
            without, with_labels = (statistics.median(taken[key]) for key in server.keys)
            calls = f"bank calls of {delay * 1000:.0f} ms"
            say(f"{calls}: {with_labels * 1000:.0f} ms with labels, {without * 1000:.0f} ms without")
            rows.append(
                row(
                    f"default import of 5 accounts with labels and vendors, to one without; {calls}"
                    f" (median of {IMPORTS})",
                    with_labels,
                    "s",
                    compared_to=without,
                    target=target,
                )
            )
        connection.close()
        return rows


async def _import(
    server: stand.Server, bank: stand.Bank, connection: http.Connection, key: str, owner: str, delay: float
) -> float:
    """Import once; return the seconds from the 202 until it was seen to be done."""
    await bank.delay(0)
    session = await stand.sign_in(server, connection, LOGIN, key, owner)
    await bank.delay(delay)
    command_id = await stand.start(server, connection, session, "default-import")
    began = time.perf_counter()
    await stand.finished(server, connection, key, command_id, every_seconds=POLL_SECONDS)
    return time.perf_counter() - began
