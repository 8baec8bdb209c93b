"""The warm process that children are forked from: single-threaded, no loop, nothing of any task.

It is started as `python -m MODULE FD`, where MODULE calls `serve`. The socket FD brings first what to warm
up, then one message with a socket of its own for each child. It ends when the socket is closed.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from kontora.hardening import harden_process

MESSAGE_BYTES = 64 * 1024


class Asked(msgspec.Struct, frozen=True):
    """A message to the zygote: `fork` a child with the socket that comes along, or `kill` one."""

    what: str
    id: int = 0


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """A message of the zygote: it is `ready`, or a child was `forked` or has `exited`.

    `status`: as `waitpid` tells it; `cpu_seconds`: all that the child used. `note`: what the zygote has to
    say of itself when it is ready.
    """

    what: str
    id: int = 0
    pid: int = 0
    status: int = 0
    cpu_seconds: float = 0.0
    note: str = ""


class Warm(msgspec.Struct, frozen=True):
    """What is ready to be forked. `run_child` is given line and zygote's process id; it ends the process."""

    run_child: Callable[[socket.socket, int], object]
    note: str = ""


class Zygote:
    """Forks children, and tells when they are gone."""

    def __init__(self, control: socket.socket, warm: Warm) -> None:
        self._control = control
        self._warm = warm
        self._ids: dict[int, int] = {}

    def run(self) -> None:
        """Serve until the control socket is closed, then end what is left."""
        wake_read, wake_write = os.pipe()
        os.set_blocking(wake_write, False)
        os.set_blocking(wake_read, False)
        signal.set_wakeup_fd(wake_write)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        poll.register(wake_read, select.POLLIN)
        self._tell(Told("ready", pid=os.getpid(), note=self._warm.note))
        while True:
            ready = {fd for fd, _ in poll.poll()}
            if wake_read in ready:
                os.read(wake_read, 4096)
                self._reap()
            if self._control.fileno() in ready and not self._serve():
                break
        for pid in self._ids:
            os.kill(pid, signal.SIGKILL)

    def _serve(self) -> bool:
        body, sockets, _, _ = socket.recv_fds(self._control, MESSAGE_BYTES, 1)
        if not body:
            return False
        asked = msgspec.json.decode(body, type=Asked)
        if asked.what == "fork":
            self._fork(asked.id, sockets[0])
        else:
            for pid in [pid for pid, known in self._ids.items() if known == asked.id]:
                os.kill(pid, signal.SIGKILL)
        return True

    def _fork(self, child_id: int, line_fd: int) -> None:
        zygote_pid = os.getpid()
        try:
            pid = os.fork()
        except OSError:
            # The line closes without an answer: whoever waits for it knows.
            os.close(line_fd)
            self._tell(Told("exited", child_id, status=1))
            return
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self._control.close()
            self._warm.run_child(socket.socket(fileno=line_fd), zygote_pid)
        os.close(line_fd)
        self._ids[pid] = child_id
        self._tell(Told("forked", child_id, pid))

    def _reap(self) -> None:
        while self._ids:
            pid, status, used = os.wait4(-1, os.WNOHANG)
            if pid == 0:
                return
            cpu_seconds = used.ru_utime + used.ru_stime
            self._tell(Told("exited", self._ids.pop(pid, 0), pid, status, cpu_seconds))

    def _tell(self, told: Told) -> None:
        self._control.send(msgspec.json.encode(told))


def serve(prepare: Callable[[bytes], Warm]) -> None:
    """Be a zygote: warm up with the first message, then fork until nobody is left who could ask."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=int(sys.argv[1]))
    harden_process()
    # Whoever started us may be gone before we are warm: then there is nothing to do.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        if told := control.recv(MESSAGE_BYTES):
            warm = prepare(told)
            _check_threads()
            # What is warm now is shared with the children as long as nobody writes to it.
            gc.collect()
            gc.freeze()
            Zygote(control, warm).run()


def _check_threads() -> None:
    """Make sure that a fork copies all there is.

    Raises: RuntimeError, if there are threads, of Python or of a library.
    """
    tasks = Path("/proc/self/task")
    if threading.active_count() != 1 or (tasks.is_dir() and len(list(tasks.iterdir())) != 1):
        raise RuntimeError("the zygote has threads")
