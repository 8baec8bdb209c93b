"""One PDF, read in a process that can reach nothing and exits afterwards."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from typing import NoReturn

import msgspec

from kontora.children.line import framed, receive
from kontora.errors import PdfNotReadable, PdfVerificationFailed, StatementError
from kontora.logs import described
from kontora.statements.children.order import MOST_ORDER_BYTES, Answer, Order
from kontora.statements.children.sandbox import Limits, enter_sandbox
from kontora.statements.document import Document
from kontora.statements.readings import ReadingOptions, StatementReading

HARD_SECONDS = 30
"""Whoever asked kills the child after 20 seconds; the kernel does it, should nobody be there any more."""

MOST_LINES = 40
Reader = Callable[[bytes, ReadingOptions], StatementReading | Document]


def run_child(
    reader: Reader, line: socket.socket, parent_pid: int, limits: Limits, *, namespaces: bool
) -> NoReturn:
    """Read the file that comes over the line, answer, and leave the process."""
    status = 1
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(HARD_SECONDS)
        enter_sandbox(line.fileno(), parent_pid, limits, namespaces=namespaces)
        order = msgspec.msgpack.decode(receive(line, most_bytes=MOST_ORDER_BYTES), type=Order)
        line.sendall(framed(msgspec.msgpack.encode(answered(reader, order))))
        status = 0
    finally:
        # Without memory for an answer, the closed line is the answer.
        os._exit(status)


def answered(reader: Reader, order: Order) -> Answer:
    """Read a file and tell what came of it; there is nothing that it raises because of the file."""
    try:
        brought = reader(order.pdf, order.options)
        if isinstance(brought, Document):
            return Answer(document=brought)
        return Answer(brought)
    except PdfVerificationFailed as error:
        return Answer(
            refusal=error.name,
            message=error.message,
            failed_verifications=error.failed_verifications,
            evidence_pdf=error.evidence_pdf,
        )
    except StatementError as error:
        cause = () if error.__cause__ is None else _described(error.__cause__)
        return Answer(refusal=error.name, message=error.message, cause=cause)
    except BaseException as error:  # noqa: BLE001 - the edge of the process: whatever a file leads to
        refusal = PdfNotReadable()
        return Answer(
            refusal=refusal.name,
            message=refusal.message,
            cause=_described(error),
            is_bug=not isinstance(error, MemoryError | RecursionError),
        )


def _described(error: BaseException) -> tuple[str, ...]:
    """Return where it began and where it ended; what recurses has many places between."""
    lines = described(error)
    return tuple(lines if len(lines) <= MOST_LINES else (*lines[:10], "  …", *lines[-10:]))
