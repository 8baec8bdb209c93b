"""Child processes that end with the benchmark, and what `/proc` tells of them: CPU and memory."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from kontora.demo import leash

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
STOP_SECONDS = 15.0
START_SECONDS = 60.0
LOOK_SECONDS = 0.005


class Child:
    """A program that runs beside us. `told` is what followed `ready` in its output."""

    def __init__(self, process: Process, told: str) -> None:
        self.process = process
        self.pid = process.pid
        self.told = told


@asynccontextmanager
async def child(
    arguments: Sequence[str],
    log: Path,
    *,
    ready: str,
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[Child]:
    """Run a program until the block ends; wait for the line of its output that holds `ready`.

    `arguments`: a script beside the interpreter (`kontora`), a path, or `-m` and a module. Errors go to
    `log`, output to `output_of(log)`.
    Raises: RuntimeError, if it ends or does not get ready.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("KONTORA_")}
    with log.open("ab") as errors, output_of(log).open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", leash.__file__, str(os.getpid()), *_program(arguments)),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            env={**inherited, **(environment or {})},
            start_new_session=True,
        )
    try:
        yield Child(process, await _told(process, ready, log))
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def output_of(log: Path) -> Path:
    """Return where the output goes of a program whose errors go to this log."""
    return log.with_name(f"{log.name}.out")


def _program(arguments: Sequence[str]) -> tuple[str, ...]:
    first, *rest = arguments
    if first == "-m":
        return (sys.executable, *arguments)
    return (first if "/" in first else str(Path(sys.executable).with_name(first)), *rest)


async def _told(process: Process, ready: str, log: Path) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.returncode is None:
        written = output_of(log).read_text(errors="replace")
        for line in written.splitlines(keepends=True):
            if ready in line and line.endswith("\n"):
                return line.partition(ready)[2].strip()
        await asyncio.sleep(LOOK_SECONDS)
    words = (written + log.read_text(errors="replace")).strip().splitlines()[-3:]
    raise RuntimeError(f"A program did not get ready ({ready!r}). Its last words: {' / '.join(words)}")


def family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    parents: dict[int, list[int]] = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                parents.setdefault(int(_stat(int(folder.name))[1]), []).append(int(folder.name))
    found, waiting = [], [pid]
    while waiting:
        current = waiting.pop()
        found.append(current)
        waiting += parents.get(current, [])
    return found


def cpu_seconds(pids: Iterable[int]) -> float:
    """Return the CPU time that processes have used so far, by user and kernel."""
    total = 0
    for pid in pids:
        with suppress(OSError):
            fields = _stat(pid)
            total += int(fields[11]) + int(fields[12])
    return total / TICKS


def cpu_seconds_by_program(pid: int) -> dict[str, float]:
    """Return the CPU time of a process and all that descend from it, by the name of the program.

    Descendants that have ended count for the parent that has waited for them.
    """
    found: dict[str, float] = {}
    for member in family(pid):
        with suppress(OSError):
            name, fields = (PROC / str(member) / "comm").read_text().strip(), _stat(member)
            found[name] = found.get(name, 0.0) + sum(int(ticks) for ticks in fields[11:15]) / TICKS
    return found


def memory_bytes(pids: Iterable[int]) -> tuple[int, int]:
    """Return resident and proportional memory; pages that processes share count once in the second."""
    resident = proportional = 0
    for pid in pids:
        with suppress(OSError):
            for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
                if line.startswith("Rss:"):
                    resident += int(line.split()[1]) * 1024
                elif line.startswith("Pss:"):
                    proportional += int(line.split()[1]) * 1024
    return resident, proportional


def _stat(pid: int) -> list[str]:
    """Return the fields of `/proc/<pid>/stat` after the name, which may hold spaces: state, parent, …"""
    return (PROC / str(pid) / "stat").read_text().rpartition(") ")[2].split()
