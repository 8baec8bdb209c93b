"""A filter of the kernel on what this process may ask of it. It cannot be taken off again."""

from __future__ import annotations

import ctypes
import errno
import struct
from collections.abc import Iterator

from kontora.statements.children.syscalls import (
    ALLOWED,
    IOCTL,
    MMAP,
    MPROTECT,
    SOCKETPAIR,
    Machine,
    Numbers,
    this_machine,
)

PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
RETURN_ALLOW, RETURN_ERROR, RETURN_KILL = 0x7FFF0000, 0x00050000, 0x80000000
REFUSE = RETURN_ERROR | errno.EPERM
LOAD, EQUALS, AT_LEAST, HAS_BITS, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER_AT, MACHINE_AT, ARGUMENTS_AT, ARGUMENT_BYTES = 0, 4, 16, 8
FOREIGN_CALLS = 0x40000000  # of the x32 interface, which numbers its calls from here
PROT_EXEC, AF_UNIX, FIONBIO = 4, 1, 0x5421

Instruction = tuple[int, int, int, int]
"""Code, how many to skip if true, how many if false, and a value."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def filter_calls() -> bool:
    """Allow what `syscalls.py` lists and refuse the rest with EPERM; tell whether the kernel does so.

    New privileges must be forsworn before.
    """
    machine = this_machine()
    if machine is None:
        return False
    instructions = list(_instructions(machine))
    packed = b"".join(struct.pack("=HBBI", *instruction) for instruction in instructions)
    program = _Program(len(instructions), packed)
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def _instructions(machine: Machine) -> Iterator[Instruction]:
    yield LOAD, 0, 0, MACHINE_AT
    yield EQUALS, 1, 0, machine.audit
    yield RETURN, 0, 0, RETURN_KILL
    yield LOAD, 0, 0, NUMBER_AT
    yield AT_LEAST, 0, 1, FOREIGN_CALLS
    yield RETURN, 0, 0, REFUSE
    # Nothing that was written may be run.
    for numbers in (MMAP, MPROTECT):
        yield from _only(machine, numbers, 2, (HAS_BITS, 0, 1, PROT_EXEC), if_true=REFUSE)
    yield from _only(machine, SOCKETPAIR, 0, (EQUALS, 0, 1, AF_UNIX), if_true=RETURN_ALLOW)
    yield from _only(machine, IOCTL, 1, (EQUALS, 0, 1, FIONBIO), if_true=RETURN_ALLOW)
    for numbers in ALLOWED.values():
        number = machine.number(numbers)
        if number is not None:
            yield EQUALS, 0, 1, number
            yield RETURN, 0, 0, RETURN_ALLOW
    yield RETURN, 0, 0, REFUSE


def _only(
    machine: Machine, numbers: Numbers, argument: int, test: Instruction, *, if_true: int
) -> Iterator[Instruction]:
    """Decide a call by one of its arguments, looking at the lower half of it."""
    number = machine.number(numbers)
    if number is None:
        return
    yield EQUALS, 0, 4, number
    yield LOAD, 0, 0, ARGUMENTS_AT + argument * ARGUMENT_BYTES
    yield test
    yield RETURN, 0, 0, if_true
    yield RETURN, 0, 0, RETURN_ALLOW if if_true == REFUSE else REFUSE
