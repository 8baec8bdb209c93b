"""Opening a file that may be encrypted. Older kinds take bytes, and writers differ in which they make."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf

SPELLINGS = ("utf-8", "pdfdoc", "cp1250", "iso-8859-2", "latin-1")


def opened_with_password(pdf: bytes, password: str | None) -> tuple[pikepdf.Pdf, bytes | None]:
    """Open a file, and tell with which bytes; `None`, if it needs no password to be read.

    Raises: pikepdf.PasswordError.
    """
    try:
        return pikepdf.open(io.BytesIO(pdf)), None
    except pikepdf.PasswordError:
        for spelling in _spellings(password or ""):
            try:
                return pikepdf.open(io.BytesIO(pdf), password=spelling), spelling
            except pikepdf.PasswordError:
                continue
        raise


def decrypted(pdf: bytes, password: str | None) -> bytes:
    """Write a file anew without its encryption.

    Raises: pikepdf.PasswordError.
    """
    file, _ = opened_with_password(pdf, password)
    with file:
        return without_encryption(file)


def without_encryption(file: pikepdf.Pdf) -> bytes:
    """Write a file anew without its encryption, for a reader that does not know the kind."""
    target = io.BytesIO()
    file.save(target, encryption=False, fix_metadata_version=False)
    return target.getvalue()


def _spellings(password: str) -> Iterator[bytes]:
    given = set()
    for name in SPELLINGS:
        try:
            spelling = password.encode(name)
        except UnicodeEncodeError:
            continue
        if spelling and spelling not in given:
            given.add(spelling)
            yield spelling
