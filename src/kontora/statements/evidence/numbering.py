"""Numbers of findings, how they look, and findings that say the same put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kontora.statements.findings import FailedVerification, Severity, Verification

Shade = tuple[float, float, float]

COLOURS: dict[Severity, Shade] = {
    Severity.HIGH: (0.74, 0.11, 0.13),
    Severity.MEDIUM: (0.79, 0.42, 0.0),
    Severity.LOW: (0.11, 0.37, 0.66),
}
INK: Shade = (0.13, 0.15, 0.19)
PALE: Shade = (0.42, 0.45, 0.50)

TITLES = {
    Verification.SIGNATURE: "Digital signature",
    Verification.AMOUNTS: "Amounts",
    Verification.METADATA: "Metadata",
    Verification.FONTS: "Fonts",
    Verification.LOGO: "Logo",
    Verification.PERIOD: "Period",
    Verification.KEYWORDS: "Keywords",
    Verification.STRUCTURE: "Structure",
    Verification.REVISIONS: "Revisions",
    Verification.OVERLAY: "Overlay",
    Verification.HIDDEN_TEXT: "Hidden text",
    Verification.GLYPHS: "Glyphs",
    Verification.GEOMETRY: "Geometry",
    Verification.SEQUENCE: "Sequence",
    Verification.ACCOUNT_NUMBER: "Account number",
}


class Numbered(NamedTuple):
    """A finding and its number, from 1."""

    number: int
    finding: FailedVerification


class Said(NamedTuple):
    """Findings that say the same: their numbers and pages, in order."""

    numbers: tuple[int, ...]
    pages: tuple[int, ...]
    finding: FailedVerification


def numbered(findings: Sequence[FailedVerification]) -> tuple[Numbered, ...]:
    """Number findings in their order."""
    return tuple(Numbered(number, finding) for number, finding in enumerate(findings, start=1))


def put_together(marked: Iterable[Numbered]) -> list[Said]:
    """Put findings that say the same together, the worst first."""
    groups: dict[tuple[str, str, str], list[Numbered]] = {}
    for each in marked:
        finding = each.finding
        groups.setdefault((finding.name, finding.severity, finding.message), []).append(each)
    said = [
        Said(
            tuple(each.number for each in group),
            tuple(sorted({each.finding.page for each in group if each.finding.page is not None})),
            group[0].finding,
        )
        for group in groups.values()
    ]
    order = list(Severity)
    return sorted(said, key=lambda each: (order.index(each.finding.severity), each.numbers))


def runs(numbers: Sequence[int]) -> str:
    """Write numbers with those that follow each other as one: `1-3, 7`."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][-1] + 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    return ", ".join(str(part[0]) if len(part) == 1 else f"{part[0]}\u2013{part[-1]}" for part in parts)
