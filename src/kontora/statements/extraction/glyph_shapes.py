"""What digits look like: their outlines laid over a grid of cells and compared with digits of plain fonts.

No picture is read: an outline is mathematics, and two digits of one font differ in a dozen cells at least.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import combinations
from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.ttLib.tables._g_l_y_f import Glyph

from kontora.statements.extraction.digit_cells import DIGIT_CELLS
from kontora.statements.extraction.glyph_words import DIGITS, Pair

COLUMNS, ROWS = 8, 12
CURVE_STEPS = 4
QUADRATIC_STEPS = tuple(
    ((1 - part) ** 2, 2 * part * (1 - part), part**2)
    for part in (step / CURVE_STEPS for step in range(1, CURVE_STEPS + 1))
)
MAX_EDGES = 2_000

GAIN = 10
"""So many cells must fit better, if two digits are to be taken for each other."""
LEAST_RIGHT = 4
RIGHT_SHARE = 0.7
"""So many of a font's other digits have to look as they say; other fonts draw digits in ways of their own."""

Draw = Callable[[Any], None]
Edge = tuple[float, float, float, float]


class _Edges(BasePen):  # type: ignore[misc] # fontTools has no types
    """Takes an outline as straight lines."""

    def __init__(self) -> None:
        super().__init__(None)
        self.edges: list[Edge] = []
        self._start = (0.0, 0.0)

    def _moveTo(self, point: tuple[float, float]) -> None:
        self._start = point

    def _lineTo(self, point: tuple[float, float]) -> None:
        self.edges.append((*self._getCurrentPoint(), *point))

    def _curveToOne(self, first: Any, second: Any, end: Any) -> None:
        begin = self._getCurrentPoint()
        last = begin
        for step in range(1, CURVE_STEPS + 1):
            part = step / CURVE_STEPS
            rest = 1 - part
            point = tuple(
                rest**3 * a + 3 * rest * rest * part * b + 3 * rest * part * part * c + part**3 * d
                for a, b, c, d in zip(begin, first, second, end, strict=True)
            )
            self.edges.append((*last, *point))
            last = point

    def _qCurveToOne(self, control: Any, end: Any) -> None:
        x0, y0 = self._getCurrentPoint()
        (x1, y1), (x2, y2) = control, end
        last_x, last_y = x0, y0
        for of_begin, of_control, of_end in QUADRATIC_STEPS:
            x = of_begin * x0 + of_control * x1 + of_end * x2
            y = of_begin * y0 + of_control * y1 + of_end * y2
            self.edges.append((last_x, last_y, x, y))
            last_x, last_y = x, y

    def _closePath(self) -> None:
        self.edges.append((*self._getCurrentPoint(), *self._start))


def misshapen(said: Mapping[int, str], cells: Mapping[int, int]) -> tuple[Pair, ...]:
    """Return digits whose outlines are those of other digits, as pairs of (said, shown).

    Only an exchange is told, or a digit that another code has already: one outline may be drawn oddly, two
    that fit crosswise are not by chance.
    """
    codes = [code for code in cells if len(said.get(code, "")) == 1 and said[code] in DIGITS]
    fits = {code: _fits(cells[code]) for code in codes}
    digits = {code: int(said[code]) for code in codes}
    right = {code for code in codes if min(range(10), key=fits[code].__getitem__) == digits[code]}
    suspects = sorted(_suspects(codes, digits, fits, right), key=lambda found: found[0], reverse=True)
    told: set[int] = set()
    pairs: set[Pair] = set()
    for _, one, other, found in suspects:  # the best fit first: a code is exchanged once
        if told & {one, other} or len(right - {one, other}) < max(
            LEAST_RIGHT, RIGHT_SHARE * (len(codes) - 2)
        ):
            continue
        told |= {one, other}
        pairs.update(found)
    return tuple(sorted(pairs))


def _suspects(
    codes: list[int], digits: Mapping[int, int], fits: Mapping[int, list[int]], right: set[int]
) -> Iterator[tuple[int, int, int, tuple[Pair, ...]]]:
    """Give pairs of codes that fit better otherwise: how many cells better, the codes, and what to tell."""
    for one, other in combinations(codes, 2):
        a, b = digits[one], digits[other]
        if a != b:
            gain = fits[one][a] + fits[other][b] - fits[one][b] - fits[other][a]
            if gain >= GAIN:
                yield gain, one, other, ((DIGITS[a], DIGITS[b]), (DIGITS[b], DIGITS[a]))
        elif (one in right) != (other in right):
            wrong = other if one in right else one
            shown = min(range(10), key=fits[wrong].__getitem__)
            gain = fits[wrong][a] - fits[wrong][shown]
            if gain >= GAIN and shown not in digits.values():
                yield gain, one, other, ((DIGITS[a], DIGITS[shown]),)


def _fits(cells: int) -> list[int]:
    """Return how many cells differ from each digit, in the font where it differs least."""
    return [min((cells ^ font[digit]).bit_count() for font in DIGIT_CELLS) for digit in range(10)]


@lru_cache(maxsize=2048)
def cells_of_true_type(outline: bytes) -> int | None:
    """Return the cells of a TrueType outline; the same bytes come again in every file of a writer."""
    glyph = Glyph(outline)
    return cells_of(lambda pen: glyph.draw(pen, None))


def cells_of(draw: Draw) -> int | None:
    """Return the cells of its own box that an outline fills, as bits; `None` for none, or too long a one.

    `draw`: draws the outline with a pen of fontTools.
    """
    pen = _Edges()
    draw(pen)
    edges = [edge for edge in pen.edges if edge[1] != edge[3]]
    if not edges or len(edges) > MAX_EDGES:
        return None
    xs = [x for edge in pen.edges for x in (edge[0], edge[2])]
    ys = [y for edge in edges for y in (edge[1], edge[3])]
    left, right, low, high = min(xs), max(xs), min(ys), max(ys)
    middles = [left + (column + 0.5) / COLUMNS * (right - left) for column in range(COLUMNS)]
    cells = 0
    for crossings in _crossings(edges, low, high):
        winding, place = 0, 0
        for x in middles:
            while place < len(crossings) and crossings[place][0] <= x:
                winding += crossings[place][1]
                place += 1
            cells = cells << 1 | (winding != 0)
    return cells


def _crossings(edges: list[Edge], low: float, high: float) -> list[list[tuple[float, int]]]:
    """Return where the middle of each row crosses the outline, from left to right, and which way it goes."""
    rows = [low + (row + 0.5) / ROWS * (high - low) for row in range(ROWS)]
    found: list[list[tuple[float, int]]] = [[] for _ in rows]
    scale = ROWS / (high - low)
    for x0, y0, x1, y1 in edges:
        lower, upper, way = (y0, y1, 1) if y1 > y0 else (y1, y0, -1)
        first = max(0, int((lower - low) * scale - 0.5))
        last = min(ROWS - 1, int((upper - low) * scale))
        slope = (x1 - x0) / (y1 - y0)
        for row in range(first, last + 1):
            if lower <= rows[row] < upper:
                found[row].append((x0 + (rows[row] - y0) * slope, way))
    for crossings in found:
        crossings.sort()
    return found
