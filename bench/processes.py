"""Child processes that end with the benchmark, and what `/proc` tells of them: CPU and memory."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from kontora.demo import leash

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
STOP_SECONDS = 15.0
START_SECONDS = 60.0


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
    """Run a program of this Python until the block ends; wait for the line that begins with `ready`.

    `arguments`: a script beside the interpreter (`kontora`), or `-m` and a module. Errors go to `log`.
    Raises: RuntimeError, if it ends or does not get ready.
    """
    program = arguments if arguments[0] != "-m" else (sys.executable, *arguments)
    if arguments[0] != "-m":
        program = (str(Path(sys.executable).with_name(arguments[0])), *arguments[1:])
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("KONTORA_")}
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", leash.__file__, str(os.getpid()), *program),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=PIPE,
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


async def _told(process: Process, ready: str, log: Path) -> str:
    output = process.stdout
    try:
        async with asyncio.timeout(START_SECONDS):
            while output is not None and (line := await output.readline()):
                text = line.decode(errors="replace").strip()
                if text.startswith(ready):
                    return text.removeprefix(ready).strip()
    except TimeoutError:
        pass
    written = log.read_text(errors="replace").strip().splitlines()[-3:]
    raise RuntimeError(f"A program did not get ready ({ready!r}). Its last words: {' / '.join(written)}")


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
