"""Random ids: 62 bits and more, decimal, within a signed 64-bit integer, never sequential (S01)."""

from __future__ import annotations

import secrets

LOWEST = 2**62
HIGHEST = 2**63 - 1


def random_id() -> int:
    """Return a random id between 2^62 and 2^63 - 1: always 19 digits, 62 random bits."""
    return LOWEST + secrets.randbits(62)
