"""The way to children: a zygote that is kept, and a child for each task that is gone afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import msgspec
import structlog

from kontora.children.line import MessageTooLong, framed, receive_from
from kontora.children.zygote import MESSAGE_BYTES, Asked, Told
from kontora.errors import Overloaded

START_SECONDS = 20.0
EXIT_SECONDS = 5.0
EXITS_KEPT = 100

log = structlog.get_logger("kontora.children")


class ChildDied(Exception):
    """A child ended without an answer, or answered with more than it may."""


class Child:
    """A forked child, and the line to it. `status`: as `waitpid` tells it, once it has exited."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self.exited = asyncio.Event()
        self.pid = 0
        self.status: int | None = None

    async def ask(self, order: bytes, *, most_bytes: int) -> bytes:
        """Send the child its task and wait for the answer; once, the line is closed after it.

        Raises: ChildDied.
        """
        reader, writer = await asyncio.open_unix_connection(sock=self._line)
        try:
            writer.write(framed(order))
            await writer.drain()
            return await receive_from(reader, most_bytes=most_bytes)
        except (EOFError, OSError, MessageTooLong) as error:
            raise ChildDied from error
        finally:
            writer.close()

    def close(self) -> None:
        """Close the line, if nobody has."""
        with contextlib.suppress(OSError):
            self._line.close()


class ChildPool:
    """Has one child forked for each task, and makes sure that it is gone afterwards.

    `module`: what the zygote runs; `warm_up`: the first message to it. `name`: what the log calls the
    children. `environment`: which variables the zygote keeps. `on_ready`: is told what the zygote notes.
    `exited`: the last children that have exited, each as process id and wait status; `cpu_seconds`: what
    each of them used, from its fork to its end.
    """

    def __init__(
        self,
        module: str,
        warm_up: bytes,
        *,
        name: str,
        most_children: int,
        environment: Sequence[str],
        on_ready: Callable[[str], None] = lambda note: None,
    ) -> None:
        self._module = module
        self._warm_up = warm_up
        self._name = name
        self._environment = environment
        self._on_ready = on_ready
        self._places = asyncio.Semaphore(most_children)
        self._ids = itertools.count(1)
        self._children: dict[int, Child] = {}
        self._settled = asyncio.Event()  # the zygote is warm, or gone
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self.exited: list[tuple[int, int]] = []
        self.cpu_seconds: list[float] = []

    @asynccontextmanager
    async def running(self) -> AsyncIterator[ChildPool]:
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

    @asynccontextmanager
    async def child(self) -> AsyncIterator[Child]:
        """Have a child forked for the block; it has exited when the block is left.

        One that has answered may end by itself; if the block fails otherwise, it is killed.
        Raises: Overloaded, if there is no zygote to fork it.
        """
        async with self._places:
            await self._revive()
            child_id = next(self._ids)
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
            child = self._children[child_id] = Child(ours)
            try:
                with theirs:
                    self._ask(Asked("fork", child_id), theirs)
                yield child
            except BaseException as error:
                if not isinstance(error, ChildDied):
                    self._kill(child_id)
                raise
            finally:
                child.close()
                await self._see_off(child_id, child)

    async def ready(self) -> None:
        """Wait until the zygote is warm.

        Raises: Overloaded, if it does not get warm, or ends.
        """
        try:
            async with asyncio.timeout(START_SECONDS):
                await self._settled.wait()
        except TimeoutError as error:
            raise Overloaded from error
        if self._control is None:
            raise Overloaded

    async def _see_off(self, child_id: int, child: Child) -> None:
        """Wait until the child has exited; one that does not is killed."""
        for _ in range(2):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(EXIT_SECONDS):
                    await child.exited.wait()
                break
            self._kill(child_id)
        self._children.pop(child_id, None)
        if child.status is None:
            log.error("child_stays", name=self._name, pid=child.pid)
        elif child.status != 0:
            log.warning("child_died", name=self._name, pid=child.pid, status=child.status)

    async def _revive(self) -> None:
        """Wait for the zygote; start another one, if it is gone."""
        if self._process is None or self._process.poll() is not None:
            log.warning("zygote_starts_again", name=self._name)
            self._lose()
            self._start()
        await self.ready()

    def _start(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environment = {
            name: value for name in self._environment if (value := os.environ.get(name)) is not None
        }
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                [sys.executable, "-m", self._module, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
            )
        self._control = ours
        self._settled.clear()
        ours.send(self._warm_up)
        ours.setblocking(False)
        asyncio.get_running_loop().add_reader(ours.fileno(), self._heard)

    def _ask(self, asked: Asked, line: socket.socket | None = None) -> None:
        if self._control is None:
            raise Overloaded
        fds = [] if line is None else [line.fileno()]
        try:
            socket.send_fds(self._control, [msgspec.json.encode(asked)], fds)
        except OSError as error:
            raise Overloaded from error

    def _kill(self, child_id: int) -> None:
        # Without a zygote there is no child either: it takes them along.
        with contextlib.suppress(Overloaded):
            self._ask(Asked("kill", child_id))

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
        self._learn(msgspec.json.decode(body, type=Told))

    def _learn(self, told: Told) -> None:
        if told.what == "ready":
            self._settled.set()
            self._on_ready(told.note)
            return
        if told.what == "exited":
            self.exited.append((told.pid, told.status))
            self.cpu_seconds.append(told.cpu_seconds)
            del self.exited[:-EXITS_KEPT], self.cpu_seconds[:-EXITS_KEPT]
        child = self._children.get(told.id)
        if child is not None:
            child.pid = told.pid
            if told.what == "exited":
                child.status = told.status
                child.exited.set()

    def _lose(self) -> None:
        """Let go of a zygote that is gone: its children go with it."""
        self._settled.set()
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
