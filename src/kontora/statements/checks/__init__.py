"""Verification: whether a file is as its bank made it. One file for each name that a finding may have.

Every check is a function of what was read; none refuses by itself. A check that needs the profile of the
layout's writer says nothing where the profile lacks the fact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from kontora.statements.checks.account_number import check_account_number
from kontora.statements.checks.fonts import check_fonts
from kontora.statements.checks.geometry import check_geometry
from kontora.statements.checks.glyphs import check_glyphs
from kontora.statements.checks.hidden_text import check_hidden_text
from kontora.statements.checks.keywords import check_keywords
from kontora.statements.checks.logo import check_logo
from kontora.statements.checks.metadata import check_metadata
from kontora.statements.checks.overlay import check_overlay
from kontora.statements.checks.period import check_period
from kontora.statements.checks.revisions import check_revisions
from kontora.statements.checks.sequence import check_sequence
from kontora.statements.checks.signature import check_signature
from kontora.statements.checks.structure import check_structure
from kontora.statements.checks.subject import Subject
from kontora.statements.checks.thresholds import PLACES_EACH
from kontora.statements.document import Document
from kontora.statements.findings import FailedVerification, Severity
from kontora.statements.layout import Layout
from kontora.statements.profiles import Profile
from kontora.statements.readings import Confirmation, Statement

__all__ = ["verify"]

CHECKS: tuple[Callable[[Subject], Iterator[FailedVerification]], ...] = (
    check_signature,
    check_revisions,
    check_structure,
    check_metadata,
    check_keywords,
    check_logo,
    check_fonts,
    check_glyphs,
    check_overlay,
    check_hidden_text,
    check_geometry,
    check_sequence,
    check_period,
    check_account_number,
)
SEVERITIES = tuple(Severity)


def verify(
    document: Document,
    layout: Layout,
    profile: Profile | None,
    statement: Statement | None,
    confirmations: tuple[Confirmation, ...],
    *,
    today: date,
) -> tuple[FailedVerification, ...]:
    """Return every verification that fails: of the whole file first, then page by page from the top.

    No sentence is told of more than 40 places. Arithmetic is not among them; see `arithmetic`.
    Source: pdf.md, 4.
    """
    known = profile or Profile(layout=layout.name, source="Nothing is known of the writer.")
    subject = Subject(document, layout, known, statement, confirmations, today)
    return tuple(sorted(_few_of_each(failed for check in CHECKS for failed in check(subject)), key=_place))


def _few_of_each(found: Iterable[FailedVerification]) -> Iterator[FailedVerification]:
    """Leave out what is told twice, and what is told of too many places."""
    times: Counter[str] = Counter()
    for failed in dict.fromkeys(found):
        times[failed.message] += 1
        if times[failed.message] <= PLACES_EACH:
            yield failed


def _place(failed: FailedVerification) -> tuple[int, float, int]:
    top = failed.box[3] if failed.box is not None else float("inf")
    return failed.page or 0, -top, SEVERITIES.index(failed.severity)
