"""Genuine files of the practice bank, to learn its profiles from and to try them on.

`python -m tests.statements.profiles.practice_files` learns the shipped ones anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import msgspec

import kontora.statements.layouts
from kontobank.books import Books
from kontobank.statements.desk import Desk
from kontobank.statements.orders import Kind, Order, fulfil
from kontora.statements.document import Document
from kontora.statements.extraction import open_document
from kontora.statements.pins import pinned_certificates
from kontora.statements.profiles import SUFFIX, Profile, learn, profile_json

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
MONTHS = ("2026-10", "2026-09", "2026-08")
TEACHING, OTHERS = range(1, 11), range(101, 107)
SCENARIOS = ("single", "coowners", "pending", "sealed")
SEALED = "Dokument opatrzony pieczęcią elektroniczną KontoBank S.A."
STATEMENT, CONFIRMATION = "kontobank-statement", "kontobank-confirmation"
SHIPPED = Path(kontora.statements.layouts.__path__[0]) / "pl_kontobank"


@cache
def _desk() -> Desk:
    return Desk(Books(seed=7), lambda: NOW)


def statements(seeds: range) -> Iterator[bytes]:
    """Statements of months and of chosen days, plain and sealed."""
    for seed in seeds:
        login = f"{SCENARIOS[seed % len(SCENARIOS)]}.{seed}"
        for is_signed in (False, True):
            month = MONTHS[seed % len(MONTHS)]
            yield fulfil(_desk(), Order(login=login, month=month, signed=is_signed)).pdf
            first = datetime(2026, 10, 1 + seed % 20, tzinfo=UTC).date()
            yield fulfil(_desk(), Order(login=login, kind=Kind.HISTORY, first=first, signed=is_signed)).pdf


def confirmations(seeds: range) -> Iterator[bytes]:
    """Confirmations of one money transaction and of several, plain and sealed."""
    for seed in seeds:
        for is_signed in (False, True):
            for numbers in ((1 + seed % 5,), (1, 2, 3)):
                login = f"{SCENARIOS[seed % len(SCENARIOS)]}.{seed}"
                order = Order(login=login, kind=Kind.CONFIRMATION, numbers=numbers, signed=is_signed)
                yield fulfil(_desk(), order).pdf


def opened(pdf: bytes) -> Document:
    """Read a file as an installation for practice does."""
    return open_document(pdf, trusted_certificates=pinned_certificates(practice=True))


def learned(layout: str) -> Profile:
    """Learn a profile from the teaching files."""

    make = statements if layout == STATEMENT else confirmations
    profile = learn(layout, [opened(pdf) for pdf in make(TEACHING)])
    source = "Learned from the practice bank's own documents, plain and sealed."
    return msgspec.structs.replace(profile, source=source, signed_marks=(SEALED,))


if __name__ == "__main__":
    for name in (STATEMENT, CONFIRMATION):
        (SHIPPED / f"{name}{SUFFIX}").write_bytes(profile_json(learned(name)))
