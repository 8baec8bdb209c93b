"""Geometry: amounts that do not end at the edge of their column, cells that stand off their row."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from kontora.statements.checks.cells import DATE, Cell
from kontora.statements.checks.subject import Subject, around
from kontora.statements.checks.thresholds import (
    AGREEING_SHARE,
    BASELINE_POINTS,
    DRAWN_EDGE_POINTS,
    EDGE_POINTS,
    EDGE_SAMPLES,
    LONE_OFFSET_FROM,
)
from kontora.statements.findings import FailedVerification, Severity, Verification
from kontora.statements.fingerprint import rounded_size

EDGE = "This amount does not end where the others of its column do."
BASELINE = "The cells of this row do not stand on one line, as those of the other rows do."
ROUNDS = 3

_Ending = tuple[str, float, str]
"""How a cell ends: font, size and last character, which tells how much air there is at its right."""


def check_geometry(subject: Subject) -> Iterator[FailedVerification]:
    """Find amounts off their column's edge, and cells off their row's baseline."""
    table = subject.layout.table
    is_drawn = table is not None and table.grid is not None and table.grid.drawn_edges
    yield from _edges(subject.cells, DRAWN_EDGE_POINTS if is_drawn else EDGE_POINTS)
    # Where a layout's amounts may stand on any line of a row, they need not stand beside its date.
    if table is None or table.reading is None or not table.reading.any_line:
        yield from _baselines(subject.cells)


def _edges(cells: Sequence[Cell], tolerance: float) -> Iterator[FailedVerification]:
    """Compare the right edges of columns whose cells are set flush right."""
    samples = [
        (cell, _ending(cell), cell.place.box[2]) for cell in cells if cell.words and cell.column != DATE
    ]
    offsets = _offsets([(cell.column, ending, edge) for cell, ending, edge in samples])
    times = Counter(ending for _, ending, _ in samples)
    columns: defaultdict[str, list[tuple[Cell, bool]]] = defaultdict(list)
    for (cell, ending, _), offset in zip(samples, offsets, strict=True):
        if times[ending] >= EDGE_SAMPLES:
            columns[cell.column].append((cell, abs(offset) > tolerance))
    for column in columns.values():
        off = [cell for cell, is_off in column if is_off]
        if _make_a_rule(len(off), len(column)):
            for cell in off:
                yield _failed(EDGE, cell.place.page, cell.place.box)


def _ending(cell: Cell) -> _Ending:
    style = max(cell.styles, key=lambda each: (each.font, each.size))
    return style.font, rounded_size(style.size), cell.words[-1].text[-1]


def _offsets(samples: Sequence[tuple[str, _Ending, float]]) -> list[float]:
    """Return how far each edge is from that of its column, without the air right of its last character.

    Boxes are tight, so that both are unknown: each is the median of what the other leaves, in turn.
    """
    edges: dict[str, float] = {}
    air: dict[_Ending, float] = {ending: 0.0 for _, ending, _ in samples}
    for _ in range(ROUNDS):
        by_column: defaultdict[str, list[float]] = defaultdict(list)
        by_ending: defaultdict[_Ending, list[float]] = defaultdict(list)
        for column, ending, edge in samples:
            by_column[column].append(edge + air[ending])
        edges = {column: median(found) for column, found in by_column.items()}
        for column, ending, edge in samples:
            by_ending[ending].append(edges[column] - edge)
        air = {ending: median(found) for ending, found in by_ending.items()}
    return [edge + air[ending] - edges[column] for column, ending, edge in samples]


def _baselines(cells: Sequence[Cell]) -> Iterator[FailedVerification]:
    """Compare how the cells of each row stand to each other with how those of the other rows do."""
    rows: defaultdict[tuple[int, int], list[Cell]] = defaultdict(list)
    for cell in cells:
        if cell.words:
            rows[cell.row.order, cell.place.page].append(cell)
    steps: defaultdict[tuple[str, str], list[tuple[float, tuple[Cell, Cell]]]] = defaultdict(list)
    for row in rows.values():
        for left, right in pairwise(row):
            step = right.words[-1].baseline - left.words[-1].baseline
            steps[left.column, right.column].append((step, (left, right)))
    for found in steps.values():
        usual = median(step for step, _ in found)
        off = [pair for step, pair in found if abs(step - usual) > BASELINE_POINTS]
        if _make_a_rule(len(off), len(found)):
            for pair in off:
                yield _failed(BASELINE, pair[0].place.page, around(cell.place.box for cell in pair))


def _make_a_rule(off: int, total: int) -> bool:
    """Say whether cells but those that are off make a rule."""
    return off <= (1 - AGREEING_SHARE) * total or (off == 1 and total >= LONE_OFFSET_FROM)


def _failed(message: str, page: int, box: tuple[float, float, float, float]) -> FailedVerification:
    return FailedVerification(Verification.GEOMETRY, Severity.MEDIUM, message, page, box)
