"""A process that reads a PDF gives up all that it does not need for it, and cannot get it back.

Several layers deny the same thing, because a kernel or a container may lack one of them. What holds here is
found out by trying (`probing.py`) and told at the start.
"""

from __future__ import annotations

import ctypes
import os
import resource
from contextlib import suppress

import msgspec

from kontora.hardening import PR_SET_DUMPABLE, die_with
from kontora.statements.children.landlock import deny_everything
from kontora.statements.children.seccomp import filter_calls
from kontora.statements.children.syscalls import CAPSET, this_machine

MEBIBYTE = 1 << 20
NOBODY = 65534
NICENESS = 5
"""Whoever waits for an answer of the server goes first."""
CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWNET = 0x04000000, 0x08000000, 0x10000000, 0x40000000
APART = CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS
CAPABILITY_VERSION_3 = 0x20080522


class Limits(msgspec.Struct, frozen=True):
    """What one file may use. Source: security.md, U02."""

    memory_bytes: int = 768 * MEBIBYTE
    cpu_seconds: int = 15
    open_files: int = 32


class Layers(msgspec.Struct, frozen=True):
    """Which layers the system has put around a child. `landlock`: its version, 0 if there is none."""

    namespaces: bool = False
    landlock: int = 0
    seccomp: bool = False
    nobody: bool = False

    def __str__(self) -> str:
        names = {
            "namespaces": self.namespaces,
            f"landlock {self.landlock}": bool(self.landlock),
            "seccomp": self.seccomp,
            "user nobody": self.nobody,
        }
        return ", ".join(["limits", *(name for name, holds in names.items() if holds)])


def leave_network() -> bool:
    """Move to namespaces without any network, and all children with it; tell whether the system allows it."""
    libc = ctypes.CDLL(None)
    return any(libc.unshare(flags) == 0 for flags in (APART, CLONE_NEWUSER | APART))


def enter_sandbox(line_fd: int, parent_pid: int, limits: Limits, *, namespaces: bool) -> Layers:
    """Keep the line and /dev/null, and give up everything else; tell which layers hold.

    `parent_pid`: of the process to die with. `namespaces`: whether the network was left before.
    """
    # What libraries complain about may quote the file, so it is not for the log.
    os.dup2(0, 2)
    os.closerange(3, line_fd)
    os.closerange(line_fd + 1, 1 << 16)
    os.nice(NICENESS)
    _limit(limits)
    nobody = _become_nobody()
    libc = ctypes.CDLL(None)
    # A change of the user takes both of these back.
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    die_with(parent_pid)
    _drop_capabilities()
    landlock = deny_everything()
    return Layers(namespaces, landlock, filter_calls(), nobody)


def _limit(limits: Limits) -> None:
    seconds = limits.cpu_seconds
    for what, soft, hard in (
        (resource.RLIMIT_AS, limits.memory_bytes, limits.memory_bytes),
        (resource.RLIMIT_CPU, seconds, seconds + 1),
        (resource.RLIMIT_NOFILE, limits.open_files, limits.open_files),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_NPROC, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        resource.setrlimit(what, (soft, hard))


def _become_nobody() -> bool:
    """Stop being root; tell whether this process is not root now."""
    if os.geteuid() != 0:
        return True
    with suppress(OSError):
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    return os.geteuid() != 0


def _drop_capabilities() -> None:
    """Give up what a namespace of its own, or a start as root, has left of root's rights."""
    machine = this_machine()
    number = None if machine is None else machine.number(CAPSET)
    if number is not None:
        header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
        nothing = (ctypes.c_uint32 * 6)()
        ctypes.CDLL(None).syscall(number, ctypes.byref(header), ctypes.byref(nothing))
