"""Whether the sandbox holds on this machine, found out by trying what must not work."""

from __future__ import annotations

import mmap
import os
import socket
from collections.abc import Callable
from pathlib import Path

import msgspec

from kontora.statements.children.sandbox import Layers, Limits, enter_sandbox

NO_WAY_OUT = (
    "read files",
    "write files",
    "reach the network",
    "start processes",
    "signal others",
    "take memory",
)


class Probed(msgspec.Struct, frozen=True):
    """What a child in the sandbox found. `layers`: those around it; `possible`: what it must not, but can."""

    layers: str
    possible: tuple[str, ...]


def probe_sandbox(limits: Limits, *, namespaces: bool) -> Probed:
    """Fork a child, let it try, and return what it found; a child that cannot tell can do everything."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    parent_pid = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            ours.close()
            layers = enter_sandbox(theirs.fileno(), parent_pid, limits, namespaces=namespaces)
            theirs.sendall(msgspec.json.encode(Probed(str(layers), possible(parent_pid, limits))))
        finally:
            os._exit(0)
    theirs.close()
    with ours:
        told = b"".join(iter(lambda: ours.recv(4096), b""))
    os.waitpid(pid, 0)
    return msgspec.json.decode(told, type=Probed) if told else Probed(str(Layers()), NO_WAY_OUT)


def possible(parent_pid: int, limits: Limits) -> tuple[str, ...]:
    """Try what must not work, and return the names of what does."""
    attempts: tuple[Callable[[], object], ...] = (
        lambda: Path("/etc/passwd").read_bytes(),
        lambda: Path("/tmp/kontora-probe").write_bytes(b"x"),  # noqa: S108 - it must not work
        _reach_network,
        _start_process,
        lambda: os.kill(parent_pid, 0),
        lambda: mmap.mmap(-1, limits.memory_bytes).close(),
    )
    return tuple(name for name, attempt in zip(NO_WAY_OUT, attempts, strict=True) if _works(attempt))


def _works(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except (OSError, MemoryError):
        return False
    return True


def _reach_network() -> None:
    """Raises: OSError, if there is no network to reach; nothing listens where this knocks."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as knocking:
        try:
            knocking.connect(("127.0.0.1", 9))
        except ConnectionRefusedError:
            return  # refused by a machine that was reached


def _start_process() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
