"""Which rows stand on which page."""

from __future__ import annotations

from collections.abc import Sequence


def split(heights: Sequence[float], first: float, later: float, last: float = 0) -> list[range]:
    """Return the rows of each page, at least one page. `first`, `later`: room; `last`: kept for the end."""
    pages: list[range] = []
    begin, used, room = 0, 0.0, first
    for place, height in enumerate(heights):
        if used + height > room and place > begin:
            pages.append(range(begin, place))
            begin, used, room = place, 0.0, later
        used += height
    pages.append(range(begin, len(heights)))
    if used + last > room:
        pages.append(range(len(heights), len(heights)))
    return pages
