"""What the verifications say of each file: whether it is refused, by which of them, and where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from kontora.errors import PdfVerificationFailed, StatementError
from kontora.statements.extraction import open_document
from kontora.statements.findings import FailedVerification
from kontora.statements.layout import Layout
from kontora.statements.library import layouts
from kontora.statements.pins import pinned_certificates
from kontora.statements.profiles import Profiles, learn, load_profiles
from kontora.statements.reading import read_pdf
from kontora.statements.readings import ReadingOptions
from tools.tamper_bench.edits import Mask
from tools.tamper_bench.families import TEACHING_SEEDS, Family

TODAY = date(2026, 11, 25)
NEAR = 3.0
"""Points above and below a changed place within which a finding counts as of that line."""


@dataclass(frozen=True)
class Verdict:
    """What was said of one file. `refusal`: the name of the failure, `None` where the file is accepted.

    `found`: the verifications of a refusing severity. `is_placed`: whether one of them points at the line
    that was changed; `None` where that is no place, or the file was refused before it was verified.
    """

    refusal: str | None
    found: tuple[str, ...]
    is_placed: bool | None

    @property
    def is_detected(self) -> bool:
        """Whether standard mode refuses the file."""
        return self.refusal is not None


Judge = Callable[[bytes, tuple[Mask, ...]], Verdict]


def judge_of(family: Family, *, shipped: bool = False) -> Judge:
    """Return who judges files of a family, with a profile learned from its teaching files.

    `shipped`: with the profiles that come with Kontora instead, which hold only what was measured.
    """
    known: tuple[Layout, ...] = layouts()
    pins = pinned_certificates(practice=True)
    if shipped:
        profiles = load_profiles()
    else:
        taught = [open_document(family.make(seed)[0], trusted_certificates=pins) for seed in TEACHING_SEEDS]
        profiles = Profiles([learn(family.layout, taught)])
    is_confirmation = family.layout.endswith("-confirmation")
    options = ReadingOptions(accept_inconsistent=True, confirmations=is_confirmation, today=TODAY)

    def judge(pdf: bytes, masks: tuple[Mask, ...]) -> Verdict:
        try:
            read_pdf(pdf, options, profiles=profiles, layouts=known, pins=pins)
        except PdfVerificationFailed as refusal:
            refusing = [one for one in refusal.failed_verifications if one.severity.refuses]
            placed = any(_is_at(one, masks) for one in refusing) if masks else None
            return Verdict(refusal.name, tuple(sorted({one.name.value for one in refusing})), placed)
        except StatementError as refusal:
            return Verdict(refusal.name, (), None)
        return Verdict(None, (), None)

    return judge


def _is_at(finding: FailedVerification, masks: tuple[Mask, ...]) -> bool:
    if finding.page is None or finding.box is None:
        return False
    _, y0, _, y1 = finding.box
    return any(
        page == finding.page and y0 - NEAR <= top and y1 + NEAR >= bottom for page, _, bottom, _, top in masks
    )
