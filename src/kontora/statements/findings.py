"""What a verification found: a name, how bad it is, where it is, and a sentence for a person."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from kontora.statements.document import Box


class Severity(StrEnum):
    """How bad it is. Standard mode refuses a file with any HIGH or MEDIUM; LOW only informs."""

    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"

    @property
    def refuses(self) -> bool:
        """Whether standard mode refuses a file with it."""
        return self is not Severity.LOW


class Verification(StrEnum):
    """The verifications, by their names on the wire. Source: wire.md, 10.3; pdf.md, 4."""

    SIGNATURE = "signature"
    AMOUNTS = "amounts"
    METADATA = "metadata"
    FONTS = "fonts"
    LOGO = "logo"
    PERIOD = "period"
    KEYWORDS = "keywords"
    STRUCTURE = "structure"
    REVISIONS = "revisions"
    OVERLAY = "overlay"
    HIDDEN_TEXT = "hiddenText"
    GLYPHS = "glyphs"
    GEOMETRY = "geometry"
    SEQUENCE = "sequence"
    ACCOUNT_NUMBER = "accountNumber"


class FailedVerification(msgspec.Struct, frozen=True):
    """A verification that failed. `page` from 1, `box` in points; `None` where it is about the whole file.

    `message`: for a person; names places, never amounts, people or whole account numbers.
    """

    name: Verification
    severity: Severity
    message: str
    page: int | None = None
    box: Box | None = None
