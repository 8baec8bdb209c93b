"""Sign-in and import by the web bank: Kontora's connector against Chromium, on the same pages.

CPU: of the program and all that descends from it, from `/proc`, for owners one after the other in a program
that has warmed up; of the browser these are all processes of Chromium, Playwright's driver and its script.
Memory per session: what signed-in sessions add to one program, divided by their number. Pages that processes
share count once (PSS).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

from bench import stand
from bench.fallback_owner import LOGIN
from bench.orders import Worker, worker
from bench.processes import cpu_seconds_by_program, family, memory_bytes
from bench.rows import Row, row

OURS, BROWSER = "bench.fallback_connector", "bench.fallback_browser"
WARM_UP, OWNERS, ROUNDS_OF_OURS = 3, 12, 5
OUR_SESSIONS, BROWSER_SESSIONS = 500, 8
KIB, MIB = 1024, 1024 * 1024
CHROMIUM = "chrom"


@dataclass(frozen=True)
class Measured:
    """One side. CPU in seconds for one owner, memory in bytes.

    `cpu_of_chromium`: the part of its own processes. `cold_cpu`: from the start of the program to the end
    of its first import. `whole`: the program with one signed-in session. `session`: what each other adds.
    `pages`: how often each page of the bank was asked for. `items`: money transactions that came.
    """

    cpu: float
    cpu_of_chromium: float
    cold_cpu: float
    whole: float
    session: float
    pages: dict[str, float]
    items: float


async def run(say: Callable[[str], None]) -> list[Row]:
    """Let both do the same at the same bank, in turn; compare CPU and memory.

    Raises: ValueError, if they did not ask for the same pages, or not the same came.
    """
    async with stand.folder() as where, stand.bank(where) as bank:
        ours = await _measured(bank, where, OURS, rounds=ROUNDS_OF_OURS, sessions=OUR_SESSIONS)
        say(f"connector: {_told(ours)}")
        theirs = await _measured(bank, where, BROWSER, rounds=1, sessions=BROWSER_SESSIONS)
        say(f"browser: {_told(theirs)}; of it Chromium {theirs.cpu_of_chromium * 1e3:.0f} ms")
    if (ours.pages, ours.items) != (theirs.pages, theirs.items):
        raise ValueError(f"not the same was done: {ours}, {theirs}")
    return _rows(ours, theirs)


def _rows(ours: Measured, theirs: Measured) -> list[Row]:
    what = (
        f"fallback, sign-in and import by the web bank, {sum(ours.pages.values()):g} requests: CPU an owner"
    )
    return [
        row(
            f"{what} / Chromium, Playwright's driver and script",
            ours.cpu * 1e3,
            "ms",
            compared_to=theirs.cpu * 1e3,
            target="<= 0.05",
        ),
        row(
            f"{what} / Chromium's processes alone",
            ours.cpu * 1e3,
            "ms",
            compared_to=theirs.cpu_of_chromium * 1e3,
        ),
        row(
            "fallback, the same with the start of the program, for one owner",
            ours.cold_cpu * 1e3,
            "ms",
            compared_to=theirs.cold_cpu * 1e3,
        ),
        row(
            "fallback, memory a session after sign-in (PSS): "
            f"{OUR_SESSIONS} more in one process / {BROWSER_SESSIONS} more contexts in one browser",
            ours.session / KIB,
            "KiB",
            compared_to=theirs.session / KIB,
            target="<= 0.01",
        ),
        row(
            "fallback, memory of all with one session after sign-in (PSS): process / browser and driver",
            ours.whole / MIB,
            "MiB",
            compared_to=theirs.whole / MIB,
        ),
    ]


async def _measured(bank: stand.Bank, where: Path, module: str, *, rounds: int, sessions: int) -> Measured:
    cold_cpu, whole = await _cold(bank, where, module)
    async with _program(bank, where, module) as program:
        await program.tell("read", _logins(WARM_UP))
        await bank.forget_calls()
        before = cpu_seconds_by_program(program.pid)
        items = sum([await program.tell("read", _logins(OWNERS)) for _ in range(rounds)])
        after = cpu_seconds_by_program(program.pid)
        pages = (await bank.log())["web"]["by_operation"]
        used = {name: seconds - before.get(name, 0.0) for name, seconds in after.items()}
        session = await _marginal(program, sessions)
    owners = OWNERS * rounds
    return Measured(
        cpu=sum(used.values()) / owners,
        cpu_of_chromium=sum(used[name] for name in used if name.startswith(CHROMIUM)) / owners,
        cold_cpu=cold_cpu,
        whole=whole,
        session=session,
        pages={name: pages[name] / owners for name in sorted(pages)},
        items=items / owners,
    )


async def _cold(bank: stand.Bank, where: Path, module: str) -> tuple[float, float]:
    """Start a program for one owner; return the CPU of all that, and the memory with one signed in."""
    async with _program(bank, where, module) as program:
        await program.tell("read", _logins(1))
        cpu = sum(cpu_seconds_by_program(program.pid).values())
    async with _program(bank, where, module) as program:
        await program.tell("hold", _logins(1))
        return cpu, _memory(program)


async def _marginal(program: Worker, sessions: int) -> float:
    """Return the bytes that each further signed-in session adds."""
    await program.tell("hold", _logins(1))
    before = _memory(program)
    await program.tell("hold", _logins(sessions))
    return (_memory(program) - before) / sessions


def _memory(program: Worker) -> int:
    return memory_bytes(family(program.pid))[1]


def _logins(count: int) -> list[str]:
    return [f"{LOGIN}.{number}" for number in range(1, count + 1)]


def _program(bank: stand.Bank, where: Path, module: str) -> AbstractAsyncContextManager[Worker]:
    return worker(module, bank.url, where / f"{module}.log")


def _told(measured: Measured) -> str:
    return (
        f"{measured.cpu * 1e3:.1f} ms CPU an owner ({measured.cold_cpu * 1e3:.0f} ms with the start), "
        f"{measured.session / KIB:.1f} KiB a session, {measured.whole / MIB:.0f} MiB with one, "
        f"{measured.items:g} money transactions"
    )
