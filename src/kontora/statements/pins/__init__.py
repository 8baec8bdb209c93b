"""Pins: the certificates that digital signatures of banks must come from. README.md says how to add one."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509

PINS_DIR = Path(__file__).parent
PRACTICE = "practice"
"""The folder whose certificates anybody can sign with: they are trusted in practice mode alone."""


class PinBroken(ValueError):
    """A file does not hold certificates as PEM; says which."""


def pinned_certificates(
    *, practice: bool, extra: Path | None = None, shipped: Path = PINS_DIR
) -> tuple[bytes, ...]:
    """Return every pinned file as PEM, each with one certificate or more, in the order of their names.

    `extra`: a folder with the operator's own `*.pem` files, which are added.
    Raises: PinBroken.
    """
    files = [file for file in sorted(shipped.glob("*/*.pem")) if practice or file.parent.name != PRACTICE]
    files += sorted(extra.glob("*.pem")) if extra is not None else []
    return tuple(map(_loaded, files))


def _loaded(file: Path) -> bytes:
    written = file.read_bytes()
    try:
        x509.load_pem_x509_certificates(written)
    except ValueError as error:
        raise PinBroken(f"{file.name}: there is no certificate in it") from error
    return written
