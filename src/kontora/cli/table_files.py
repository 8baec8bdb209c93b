"""Tables on their way in and out: read twice without being held, written whole or not at all."""

from __future__ import annotations

import codecs
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, BinaryIO

from kontora.errors import InvalidArgument

STDIN = "-"
HELD_BYTES = 64 * 1024 * 1024
UTF_8 = "utf-8-sig"
OF_COUNTRY = {"es": "cp1252", "pt": "cp1252"}
OTHERS = "cp1250"


@contextmanager
def opened_table(file: str) -> Iterator[BinaryIO]:
    """Open a table that can be read again from its start; `-` takes stdin.

    What stdin brings beyond 64 MiB lies in a file without a name, which is gone when the program ends.
    Raises: InvalidArgument.
    """
    if file == STDIN:
        with _held(sys.stdin.buffer) as held:
            yield held
        return
    try:
        stream = Path(file).open("rb")  # noqa: SIM115 - closed below; a failure inside the block is not ours
    except OSError as error:
        raise InvalidArgument(f"{file} cannot be read: {error.strerror}.") from error
    with stream:
        if stream.seekable():
            yield stream
        else:
            with _held(stream) as held:
                yield held


@contextmanager
def _held(stream: BinaryIO) -> Iterator[BinaryIO]:
    with tempfile.SpooledTemporaryFile(max_size=HELD_BYTES) as held:
        shutil.copyfileobj(stream, held)
        yield held  # type: ignore[misc] # a SpooledTemporaryFile is all that a BinaryIO is, since 3.11


def fallback_of(country: str) -> str:
    """Return how Windows wrote texts in a country before UTF-8."""
    return OF_COUNTRY.get(country, OTHERS)


@contextmanager
def text_of(table: BinaryIO, encoding: str) -> Iterator[io.TextIOWrapper]:
    """Read a table from its start, with line ends as they are."""
    table.seek(0)
    text = io.TextIOWrapper(table, encoding=encoding, newline="")
    try:
        yield text
    finally:
        text.detach()


def starts_with_mark(table: BinaryIO) -> bool:
    """Tell whether a table says of itself that it is UTF-8.

    Raises: InvalidArgument, if it is UTF-16, or no text at all.
    """
    table.seek(0)
    start = table.read(4096)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in start:
        raise InvalidArgument("The table is not UTF-8 but UTF-16, or no text. Save it as CSV in UTF-8.")
    return start.startswith(codecs.BOM_UTF8)


@contextmanager
def written(out: Path | None, *, with_mark: bool) -> Iterator[IO[str]]:
    """Write UTF-8: to stdout, or to a file that is there only when all of it is written.

    `with_mark`: a file begins as the one that was read does. Raises: InvalidArgument.
    """
    if out is None:
        text = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
        try:
            yield text
            text.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise InvalidArgument(f"The output cannot be written: {error.strerror}.") from error
        finally:
            # What is left in it belongs to nobody any more; closing it would write again.
            with suppress(OSError):
                text.detach()
        return
    try:
        handle, draft = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    except OSError as error:
        raise InvalidArgument(f"{out} cannot be written: {error.strerror}.") from error
    try:
        with os.fdopen(handle, "w", encoding=UTF_8 if with_mark else "utf-8", newline="") as file:
            yield file
        Path(draft).replace(out)
    except OSError as error:
        raise InvalidArgument(f"{out} cannot be written: {error.strerror}.") from error
    finally:
        Path(draft).unlink(missing_ok=True)
