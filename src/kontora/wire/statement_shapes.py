"""What the wire room reads of statements: the shapes of the data, wherever it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol


class Finding(Protocol):
    """A verification that failed."""

    @property
    def name(self) -> str:
        """One of the names of `wire.md` 10.3."""
        ...

    @property
    def severity(self) -> str:
        """`HIGH`, `MEDIUM` or `LOW`."""
        ...

    @property
    def message(self) -> str:
        """A sentence for a person."""
        ...

    @property
    def page(self) -> int | None:
        """From 1; `None` where it is about the whole file."""
        ...

    @property
    def box(self) -> tuple[float, float, float, float] | None:
        """In points, origin at the bottom left."""
        ...


class Origin(Protocol):
    """Which document it is."""

    @property
    def layout(self) -> str:
        """The layout's name."""
        ...

    @property
    def target(self) -> str:
        """The bank's name on the wire."""
        ...

    @property
    def official_name(self) -> str:
        """The bank's own name."""
        ...


class StatementFacts(Origin, Protocol):
    """How a statement was read."""

    @property
    def document_type(self) -> str:
        """`STATEMENT` or `HISTORY`."""
        ...

    @property
    def period_start(self) -> date | None:
        """The first day it speaks of."""
        ...

    @property
    def period_end(self) -> date | None:
        """The last day it speaks of."""
        ...

    @property
    def is_consistent(self) -> bool:
        """Whether its arithmetic proves that it is whole."""
        ...

    @property
    def failed_verifications(self) -> Sequence[Finding]:
        """Empty, if all held."""
        ...


class KeptStatement(StatementFacts, Protocol):
    """A statement that is kept."""

    @property
    def file_name(self) -> str | None:
        """As it was sent."""
        ...

    @property
    def mode(self) -> str:
        """`STANDARD` or `TRUSTED`."""
        ...


class KnownLayout(Origin, Protocol):
    """A layout of the catalogue. `is_consistent`: `None` for confirmations."""

    @property
    def document_type(self) -> str:
        """`STATEMENT`, `HISTORY` or `CONFIRMATION`."""
        ...

    @property
    def title(self) -> str:
        """What the document is called."""
        ...

    @property
    def country(self) -> str:
        """Two letters."""
        ...

    @property
    def grade(self) -> str:
        """How it is known: `measured`, `parsers` or `assumed`."""
        ...

    @property
    def is_consistent(self) -> bool | None:
        """Whether its arithmetic can prove that a document is whole."""
        ...
