"""What a test has a child do instead of reading: the file's bytes name it."""

from __future__ import annotations

import ctypes
import os
import socket
import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

from kontora.errors import PdfEncrypted, PdfVerificationFailed
from kontora.model import MoneyTransaction, TransactionStatus
from kontora.statements.children.zygote import WarmUp
from kontora.statements.findings import FailedVerification, Severity, Verification
from kontora.statements.readings import (
    DocumentType,
    EvidenceGrade,
    Place,
    ReadingOptions,
    Recognised,
    Statement,
    StatementReading,
    StatementRow,
)

Read = Callable[[bytes, ReadingOptions], StatementReading]
PLACE = Place(1, (40.0, 700.0, 100.0, 708.0))
FAILED = FailedVerification(Verification.AMOUNTS, Severity.HIGH, "Balance after row 1 does not follow.", 1)


def reading(name: str = "KontoBank", *, evidence: bytes | None = None) -> StatementReading:
    """A reading of one row; `name` is where a probe says what it found."""
    row = StatementRow(
        MoneyTransaction(date(2026, 5, 1), Decimal("-12.34"), TransactionStatus.DONE),
        0,
        PLACE,
        PLACE,
        PLACE,
    )
    statement = Statement(
        iban="PL61109010140000071219812874",
        iban_place=PLACE,
        currency="PLN",
        account_name=None,
        owners=(),
        period_start=date(2026, 5, 1),
        period_end=date(2026, 5, 31),
        period_place=PLACE,
        opening_balance=Decimal("100.00"),
        opening_place=PLACE,
        closing_balance=Decimal("87.66"),
        closing_place=PLACE,
        rows=(row,),
    )
    recognised = Recognised(
        "kontobank-statement",
        name,
        "KontoBank",
        "KontoBank",
        "pl",
        DocumentType.STATEMENT,
        EvidenceGrade.MEASURED,
        True,
    )
    return StatementReading(recognised, statement, (), (FAILED,), True, 1, evidence)


def make_reader(said: WarmUp) -> Read:
    """What the zygote is told to read with."""
    return read


def read(pdf: bytes, options: ReadingOptions) -> StatementReading:
    """Do what the file says."""
    name, _, argument = pdf.decode().partition(" ")
    found = PROBES[name](argument, options)
    return found if isinstance(found, StatementReading) else reading(str(found))


def _tried(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except (OSError, MemoryError, RuntimeError) as error:
        return type(error).__name__
    return "it worked"


def _connect(argument: str, options: ReadingOptions) -> str:
    host, port = argument.split(":")
    return _tried(lambda: socket.create_connection((host, int(port)), 2).sendall(b"called home"))


def _unix(argument: str, options: ReadingOptions) -> str:
    return _tried(lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).connect(argument))


def _fork(argument: str, options: ReadingOptions) -> str:
    def fork() -> None:
        if os.fork() == 0:
            time.sleep(30)
            os._exit(0)

    return _tried(fork)


def _run(argument: str, options: ReadingOptions) -> str:
    return _tried(lambda: os.execv("/bin/true", ["true"]))


def _allocate(argument: str, options: ReadingOptions) -> str:
    kept = []
    while True:
        kept.append(bytes(16 << 20))


def _allocate_and_hold(argument: str, options: ReadingOptions) -> str:
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    count = 0
    while libc.malloc(ctypes.c_size_t(1 << 20)):
        count += 1
    return str(count)


def _spin(argument: str, options: ReadingOptions) -> str:
    while True:
        pass


def _sleep(argument: str, options: ReadingOptions) -> StatementReading:
    time.sleep(float(argument))
    return reading()


def _run_code(argument: str, options: ReadingOptions) -> str:
    import mmap

    return _tried(lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC))


def _ptrace(argument: str, options: ReadingOptions) -> str:
    libc = ctypes.CDLL(None, use_errno=True)
    return "it worked" if libc.ptrace(16, os.getppid(), 0, 0) == 0 else os.strerror(ctypes.get_errno())


def _read_nowhere(argument: str, options: ReadingOptions) -> StatementReading:
    ctypes.string_at(0)
    return reading()


def _recurse(argument: str, options: ReadingOptions) -> StatementReading:
    return _recurse(argument, options)


def _refuse(argument: str, options: ReadingOptions) -> StatementReading:
    raise PdfEncrypted


def _fail(argument: str, options: ReadingOptions) -> StatementReading:
    raise PdfVerificationFailed(failed_verifications=(FAILED, FAILED), evidence_pdf=b"%PDF-evidence")


def _break(argument: str, options: ReadingOptions) -> StatementReading:
    raise KeyError("5201 with Anna Przykladna inside")


def _leave(argument: str, options: ReadingOptions) -> StatementReading:
    sys.exit(0)


def _kill_hard(argument: str, options: ReadingOptions) -> StatementReading:
    # Signals are out of reach, and abort() knows another way.
    os.abort()


def _lie(argument: str, options: ReadingOptions) -> StatementReading:
    return StatementReading("nonsense", None, (), (), True, 1)  # type: ignore[arg-type]


def _complain(argument: str, options: ReadingOptions) -> StatementReading:
    os.write(1, b"words on stdout\n")
    os.write(2, b"words on stderr\n")
    return reading()


def _remember(argument: str, options: ReadingOptions) -> StatementReading:
    before = ",".join(REMEMBERED)
    REMEMBERED.append(argument)
    return reading(before or "nothing")


REMEMBERED: list[str] = []
PROBES: dict[str, Callable[[str, ReadingOptions], StatementReading | str]] = {
    "say": lambda argument, options: argument,
    "today": lambda argument, options: str(options.today),
    "read-file": lambda argument, options: _tried(lambda: Path(argument).read_bytes()),
    "list-folder": lambda argument, options: _tried(lambda: list(Path(argument).iterdir())),
    "write-file": lambda argument, options: _tried(lambda: Path(argument).write_bytes(b"x")),
    "connect": _connect,
    "unix": _unix,
    "fork": _fork,
    "run": _run,
    "run-code": _run_code,
    "ptrace": _ptrace,
    "signal": lambda argument, options: _tried(lambda: os.kill(int(argument), 0)),
    "thread": lambda argument, options: _tried(_thread),
    "user": lambda argument, options: str(os.geteuid()),
    "open-files": lambda argument, options: _tried(lambda: [os.dup(0) for _ in range(64)]),
    "allocate": _allocate,
    "malloc": _allocate_and_hold,
    "spin": _spin,
    "sleep": _sleep,
    "segfault": _read_nowhere,
    "recurse": _recurse,
    "refuse": _refuse,
    "fail": _fail,
    "break": _break,
    "leave": _leave,
    "kill-hard": _kill_hard,
    "lie": _lie,
    "complain": _complain,
    "remember": _remember,
    "evidence": lambda argument, options: reading(evidence=bytes(int(argument))),
    "nothing-open": lambda argument, options: ",".join(str(fd) for fd in range(64) if _is_open(fd)),
}


def _thread() -> None:
    import threading

    threading.Thread(target=lambda: None).start()


def _is_open(fd: int) -> bool:
    import fcntl

    try:
        fcntl.fcntl(fd, fcntl.F_GETFD)
    except OSError:
        return False
    return True
