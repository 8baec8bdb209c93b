"""The way from a cipher text to a credential child and back; this process never sees the plain text."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import msgspec
import structlog

from kontora.commands.credential_order import LENGTH_BYTES, MOST_BYTES, Order, Report, framed
from kontora.commands.credential_zygote import MESSAGE_BYTES, Asked, Told, WarmUp
from kontora.connectors.bank_http import OnUnknownPage, keep_no_page
from kontora.errors import CommandInterrupted, Overloaded, ServiceTemporarilyUnavailable

START_SECONDS = 20.0
ANSWER_SECONDS = 60.0
EXIT_SECONDS = 5.0
MOST_CHILDREN = 64
KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR")
OnBankCall = Callable[[str, str, str, float], None]

log = structlog.get_logger("kontora.commands")


@dataclass
class _Child:
    exited: asyncio.Event = field(default_factory=asyncio.Event)
    pid: int = 0
    status: int | None = None


class CredentialPool:
    """Has one child forked for each step, and makes sure that it is gone afterwards.

    `exited`: the last children that have exited, each as process id and wait status.
    """

    def __init__(
        self, warm_up: WarmUp, on_bank_call: OnBankCall, on_unknown_page: OnUnknownPage = keep_no_page
    ) -> None:
        self._on_unknown_page = on_unknown_page
        self._warm_up = warm_up
        self._on_bank_call = on_bank_call
        self._ids = itertools.count(1)
        self._children: dict[int, _Child] = {}
        self._ready = asyncio.Event()
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._places = asyncio.Semaphore(MOST_CHILDREN)
        self.exited: list[tuple[int, int]] = []

    @asynccontextmanager
    async def running(self) -> AsyncIterator[CredentialPool]:
        """Keep a zygote ready inside the block; it warms up meanwhile."""
        self._start()
        try:
            yield self
        finally:
            self._lose()
            await asyncio.to_thread(self._wait)

    @property
    def pid(self) -> int | None:
        """The process id of the zygote."""
        return None if self._process is None else self._process.pid

    async def take(self, order: Order) -> Report:
        """Have a step taken in a child of its own; returns after the child has exited.

        Raises: Overloaded, before anything is sent to the bank; CommandInterrupted, if the child died;
        ServiceTemporarilyUnavailable, if it took too long.
        """
        async with self._places:
            await self._revive()
            child_id, child = next(self._ids), _Child()
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
            self._children[child_id] = child
            try:
                with theirs:
                    self._ask(Asked("fork", child_id), theirs)
                return await self._talk(ours, order)
            finally:
                await self._see_off(child_id, child)

    async def _talk(self, ours: socket.socket, order: Order) -> Report:
        reader, writer = await asyncio.open_unix_connection(sock=ours)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                writer.write(framed(msgspec.msgpack.encode(order)))
                await writer.drain()
                length = int.from_bytes(await reader.readexactly(LENGTH_BYTES), "big")
                if length > MOST_BYTES:
                    raise CommandInterrupted
                body = await reader.readexactly(length)
        except TimeoutError as error:
            raise ServiceTemporarilyUnavailable(f"{order.target} did not answer in time.") from error
        except (asyncio.IncompleteReadError, OSError) as error:
            raise CommandInterrupted from error
        finally:
            writer.close()
        report = msgspec.msgpack.decode(body, type=Report)
        for call in report.bank_calls:
            self._on_bank_call(call.target, call.operation, call.outcome, call.seconds)
        for page in report.unknown_pages:
            await self._on_unknown_page(page.target, page.step, page.redacted_html)
        if report.bug:
            log.error("credential_step_broke", target=order.target, exception=list(report.bug))
        return report

    async def _see_off(self, child_id: int, child: _Child) -> None:
        """Wait until the child has exited; one that does not is killed."""
        for patience in (EXIT_SECONDS, EXIT_SECONDS):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await child.exited.wait()
                break
            with contextlib.suppress(OSError):
                self._ask(Asked("kill", child_id))
        self._children.pop(child_id, None)
        if child.status is None:
            log.error("credential_child_stays", pid=child.pid)
        elif child.status != 0:
            log.warning("credential_child_died", pid=child.pid, status=child.status)

    async def _revive(self) -> None:
        """Wait for the zygote; start another one, if it is gone."""
        if self._process is None or self._process.poll() is not None:
            log.warning("zygote_starts_again")
            self._lose()
            self._start()
        try:
            async with asyncio.timeout(START_SECONDS):
                await self._ready.wait()
        except TimeoutError as error:
            raise Overloaded from error

    def _start(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environment = {
            name: value for name in KEPT_ENVIRONMENT if (value := os.environ.get(name)) is not None
        }
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                [sys.executable, "-m", "kontora.commands.credential_zygote", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
            )
        self._control = ours
        ours.send(msgspec.json.encode(self._warm_up))
        ours.setblocking(False)
        asyncio.get_running_loop().add_reader(ours.fileno(), self._heard)

    def _ask(self, asked: Asked, line: socket.socket | None = None) -> None:
        if self._control is None:
            raise Overloaded
        fds = [] if line is None else [line.fileno()]
        socket.send_fds(self._control, [msgspec.json.encode(asked)], fds)

    def _heard(self) -> None:
        if self._control is None:
            return
        try:
            body = self._control.recv(MESSAGE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            body = b""
        if not body:
            self._lose()
            return
        told = msgspec.json.decode(body, type=Told)
        if told.what == "ready":
            self._ready.set()
            return
        child = self._children.get(told.id)
        if told.what == "exited":
            self.exited.append((told.pid, told.status))
            del self.exited[:-100]
        if child is not None:
            child.pid = told.pid
            if told.what == "exited":
                child.status = told.status
                child.exited.set()

    def _lose(self) -> None:
        """Let go of a zygote that is gone: its children go with it."""
        self._ready.clear()
        if self._control is not None:
            with contextlib.suppress(RuntimeError):
                asyncio.get_running_loop().remove_reader(self._control.fileno())
            self._control.close()
            self._control = None
        for child in self._children.values():
            child.exited.set()

    def _wait(self) -> None:
        if self._process is not None:
            try:
                self._process.wait(EXIT_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
