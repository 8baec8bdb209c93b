"""Landlock: the kernel keeps this process from files, from TCP, and from signals to others, for good."""

from __future__ import annotations

import ctypes
import os

from kontora.statements.children.syscalls import LANDLOCK_CREATE_RULESET, LANDLOCK_RESTRICT_SELF

VERSION_FLAG = 1
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
"""How many rights on files each version knows, from the version on."""
TCP_BIND_AND_CONNECT, TCP_SINCE = 0b11, 4
ABSTRACT_SOCKETS_AND_SIGNALS, SCOPES_SINCE = 0b11, 6


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


def version() -> int:
    """Return the version of Landlock that the kernel has; 0, if none."""
    found = ctypes.CDLL(None).syscall(LANDLOCK_CREATE_RULESET, None, 0, VERSION_FLAG)
    return max(0, int(found))


def deny_everything() -> int:
    """Deny all that this kernel's Landlock can deny; return its version, 0 if there is none.

    Files that are open stay so. New privileges must be forsworn before.
    """
    known = version()
    if not known:
        return 0
    rights = max(count for since, count in FILE_RIGHTS.items() if since <= known)
    ruleset = _Ruleset(
        files=(1 << rights) - 1,
        network=TCP_BIND_AND_CONNECT if known >= TCP_SINCE else 0,
        scopes=ABSTRACT_SOCKETS_AND_SIGNALS if known >= SCOPES_SINCE else 0,
    )
    libc = ctypes.CDLL(None)
    handle = libc.syscall(LANDLOCK_CREATE_RULESET, ctypes.byref(ruleset), ctypes.sizeof(ruleset), 0)
    if handle < 0:
        return 0
    try:
        return known if libc.syscall(LANDLOCK_RESTRICT_SELF, handle, 0) == 0 else 0
    finally:
        os.close(handle)
