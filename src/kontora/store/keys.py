"""The key store: the only place where keys are, outside the database and its backups.

Whoever destroys a key destroys what was sealed under it, in every copy. So keys are never cached, never
wrapped again, and the key store is never backed up.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol, TypeVar

from kontora.errors import ConfigurationError, StoreUnavailable

KEY_BYTES = 32
CHECK_BYTES = 32
# owner-81234, hour-2026112209, consent-77, client-4711, index-1
NAME = re.compile(r"hour-\d{10}|(owner|consent|client|index)-\d{1,19}")
DRAFT, GONE = ".new", ".gone"
DRAFT_SECONDS = 3600.0
T = TypeVar("T")


class KeyDestroyed(Exception):
    """There is no such key: it was destroyed, or never made."""


class KeyStore(Protocol):
    """Named random keys of 256 bits.

    Every call raises StoreUnavailable if the store cannot serve, and ValueError for a malformed name.
    """

    async def create(self, name: str) -> bytes:
        """Return the key of this name, making it if there is none; it is durable before this returns."""

    async def get(self, name: str) -> bytes:
        """Return a key. Raises: KeyDestroyed."""

    async def destroy(self, name: str) -> None:
        """Destroy a key for good. Without such a key, do nothing."""

    async def names(self) -> list[str]:
        """Return the names of all keys, sorted."""

    async def close(self) -> None:
        """Let go of files and connections."""


def check_name(name: str) -> str:
    """Return a well-formed name of a key. Raises: ValueError."""
    if not NAME.fullmatch(name):
        raise ValueError("malformed name of a key")
    return name


class FileKeyStore:
    """Keys as files of mode 0600, one each, in a folder of mode 0700; processes of one machine may share it.

    A file holds the key and a checksum, so that a reader that races with a destruction never takes what the
    file was overwritten with for a key. Reading takes 3 microseconds and is done in place; whatever waits
    for the disk is done in a thread. Overwriting reaches the blocks of plain file systems; a file system
    that copies on write, a snapshot or the spare cells of an SSD may keep them.

    Raises: ConfigurationError, if the folder cannot be used, or anybody else can read it or a key.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = -1
        self._durable = ""
        try:
            self._folder = _open_folder(folder)
            _refuse_others(folder, self._folder)
            self._tidy()
        except BaseException as error:
            if self._folder >= 0:
                os.close(self._folder)
            if isinstance(error, OSError):
                raise ConfigurationError(
                    f"The key store {folder} cannot be used: {error.strerror}."
                ) from error
            raise

    async def create(self, name: str) -> bytes:
        """Return the key of this name, making it if there is none; it is durable before this returns."""
        check_name(name)
        if self._durable == name:
            with suppress(KeyDestroyed):
                return self._translated(lambda: self._read(name))
        key = await asyncio.to_thread(self._translated, lambda: self._create(name))
        self._durable = name
        return key

    async def get(self, name: str) -> bytes:
        """Return a key. Raises: KeyDestroyed."""
        check_name(name)
        return self._translated(lambda: self._read(name))

    async def destroy(self, name: str) -> None:
        """Destroy a key for good. Without such a key, do nothing."""
        check_name(name)
        await asyncio.to_thread(self._translated, lambda: self._destroy(name))

    async def names(self) -> list[str]:
        """Return the names of all keys, sorted."""
        listed = await asyncio.to_thread(self._translated, self._list)
        return sorted(name for name in listed if NAME.fullmatch(name))

    async def close(self) -> None:
        """Let go of the folder."""
        folder, self._folder = self._folder, -1
        if folder >= 0:
            os.close(folder)

    @staticmethod
    def _translated(work: Callable[[], T]) -> T:
        try:
            return work()
        except OSError as error:
            raise StoreUnavailable(f"The key store cannot serve at the moment: {error.strerror}.") from error

    def _read(self, name: str) -> bytes:
        try:
            file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=self._folder)
        except FileNotFoundError:
            raise KeyDestroyed from None
        try:
            content = os.read(file, KEY_BYTES + CHECK_BYTES + 1)
        finally:
            os.close(file)
        key, check = content[:KEY_BYTES], content[KEY_BYTES:]
        if check == _checksum(name, key):
            return key
        # Either it was destroyed after it was opened, or the disk has damaged it.
        try:
            os.stat(name, dir_fd=self._folder)
        except FileNotFoundError:
            raise KeyDestroyed from None
        raise StoreUnavailable("A file of the key store is damaged.")

    def _create(self, name: str) -> bytes:
        try:
            key = self._read(name)
        except KeyDestroyed:
            self._write(name)
            key = self._read(name)
        # Also if another process made it: its folder entry may not be on disk yet.
        os.fsync(self._folder)
        return key

    def _write(self, name: str) -> None:
        """Write a new key aside, then give it its name, unless another process was faster."""
        draft = f".{name}.{secrets.token_hex(8)}{DRAFT}"
        key = secrets.token_bytes(KEY_BYTES)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        file = os.open(draft, flags, mode=0o600, dir_fd=self._folder)
        try:
            os.write(file, key + _checksum(name, key))
            os.fsync(file)
            with suppress(FileExistsError):
                os.link(draft, name, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        finally:
            os.close(file)
            os.unlink(draft, dir_fd=self._folder)

    def _destroy(self, name: str) -> None:
        gone = f".{name}{GONE}"
        self._shred(gone)  # of a destruction that a crash cut short
        with suppress(FileNotFoundError):
            # First out of the way: from here on nobody finds it.
            os.rename(name, gone, src_dir_fd=self._folder, dst_dir_fd=self._folder)
            self._shred(gone)
        os.fsync(self._folder)

    def _shred(self, gone: str) -> None:
        with suppress(FileNotFoundError):
            file = os.open(gone, os.O_WRONLY | os.O_NOFOLLOW, dir_fd=self._folder)
            try:
                os.write(file, secrets.token_bytes(KEY_BYTES + CHECK_BYTES))
                os.fsync(file)
            finally:
                os.close(file)
            os.unlink(gone, dir_fd=self._folder)

    def _list(self) -> list[str]:
        # Opened anew each time: two readers of one open folder would share their place in it.
        folder = os.open(".", os.O_RDONLY | os.O_DIRECTORY, dir_fd=self._folder)
        try:
            with os.scandir(folder) as entries:
                return [entry.name for entry in entries]
        finally:
            os.close(folder)

    def _tidy(self) -> None:
        """Finish the destructions, and drop the drafts, that a crash cut short."""
        for name in self._list():
            if name.endswith(GONE):
                self._shred(name)
            elif name.endswith(DRAFT):
                with suppress(FileNotFoundError):
                    # Another process may be writing a new one.
                    if os.stat(name, dir_fd=self._folder).st_mtime < time.time() - DRAFT_SECONDS:
                        os.unlink(name, dir_fd=self._folder)


def _checksum(name: str, key: bytes) -> bytes:
    return hashlib.sha256(b"kontora key\0" + name.encode() + b"\0" + key).digest()


def _open_folder(folder: Path) -> int:
    if not folder.exists():
        folder.mkdir(mode=0o700, parents=True)
        above = os.open(folder.parent, os.O_RDONLY | os.O_DIRECTORY)
        os.fsync(above)
        os.close(above)
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY)


def _refuse_others(folder: Path, opened: int) -> None:
    found = os.fstat(opened)
    if found.st_uid != os.geteuid():
        raise ConfigurationError(
            f"The key store {folder} belongs to user id {found.st_uid}. Run Kontora as that user."
        )
    if found.st_mode & 0o077:
        raise ConfigurationError(f"The key store {folder} is open to other users. Run: chmod 700 {folder}")
    with os.scandir(opened) as entries:
        for entry in entries:
            try:
                mode = entry.stat(follow_symlinks=False).st_mode
            except FileNotFoundError:  # destroyed this moment
                continue
            if mode & 0o077:
                raise ConfigurationError(
                    f"A file in the key store {folder} can be read by other users. Run: chmod 600 {folder}/*"
                )
