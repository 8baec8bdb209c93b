"""Statements of three pages, read and verified whole: in a warm process, in children of their own, 8 at once.

The target is for the reading itself, in a warm process that remembers no outline of another file. In a child
the same takes longer, because memory that it writes to is copied after the fork: CPU there is what the child
used from its fork to its end, as the kernel tells when it has exited, without what a child costs that refuses
a file at the first byte (fork, sandbox, answer, end), which is told apart.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import msgspec
from tools.statement_samples import Difficulty, make

from bench.rows import Row, row
from kontobank.books import Books
from kontobank.scenarios import parse_login
from kontobank.statements.desk import Desk
from kontora.errors import NotPdf
from kontora.logs import configure_logging
from kontora.statements.children.pool import StatementPool
from kontora.statements.children.zygote import WarmUp
from kontora.statements.extraction import open_document
from kontora.statements.extraction.glyph_shapes import cells_of_true_type
from kontora.statements.reading import standard_reader
from kontora.statements.readings import ReadingOptions

PAGES, ROUNDS, AT_ONCE = 3, 60, 8
NOW = datetime(2026, 10, 18, 9, 30, tzinfo=UTC)
OPTIONS = ReadingOptions(today=NOW.date())
LOGIN = "test1"


async def run(say: Callable[[str], None]) -> list[Row]:
    """Read statements of mBank and of KontoBank, plain and sealed, one after another; then 8 at once."""
    files = {
        "mBank": _mbank(),
        "KontoBank": _kontobank(is_signed=False),
        "KontoBank, sealed": _kontobank(is_signed=True),
    }
    configure_logging("ERROR")
    rows: list[Row] = []
    began = time.monotonic()
    async with StatementPool(WarmUp(practice=True)).running() as pool:
        await pool.ready()
        say(f"warm after {time.monotonic() - began:.2f} s")
        child = await _child(pool)
        for name, pdf in files.items():
            cpu, wall = await _one_by_one(pool, pdf)
            say(f"{name}: {cpu * 1e3:.1f} ms CPU a child, {wall * 1e3:.1f} ms")
            reading = (
                f"CPU of reading and verifying a statement of {PAGES} pages (median of {ROUNDS}): {name}"
            )
            # What checking a seal costs is told, and not bounded.
            target = None if "sealed" in name else "<= 30"
            rows.append(row(reading, _alone(pdf) * 1e3, "ms", target=target))
            rows.append(row(f"{reading}, in a child", (cpu - child) * 1e3, "ms"))
        rows.append(row("CPU of a statement child itself: fork, sandbox, answer, end", child * 1e3, "ms"))
        rows.append(await _together(pool, files["mBank"]))
    return rows


def _alone(pdf: bytes) -> float:
    """Return the median CPU, in seconds, of reading a file again and again in this process."""
    read = standard_reader(WarmUp(practice=True))
    options = msgspec.structs.replace(OPTIONS, today=NOW.date())
    times = []
    for _ in range(ROUNDS):
        cells_of_true_type.cache_clear()
        began = time.process_time()
        read(pdf, options)
        times.append(time.process_time() - began)
    return statistics.median(times)


async def _child(pool: StatementPool) -> float:
    """Return the median CPU, in seconds, of children that refuse a file at once."""
    for _ in range(ROUNDS):
        with suppress(NotPdf):
            await pool.read(b"no PDF", OPTIONS)
    return statistics.median(pool.cpu_seconds[-ROUNDS:])


async def _one_by_one(pool: StatementPool, pdf: bytes) -> tuple[float, float]:
    """Return the medians of CPU and of time, in seconds."""
    walls = []
    for _ in range(ROUNDS):
        began = time.monotonic()
        reading = await pool.read(pdf, OPTIONS)
        walls.append(time.monotonic() - began)
        if reading.pages != PAGES or not reading.is_consistent:
            raise ValueError(f"not what was to be measured: {reading.recognised.layout}")
    return statistics.median(pool.cpu_seconds[-ROUNDS:]), statistics.median(walls)


async def _together(pool: StatementPool, pdf: bytes) -> Row:
    """Read eight files at once, as eight clients that send one each."""
    times = []
    for _ in range(ROUNDS // AT_ONCE):
        began = time.monotonic()
        await asyncio.gather(*(pool.read(pdf, OPTIONS, client=str(one)) for one in range(AT_ONCE)))
        times.append(time.monotonic() - began)
    alone = (await _one_by_one(pool, pdf))[1]
    return row(
        f"time until {AT_ONCE} statements sent at once are read / {AT_ONCE} one after another",
        statistics.median(times) * 1e3,
        "ms",
        compared_to=alone * AT_ONCE * 1e3,
    )


def _mbank() -> bytes:
    return _of_pages(
        lambda rows: make("mbank-statement", 11, rows=rows, difficulty=Difficulty(wraps=True)).pdf
    )


def _kontobank(*, is_signed: bool) -> bytes:
    desk = Desk(Books(1), lambda: NOW)
    login = parse_login(LOGIN)
    account = desk.account(login)

    def issued(days: int) -> bytes:
        first: date = NOW.date() - timedelta(days=days)
        return desk.statement_of_days(login, account, first, is_signed=is_signed).pdf

    return _of_pages(issued)


def _of_pages(make_file: Callable[[int], bytes]) -> bytes:
    """Return the file in the middle of those of three pages.

    Raises: ValueError, if there is none.
    """
    sizes = [size for size in range(10, 120, 5) if len(open_document(make_file(size)).pages) == PAGES]
    if not sizes:
        raise ValueError(f"no statement has {PAGES} pages")
    return make_file(sizes[len(sizes) // 2])
