"""Files on the way through statement children, for the command line."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from kontora.errors import InvalidArgument, PdfVerificationFailed, StatementError

if TYPE_CHECKING:
    from kontora.statements.children.pool import StatementPool
    from kontora.statements.findings import FailedVerification
    from kontora.statements.readings import ReadingOptions, StatementReading

T = TypeVar("T")
AT_ONCE = 4
"""Files in memory; fewer are read at the same time."""


@dataclass(frozen=True)
class Came:
    """What came of a file: a reading, or a refusal."""

    file: Path
    reading: StatementReading | None = None
    refusal: StatementError | None = None

    @property
    def failed_verifications(self) -> tuple[FailedVerification, ...]:
        """What failed; also of a file that was refused for it."""
        if self.reading is not None:
            return self.reading.failed_verifications
        if isinstance(self.refusal, PdfVerificationFailed):
            return self.refusal.failed_verifications
        return ()

    @property
    def evidence_pdf(self) -> bytes | None:
        """The pages with the suspicious places framed, if it was asked for and there are any."""
        if self.reading is not None:
            return self.reading.evidence_pdf
        return self.refusal.evidence_pdf if isinstance(self.refusal, PdfVerificationFailed) else None


async def read_file(pool: StatementPool, file: Path, options: ReadingOptions) -> Came:
    """Read a file in a child."""
    try:
        return Came(file, reading=await pool.read(await contents(file), options))
    except StatementError as refusal:
        return Came(file, refusal=refusal)


async def contents(file: Path) -> bytes:
    """Return what a file holds.

    Raises: InvalidArgument, if it cannot be read.
    """
    try:
        return await asyncio.to_thread(file.read_bytes)
    except OSError as error:
        raise InvalidArgument(f"{file} cannot be read.") from error


def given_password() -> str:
    """Return the first line of standard input.

    Raises: InvalidArgument, if it is empty.
    """
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise InvalidArgument("--password-stdin, but there is no password on standard input.")
    return password


def prepare_folder(folder: Path) -> None:
    """Make a folder to write to.

    Raises: InvalidArgument, if that does not work.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidArgument(f"{folder} cannot be written to.") from error


def quiet_log() -> None:
    """Log bugs alone: whatever else happens to a file is told by the command."""
    from kontora.logs import configure_logging

    configure_logging("ERROR", style="console")


async def side_by_side(work: Callable[[Path], Coroutine[Any, Any, T]], files: Sequence[Path]) -> list[T]:
    """Do the same with all files, a few at once, and return what came in their order.

    A bar on stderr shows how far it is, if there are several. The first failure ends all.
    """
    places = asyncio.Semaphore(AT_ONCE)
    with _progress(len(files)) as advance:

        async def one(file: Path) -> T:
            async with places:
                came = await work(file)
            advance()
            return came

        tasks = [asyncio.create_task(one(file)) for file in files]
        try:
            return [await task for task in tasks]
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)


@contextmanager
def _progress(count: int) -> Iterator[Callable[[], None]]:
    if count == 1:
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    # Results go to stdout, which may be a file: it is not the bar's to write to.
    with Progress(console=Console(stderr=True), transient=True, redirect_stdout=False) as progress:
        task = progress.add_task("Reading", total=count)
        yield lambda: progress.advance(task)
