"""Read hostile PDFs as a server does, and see that each ends as it should while others are served."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from kontora.errors import KontoraError, PdfVerificationFailed, StatementError
from kontora.statements.children.pool import StatementPool
from kontora.statements.children.zygote import WarmUp
from kontora.statements.readings import ReadingOptions, Statement
from tools.hostile_pdfs.cookbook import kitchen
from tools.hostile_pdfs.recipe import Kitchen, Recipe

TODAY = date(2026, 11, 25)
MOST_SECONDS = 25.0
READ = "read"
PAUSE_SECONDS = 0.1


@dataclass(frozen=True)
class Ending:
    """How a file ended: `read` or the name of a refusal, and how long it took in seconds.

    `wrong`: what about it must not be, if anything.
    """

    recipe: str
    outcome: str
    seconds: float
    wrong: str | None = None


@dataclass
class Checked:
    """What came of all of them. `waits`: seconds that genuine files of another client took meanwhile.

    `calls`: how many called home; `left`: processes that were still there afterwards.
    """

    endings: list[Ending] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    calls: int = 0
    left: list[int] = field(default_factory=list)

    def violations(self) -> list[str]:
        """Return everything that must not be."""
        found = [f"{ending.recipe}: {ending.wrong}" for ending in self.endings if ending.wrong]
        if self.calls:
            found.append(f"{self.calls} calls home")
        if self.left:
            found.append(f"processes were left: {self.left}")
        if not self.waits:
            found.append("nobody else was served meanwhile")
        return found


async def check(recipes: Sequence[Recipe], tell: Callable[[Ending], None] = lambda ending: None) -> Checked:
    """Read them all through one pool, two at a time, while another client's genuine files are read."""
    checked = Checked()
    with trap() as calls:
        async with StatementPool(WarmUp(practice=True)).running() as pool:
            cook = kitchen(calls.port)
            genuine = await _genuine(pool, cook)
            async with _others(pool, cook, genuine, checked.waits):
                await _read_all(recipes, _Reader(pool, cook, genuine, checked, tell))
            zygote = pool.pid or 0
            checked.left = [pid for pid in _session(zygote) if pid != zygote]
        checked.left += _session(zygote)
    checked.calls = calls.count
    return checked


async def _genuine(pool: StatementPool, cook: Kitchen) -> Statement:
    reading = await pool.read(cook.genuine, ReadingOptions(today=TODAY), client="genuine")
    assert reading.statement is not None
    return reading.statement


@dataclass(frozen=True)
class _Reader:
    pool: StatementPool
    cook: Kitchen
    genuine: Statement
    checked: Checked
    tell: Callable[[Ending], None]

    async def read(self, recipe: Recipe) -> None:
        pdf = await asyncio.to_thread(recipe.make, self.cook)
        began = time.monotonic()
        outcome, statement = await self._outcome(pdf)
        seconds = time.monotonic() - began
        ending = Ending(recipe.name, outcome, seconds, self._wrong(recipe, outcome, statement, seconds))
        self.checked.endings.append(ending)
        self.tell(ending)

    async def _outcome(self, pdf: bytes) -> tuple[str, Statement | None]:
        options = ReadingOptions(today=TODAY, accept_inconsistent=True, evidence=True)
        try:
            reading = await self.pool.read(pdf, options, client="hostile")
        except PdfVerificationFailed as refusal:
            return refusal.name if refusal.failed_verifications else "no findings", None
        except KontoraError as refusal:
            return refusal.name, None
        return READ, reading.statement

    def _wrong(self, recipe: Recipe, outcome: str, statement: Statement | None, seconds: float) -> str | None:
        refusals = {kind.__name__ for kind in _below(StatementError)}
        if outcome not in {READ, *refusals}:
            return f"ended with {outcome}"
        if seconds > MOST_SECONDS:
            return f"took {seconds:.0f} s"
        if outcome == READ and not recipe.may_be_read:
            return "was read"
        if statement is not None and _said(statement) != _said(self.genuine):
            return "says something else than the genuine file"
        return None


def _said(statement: Statement) -> tuple[object, ...]:
    """Return all that a statement says, without where it stands: a damaged font moves letters a little."""
    head = (statement.iban, statement.currency, statement.account_name, statement.owners, statement.number)
    period = (statement.period_start, statement.period_end, statement.issued_on)
    balances = (statement.opening_balance, statement.closing_balance)
    return (*head, *period, *balances, *(row.money_transaction for row in statement.rows))


async def _read_all(recipes: Sequence[Recipe], reader: _Reader) -> None:
    waiting = iter(recipes)

    async def take() -> None:
        for recipe in waiting:
            await reader.read(recipe)

    async with asyncio.TaskGroup() as group:
        for _ in range(2):
            group.create_task(take())


@asynccontextmanager
async def _others(
    pool: StatementPool, cook: Kitchen, genuine: Statement, waits: list[float]
) -> AsyncIterator[None]:
    """Read the genuine file again and again inside the block, as another client."""

    async def read() -> None:
        while True:
            began = time.monotonic()
            assert await _genuine(pool, cook) == genuine
            waits.append(time.monotonic() - began)
            await asyncio.sleep(PAUSE_SECONDS)

    reading = asyncio.create_task(read())
    try:
        yield
    finally:
        reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await reading


def _below(kind: type[KontoraError]) -> Iterator[type[KontoraError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)


def _session(leader: int) -> list[int]:
    """Return the processes of a session that are still there."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                if int((folder / "stat").read_text().rpartition(") ")[2].split()[3]) == leader:
                    found.append(int(folder.name))
    return found


class Trap:
    """Counts who calls 127.0.0.1 at `port`."""

    def __init__(self, server: socket.socket) -> None:
        self._server = server
        self.port: int = server.getsockname()[1]
        self.count = 0

    def listen(self) -> None:
        """Count calls until the socket is closed."""
        while True:
            try:
                caller, _ = self._server.accept()
            except OSError:
                return
            caller.close()
            self.count += 1


@contextmanager
def trap() -> Iterator[Trap]:
    """Listen where nobody may call."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        made = Trap(server)
        thread = threading.Thread(target=made.listen, daemon=True)
        thread.start()
        yield made
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
    thread.join(5)
