"""A program that does one thing at a time when it is told to, so that it can be measured from outside."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from kontora.demo import leash

Order = Callable[[Sequence[str]], Awaitable[int]]
READY = "ready"
ORDER_SECONDS = 120.0
STOP_SECONDS = 15.0


async def obey(orders: Mapping[str, Order]) -> None:
    """Carry out the orders that come by standard input, a line of JSON each, until it ends.

    Each is a list: the name of the order and the logins it is about. The answer is one number.
    """
    print(READY, flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        name, *logins = json.loads(line)
        print(await orders[name](logins), flush=True)


class Worker:
    """A program that obeys."""

    def __init__(self, process: Process, log: Path) -> None:
        self.pid = process.pid
        self._process = process
        self._log = log

    async def tell(self, name: str, logins: Sequence[str]) -> int:
        """Give an order and wait until it is done; return the number that it answers.

        Raises: RuntimeError, if the program ends instead.
        """
        if self._process.stdin is None:
            raise RuntimeError("the program has no standard input")
        self._process.stdin.write(json.dumps([name, *logins]).encode() + b"\n")
        return int(await self.line())

    async def line(self) -> str:
        """Return the next line that the program writes.

        Raises: RuntimeError, if it ends instead.
        """
        if self._process.stdout is None:
            raise RuntimeError("the program has no standard output")
        async with asyncio.timeout(ORDER_SECONDS):
            line = (await self._process.stdout.readline()).decode().strip()
        if not line:
            words = self._log.read_text(errors="replace").strip().splitlines()[-3:]
            raise RuntimeError(f"A program ended. Its last words: {' / '.join(words)}")
        return line


@asynccontextmanager
async def worker(module: str, argument: str, log: Path) -> AsyncIterator[Worker]:
    """Run a module that obeys, with one argument, until the block ends; its errors go to `log`."""
    command = (sys.executable, "-I", "-S", leash.__file__, str(os.getpid()), sys.executable, "-m", module)
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            *command, argument, stdin=PIPE, stdout=PIPE, stderr=errors
        )
    running = Worker(process, log)
    try:
        if (said := await running.line()) != READY:
            raise RuntimeError(f"{module} says {said!r}, not {READY!r}")
        yield running
    finally:
        if process.stdin is not None:
            process.stdin.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
