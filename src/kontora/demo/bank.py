"""KontoBank as a child process: a separate program, started by its command and spoken to over HTTP alone."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from kontora.demo import leash
from kontora.demo.failures import DemoFailed

READY = "KontoBank listens on "
START_SECONDS = 20.0
STOP_SECONDS = 3.0


class PracticeBank:
    """A KontoBank that is starting or running."""

    def __init__(self, process: Process, log: Path) -> None:
        self._process = process
        self._log = log

    async def ready(self) -> str:
        """Wait until it listens, and return its URL.

        Raises: DemoFailed, with the last line that it wrote.
        """
        try:
            async with asyncio.timeout(START_SECONDS):
                return await self._url()
        except TimeoutError as error:
            raise DemoFailed(f"KontoBank did not start within {START_SECONDS:.0f} seconds.") from error

    async def _url(self) -> str:
        output = self._process.stdout
        while output is not None and (line := await output.readline()):
            text = line.decode(errors="replace").strip()
            if text.startswith(READY):
                return text.removeprefix(READY)
        written = self._log.read_text(errors="replace").strip().splitlines() or ["it said nothing"]
        raise DemoFailed(f"KontoBank ended before it was ready: {written[-1]}")


@asynccontextmanager
async def practice_bank(folder: Path, *options: str) -> AsyncIterator[PracticeBank]:
    """Run `kontobank serve` on a free port of 127.0.0.1; it writes its log into the folder.

    Raises: DemoFailed, if the program is not installed beside this one.
    """
    program = Path(sys.executable).with_name("kontobank")
    if not program.exists():
        raise DemoFailed(f"The program {program} is missing. `make install` installs it.")
    log = folder / "kontobank.log"
    serve = (str(program), "serve", "--host", "127.0.0.1", "--port", "0", *options)
    with log.open("wb") as log_file:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", leash.__file__, str(os.getpid()), *serve),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=log_file,
            start_new_session=True,  # Ctrl-C is for the demo alone
        )
    try:
        yield PracticeBank(process, log)
    finally:
        await _end(process)


async def _end(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
