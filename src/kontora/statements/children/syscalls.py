"""What a child may ask of the kernel once it reads a PDF; anything else is refused.

Numbers: `x86_64`, `aarch64`; `None` where a machine has no such call.
Source: Linux 6.1, asm/unistd_64.h and asm-generic/unistd.h.
"""

from __future__ import annotations

import platform

import msgspec

Numbers = tuple[int | None, int | None]

ALLOWED: dict[str, Numbers] = {
    # memory
    "munmap": (11, 215),
    "mremap": (25, 216),
    "brk": (12, 214),
    "madvise": (28, 233),
    "futex": (202, 98),
    "membarrier": (324, 283),
    # what is open already: the line, /dev/null, and pipes of its own
    "read": (0, 63),
    "write": (1, 64),
    "readv": (19, 65),
    "writev": (20, 66),
    "recvfrom": (45, 207),
    "sendto": (44, 206),
    "recvmsg": (47, 212),
    "sendmsg": (46, 211),
    "lseek": (8, 62),
    "fcntl": (72, 25),
    "dup": (32, 23),
    "close": (3, 57),
    "shutdown": (48, 210),
    # an event loop of its own, as pyHanko runs one
    "poll": (7, None),
    "ppoll": (271, 73),
    "select": (23, None),
    "pselect6": (270, 72),
    "epoll_create1": (291, 20),
    "epoll_ctl": (233, 21),
    "epoll_wait": (232, None),
    "epoll_pwait": (281, 22),
    "eventfd2": (290, 19),
    "pipe2": (293, 59),
    # time, chance, and questions about itself
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "nanosleep": (35, 101),
    "gettimeofday": (96, 169),
    "times": (100, 153),
    "getrusage": (98, 165),
    "getrandom": (318, 278),
    "getpid": (39, 172),
    "gettid": (186, 178),
    "getppid": (110, 173),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "uname": (63, 160),
    "sysinfo": (99, 179),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    # signals to itself by the kernel, and the end
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "restart_syscall": (219, 128),
    "exit": (60, 93),
    "exit_group": (231, 94),
}
MMAP: Numbers = (9, 222)
MPROTECT: Numbers = (10, 226)
SOCKETPAIR: Numbers = (53, 199)
IOCTL: Numbers = (16, 29)
CAPSET: Numbers = (126, 91)
LANDLOCK_CREATE_RULESET, LANDLOCK_RESTRICT_SELF = 444, 446


class Machine(msgspec.Struct, frozen=True):
    """A machine whose calls are known. `audit`: how the kernel names it; `place`: its place in `Numbers`."""

    audit: int
    place: int

    def number(self, numbers: Numbers) -> int | None:
        """Return the number of a call here."""
        return numbers[self.place]


_MACHINES = {"x86_64": Machine(0xC000003E, 0), "aarch64": Machine(0xC00000B7, 1)}


def this_machine() -> Machine | None:
    """Return the machine that this runs on; `None` where its calls are not known."""
    return _MACHINES.get(platform.machine())
