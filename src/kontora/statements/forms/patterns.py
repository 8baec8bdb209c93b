"""Patterns and labels that layouts may use: matching takes time in proportion to the text."""

from __future__ import annotations

import re
from functools import lru_cache

MAX_PATTERN_LENGTH = 200
# A repeated group can take exponential time; looking around and back references are never needed.
FORBIDDEN = re.compile(r"\)[*+{]|\(\?[=!<]|\\[1-9]|\(\?P=")


def check_pattern(pattern: str) -> None:
    """Refuse a pattern that is too clever.

    Raises: ValueError, if it is long, does not compile, repeats a group, looks around or refers back.
    """
    if len(pattern) > MAX_PATTERN_LENGTH:
        raise ValueError(f"the pattern is longer than {MAX_PATTERN_LENGTH} characters")
    if FORBIDDEN.search(pattern):
        raise ValueError("the pattern repeats a group, looks around or refers back")
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"the pattern does not compile: {error}") from error


def check_labels(*groups: tuple[str, ...] | str | None) -> None:
    """Refuse labels of nothing: they would be found everywhere.

    Raises: ValueError.
    """
    for group in groups:
        labels = (group,) if isinstance(group, str) else group or ()
        if any(not label.strip() for label in labels):
            raise ValueError("a label is empty")


@lru_cache(maxsize=512)
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern once; digits are those of ASCII."""
    return re.compile(pattern, re.ASCII)
