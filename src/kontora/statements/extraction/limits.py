"""What a PDF may need before it is refused."""

from __future__ import annotations

import msgspec

MEBIBYTE = 1 << 20


class ExtractionLimits(msgspec.Struct, frozen=True):
    """The limits of one file. `unfolded_bytes`: what all its streams unpack to; `painted`: objects on pages.

    Source: security.md, U01, U04.
    """

    file_bytes: int = 10 * MEBIBYTE
    pages: int = 200
    objects: int = 200_000
    unfolded_bytes: int = 200 * MEBIBYTE
    painted: int = 400_000
    characters: int = 2_000_000


DEFAULT_LIMITS = ExtractionLimits()
