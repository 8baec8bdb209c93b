"""Rows that flow over pages, and labels with values: what most documents are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tools.statement_samples.pages import split
from tools.statement_samples.paper import Paper


@dataclass(frozen=True)
class Frame:
    """Where rows may stand: from `first` on the first page, from `later` on others, down to `bottom`.

    `header`: how much the heading takes on each page; `last`: kept free after the last row.
    """

    first: float
    later: float
    bottom: float
    header: float
    last: float = 40


def flow(
    paper: Paper,
    frame: Frame,
    heights: Sequence[float],
    *,
    header: Callable[[float], None],
    row: Callable[[int, float], None],
    foot: Callable[[int, int], None],
) -> float:
    """Print rows page by page; return where the last ends. `foot` is told the page, and of how many."""
    room = frame.bottom - frame.header
    pages = split(heights, room - frame.first, room - frame.later, last=frame.last)
    y = frame.first
    for number, places in enumerate(pages, 1):
        if number > 1:
            paper.turn()
            y = frame.later
        foot(number, len(pages))
        if places or number == 1:
            header(y)
            y += frame.header
        for place in places:
            row(place, y)
            y += heights[place]
    return y


def fields(
    paper: Paper,
    pairs: Iterable[tuple[str, str]],
    x: float,
    value_x: float,
    y: float,
    *,
    step: float,
    gap: float = 4,
    width: float = 300,
) -> float:
    """Print labels with their values, which wrap; return where the next would stand."""
    for label, value in pairs:
        if label:
            paper.text(x, y, label, bold=True)
        lines = paper.wrap(value, width) if value else [""]
        for line in lines:
            if line:
                paper.text(value_x, y, line)
            y += step
        y += gap
    return y


def paragraph(paper: Paper, x: float, y: float, text: str, width: float, size: float) -> None:
    """Print a text that wraps."""
    for place, line in enumerate(paper.wrap(text, width, size)):
        paper.text(x, y + place * size * 1.2, line, size)
