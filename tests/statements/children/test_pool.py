"""Statement children: closed in, gone after their file, and whatever ends one is a named refusal."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from tests.statements.children.conftest import PROBES
from tests.statements.children.probes import FAILED

from kontora.errors import (
    Overloaded,
    PdfEncrypted,
    PdfNotReadable,
    PdfTooLarge,
    PdfVerificationFailed,
)
from kontora.statements.children.order import MOST_FILE_BYTES
from kontora.statements.children.pool import StatementPool, read_in_child
from kontora.statements.children.zygote import WarmUp
from kontora.statements.readings import ReadingOptions

OPTIONS = ReadingOptions()


async def told(pool: StatementPool, probe: str) -> str:
    """What the child said of a probe."""
    return (await pool.read(probe.encode(), OPTIONS)).recognised.target


async def child_of(pool: StatementPool) -> int:
    """The process id of the child that is at work, once there is one."""
    await pool.ready()
    async with asyncio.timeout(10):
        while not (found := Path(f"/proc/{pool.pid}/task/{pool.pid}/children").read_text().split()):
            await asyncio.sleep(0.01)
    return int(found[0])


async def test_a_reading_comes_back_whole(pool: StatementPool) -> None:
    reading = await pool.read(b"evidence 5000000", OPTIONS)
    assert reading.evidence_pdf == bytes(5_000_000)
    assert reading.failed_verifications == (FAILED,)
    assert reading.statement is not None and str(reading.statement.closing_balance) == "87.66"


async def test_a_refusal_comes_back_by_its_name_with_what_was_found(pool: StatementPool) -> None:
    with pytest.raises(PdfEncrypted, match="password"):
        await pool.read(b"refuse", OPTIONS)
    with pytest.raises(PdfVerificationFailed, match=r"2 verifications failed\.") as refused:
        await pool.read(b"fail", OPTIONS)
    assert refused.value.failed_verifications == (FAILED, FAILED)
    assert refused.value.evidence_pdf == b"%PDF-evidence"


async def test_the_day_comes_from_outside(pool: StatementPool) -> None:
    assert await told(pool, "today") == "2026-06-01"
    said = await pool.read(b"today", ReadingOptions(today=date(2026, 1, 2)))
    assert said.recognised.target == "2026-01-02"


async def test_each_file_has_a_child_of_its_own_that_is_gone_when_it_is_read(pool: StatementPool) -> None:
    assert await told(pool, "remember Anna") == "nothing"
    assert await told(pool, "remember Bogdan") == "nothing"
    (first, _), (second, _) = pool.exited
    assert len({first, second, pool.pid, os.getpid()}) == 4
    assert not Path(f"/proc/{first}").exists() and not Path(f"/proc/{second}").exists()


@pytest.mark.parametrize(
    ("probe", "stopped"),
    [
        ("read-file /etc/passwd", "PermissionError"),
        ("read-file /proc/self/maps", "PermissionError"),
        ("list-folder /", "PermissionError"),
        ("fork", "PermissionError"),
        ("run", "PermissionError"),
        ("run-code", "PermissionError"),
        ("thread", "RuntimeError"),
        ("ptrace", "Operation not permitted"),
        ("signal 1", "PermissionError"),
        ("open-files", "OSError"),
        ("user", "65534" if os.geteuid() == 0 else str(os.geteuid())),
    ],
)
async def test_a_child_can_reach_nothing(pool: StatementPool, probe: str, stopped: str) -> None:
    assert await told(pool, probe) == stopped


async def test_a_child_can_write_no_file_and_signal_neither_parent_nor_server(
    pool: StatementPool, tmp_path: Path
) -> None:
    tmp_path.chmod(0o777)
    file = tmp_path / "written"
    assert await told(pool, f"write-file {file}") == "PermissionError"
    assert not file.exists()
    for pid in (pool.pid, os.getpid()):
        assert await told(pool, f"signal {pid}") == "PermissionError"


async def test_a_child_cannot_call_home(pool: StatementPool, tmp_path: Path) -> None:
    with listening() as (port, calls):
        assert await told(pool, f"connect 127.0.0.1:{port}") == "PermissionError"
        with socket.socket(socket.AF_UNIX) as local:
            local.bind(str(tmp_path / "socket"))
            local.listen()
            assert await told(pool, f"unix {tmp_path / 'socket'}") == "PermissionError"
    assert calls == []


@contextmanager
def listening() -> Iterator[tuple[int, list[object]]]:
    """A listener that keeps who called it."""
    calls: list[object] = []

    def listen() -> None:
        while True:
            try:
                calls.append(server.accept()[1])
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], calls
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


async def test_a_child_has_nothing_open_but_its_line(pool: StatementPool) -> None:
    fds = (await told(pool, "nothing-open")).split(",")
    assert fds[:3] == ["0", "1", "2"] and len(fds) == 4


async def test_what_a_library_complains_of_is_not_written_anywhere(
    pool: StatementPool, capfd: pytest.CaptureFixture[str]
) -> None:
    await pool.read(b"complain", OPTIONS)
    assert "words on" not in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("probe", "status"),
    [
        ("allocate", 0),
        ("recurse", 0),
        ("break", 0),
        ("leave", 0),
        ("segfault", signal.SIGSEGV),
        ("kill-hard", signal.SIGSEGV),
        ("spin", signal.SIGXCPU),
    ],
)
async def test_whatever_ends_a_child_is_one_refusal_and_the_next_file_is_read(
    pool: StatementPool, probe: str, status: int
) -> None:
    with pytest.raises(PdfNotReadable):
        await pool.read(probe.encode(), OPTIONS)
    ((pid, ended),) = pool.exited
    assert ended == status
    assert not Path(f"/proc/{pid}").exists()
    assert await told(pool, "say hello") == "hello"


async def test_a_child_that_only_waits_is_killed_when_its_time_is_over() -> None:
    async with StatementPool(PROBES, wall_seconds=0.5).running() as pool:
        await pool.ready()
        began = time.monotonic()
        with pytest.raises(PdfNotReadable, match="stopped after"):
            await pool.read(b"sleep 60", OPTIONS)
        assert time.monotonic() - began < 3
        ((pid, status),) = pool.exited
        assert (status, Path(f"/proc/{pid}").exists()) == (signal.SIGKILL, False)
        assert await told(pool, "say hello") == "hello"


async def test_a_bug_is_told_by_type_and_place_and_without_a_value(
    pool: StatementPool, log: io.StringIO
) -> None:
    with pytest.raises(PdfNotReadable):
        await pool.read(b"break", OPTIONS)
    (line,) = [line for line in log.getvalue().splitlines() if "statement_reading_broke" in line]
    assert "KeyError" in line and "probes.py" in line
    assert "Przykladna" not in log.getvalue()


async def test_memory_ends_at_its_limit(pool: StatementPool) -> None:
    mebibytes = int(await told(pool, "malloc"))
    assert 400 < mebibytes < 768


async def test_a_child_that_answers_nonsense_is_not_believed(pool: StatementPool) -> None:
    with pytest.raises(PdfNotReadable):
        await pool.read(b"lie", OPTIONS)


async def test_a_file_that_spins_does_not_hold_up_the_next_one(pool: StatementPool) -> None:
    spinning = asyncio.create_task(pool.read(b"spin", OPTIONS))
    await child_of(pool)
    assert await told(pool, "say hello") == "hello"
    assert not spinning.done()
    with pytest.raises(PdfNotReadable):
        await spinning


async def test_who_goes_away_takes_the_child_along(pool: StatementPool) -> None:
    reading = asyncio.create_task(pool.read(b"sleep 1.5", OPTIONS))
    at_work = await child_of(pool)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert pool.exited == [(at_work, signal.SIGKILL)]
    assert not Path(f"/proc/{at_work}").exists()
    assert await told(pool, "say hello") == "hello"


async def test_a_warm_process_that_dies_is_replaced(pool: StatementPool) -> None:
    assert await told(pool, "say hello") == "hello"
    old = pool.pid
    assert old is not None
    os.kill(old, signal.SIGKILL)
    async with asyncio.timeout(20):
        while True:
            try:
                assert await told(pool, "say again") == "again"
                break
            except (Overloaded, PdfNotReadable):
                await asyncio.sleep(0.01)
    assert pool.pid != old


async def test_children_die_with_the_warm_process(pool: StatementPool) -> None:
    reading = asyncio.create_task(pool.read(b"sleep 1.5", OPTIONS))
    at_work = await child_of(pool)
    assert pool.pid is not None
    os.kill(pool.pid, signal.SIGKILL)
    with pytest.raises(PdfNotReadable):
        await reading
    async with asyncio.timeout(5):
        while Path(f"/proc/{at_work}").exists():
            await asyncio.sleep(0.01)


async def test_a_file_that_cannot_even_be_sent_is_too_large(pool: StatementPool) -> None:
    with pytest.raises(PdfTooLarge):
        await pool.read(bytes(MOST_FILE_BYTES + 1), OPTIONS)
    assert pool.exited == []


async def test_the_start_says_which_protections_hold(pool: StatementPool, log: io.StringIO) -> None:
    await pool.ready()
    assert pool.probed is not None
    assert pool.probed.possible == ()
    assert pool.probed.layers.startswith("limits, ")
    assert pool.probed.layers in log.getvalue()


async def test_a_reader_that_cannot_be_made_is_told_at_once(capfd: pytest.CaptureFixture[str]) -> None:
    pool = StatementPool(WarmUp(reader="tests.statements.children.probes:nothing"))
    began = time.monotonic()
    async with pool.running():
        with pytest.raises(Overloaded):
            await pool.read(b"say hello", OPTIONS)
    assert time.monotonic() - began < 10
    assert "AttributeError" in capfd.readouterr().err


def test_a_file_is_read_without_a_loop_of_ones_own() -> None:
    assert read_in_child(b"say hello", OPTIONS, warm_up=PROBES).recognised.target == "hello"
