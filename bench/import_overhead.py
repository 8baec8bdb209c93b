"""How much longer a default import takes than its longest chain of bank calls that must follow each other."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psycopg

from bench import http, stand
from bench.rows import Row, row

LOGIN = "many"
RUNS = 7
POLL_SECONDS = 0.005
LONGEST_HISTORY_DAYS = 5 * 365 + 1
LIST, PAGES, BALANCES = "getAccountList", "getTransactionList", "getBalances"


async def run(say: Callable[[str], None]) -> list[Row]:
    """Import the 5-account owner several times; the median is what counts."""
    async with (
        stand.folder() as where,
        stand.bank(where) as bank,
        stand.kontora(where, bank.url) as server,
    ):
        first_day = (datetime.now(UTC).date() - timedelta(days=LONGEST_HISTORY_DAYS)).isoformat()
        pages = await bank.pages(LOGIN, first_day)
        connection = await http.Connection.open(server.url)
        polled, written = [], []
        for number in range(RUNS + 1):
            seen, ended = await _import(server, bank, connection, f"owner-{number}", pages)
            if number:  # the first one opens the connections to the bank
                polled.append(seen)
                written.append(ended)
        connection.close()
        chain = 1 + max(pages)
        longest = chain * stand.BANK_CALL_SECONDS
        say(
            f"chain: the list of accounts, then {max(pages)} page(s) of money transactions; "
            f"runs: {', '.join(f'{seconds * 1000:.0f}' for seconds in polled)} ms"
        )
        what = f"import overhead, 5 accounts, 202 to the poll that says successful (median of {RUNS})"
        return [
            row(
                f"{what} / chain of {chain} bank calls of 331 ms",
                statistics.median(polled),
                "s",
                compared_to=longest,
                target="<= 1.10",
            ),
            row(
                "import overhead, until finished_at in the database (median)",
                statistics.median(written),
                "s",
                compared_to=longest,
            ),
            row("import overhead, slowest run, as polled", max(polled), "s", compared_to=longest),
        ]


async def _import(
    server: stand.Server, bank: stand.Bank, connection: http.Connection, owner: str, pages: list[int]
) -> tuple[float, float]:
    """Import once; return the seconds from the 202 until it was seen to be done, and was done."""
    await bank.delay(0)
    session = await stand.sign_in(server, connection, LOGIN, server.keys[0], owner)
    before = await bank.calls()
    await bank.delay(stand.BANK_CALL_SECONDS)
    await asyncio.sleep(0.2)
    command_id = await stand.start(server, connection, session, "default-import")
    began, began_at = time.perf_counter(), time.time()
    await stand.finished(server, connection, session.key, command_id, every_seconds=POLL_SECONDS)
    seen = time.perf_counter() - began
    after = await bank.calls()
    _check_chain({name: after[name] - before.get(name, 0) for name in after}, pages)
    with psycopg.connect(server.database_url) as db:
        found = db.execute(
            "select extract(epoch from finished_at) from command where id = %s", (command_id,)
        ).fetchone()
    if found is None:
        raise LookupError(command_id)
    return seen, float(found[0]) - began_at


def _check_chain(calls: dict[str, int], pages: list[int]) -> None:
    """Make sure, from the bank's log, that the import read no more and no less than the chain assumes."""
    wanted = {LIST: 1, PAGES: sum(pages)}
    if any(calls.get(name) != count for name, count in wanted.items()):
        raise ValueError(f"the bank's log does not fit the chain: {calls}, wanted {wanted}")
