"""Digits told from each other by their outlines."""

from __future__ import annotations

import io
from itertools import combinations
from pathlib import Path

import pytest
import reportlab
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.recordingPen import RecordingPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from tests.statements.extraction.test_fonts import embedded, of_glyphs

from kontora.statements.extraction import open_document
from kontora.statements.extraction.digit_cells import DIGIT_CELLS
from kontora.statements.extraction.glyph_shapes import cells_of, misshapen

DIGITS = "0123456789"
FOLDER = Path(reportlab.__file__).parent / "fonts"
FACES = ("Vera", "VeraBd", "VeraIt", "VeraBI")
HONEST = dict(enumerate(DIGITS))


def digit_cells(face: str) -> dict[int, int]:
    font = TTFont(FOLDER / f"{face}.ttf")
    glyphs, names = font.getGlyphSet(), font.getBestCmap()
    found = {place: cells_of(glyphs[names[ord(digit)]].draw) for place, digit in enumerate(DIGITS)}
    return {place: cells for place, cells in found.items() if cells is not None}


def swapped(one: int, other: int) -> dict[int, str]:
    return HONEST | {one: DIGITS[other], other: DIGITS[one]}


@pytest.mark.parametrize("face", FACES)
def test_an_honest_font_is_not_blamed_by_its_shapes(face: str):
    cells = digit_cells(face)
    assert len(cells) == 10
    assert misshapen(HONEST, cells) == ()


@pytest.mark.parametrize("face", FACES[:3])  # in the fourth, 5 and 6 are too much alike to be told
def test_every_exchange_of_two_digits_is_seen(face: str):
    cells = digit_cells(face)
    for one, other in combinations(range(10), 2):
        assert misshapen(swapped(one, other), cells) == (
            (DIGITS[one], DIGITS[other]),
            (DIGITS[other], DIGITS[one]),
        )


def test_a_digit_that_says_what_another_says_is_seen():
    cells = digit_cells("Vera")
    assert misshapen(HONEST | {1: "9"}, cells) == (("9", "1"),)


def test_two_drawings_of_one_digit_are_not_blamed():
    cells = digit_cells("Vera")
    assert misshapen(HONEST | {10: "7"}, cells | {10: digit_cells("VeraIt")[7]}) == ()


def test_too_few_digits_are_not_judged():
    cells = digit_cells("Vera")
    few = (1, 9, 2, 0, 5)
    assert misshapen({code: swapped(1, 9)[code] for code in few}, {code: cells[code] for code in few}) == ()


def test_a_font_that_draws_digits_in_its_own_way_is_not_judged():
    rings = digit_cells("Vera")[0]
    assert misshapen(swapped(1, 9), dict.fromkeys(range(10), rings)) == ()


def test_an_outline_has_the_same_cells_in_curves_of_both_kinds():
    glyphs = TTFont(FOLDER / "Vera.ttf").getGlyphSet()
    cubic = RecordingPen()
    cubic.moveTo((0, 50))
    for first, second, end in (
        ((0, 78), (22, 100), (50, 100)),
        ((78, 100), (100, 78), (100, 50)),
        ((100, 22), (78, 0), (50, 0)),
        ((22, 0), (0, 22), (0, 50)),
    ):
        cubic.curveTo(first, second, end)
    cubic.closePath()
    quadratic = RecordingPen()
    cubic.replay(Cu2QuPen(quadratic, max_err=1))
    one, other = cells_of(cubic.replay), cells_of(quadratic.replay)
    assert one is not None
    assert other is not None
    assert (one ^ other).bit_count() <= 3
    assert cells_of(glyphs["space"].draw) is None


def test_a_grid_is_filled_from_its_lowest_row():
    def triangle(pen) -> None:
        pen.moveTo((0, 0))
        pen.lineTo((0, 12))
        pen.lineTo((8, 0))
        pen.closePath()

    cells = cells_of(triangle)
    assert cells is not None
    rows = [f"{cells:096b}"[start : start + 8] for start in range(0, 96, 8)]
    assert rows[0].startswith("1111111")
    assert rows[-1] == "00000000"
    assert [row.count("1") for row in rows] == sorted((row.count("1") for row in rows), reverse=True)


def test_the_cells_that_are_kept_of_a_font_are_those_of_its_elder_brother():
    cells, dejavu_sans = digit_cells("Vera"), DIGIT_CELLS[5]
    assert all((kept ^ cells[digit]).bit_count() <= 3 for digit, kept in enumerate(dejavu_sans))
    assert {len(font) for font in DIGIT_CELLS} == {10}


def with_outlines_exchanged() -> bytes:
    """Take the digits of Vera, and let 1 and 9 change their drawings only."""
    font = TTFont(FOLDER / "Vera.ttf")
    subsetter = Subsetter(Options(notdef_outline=True, hinting=False, layout_features=[]))
    subsetter.populate(text=DIGITS + "abcdef")
    subsetter.subset(font)
    glyphs = font["glyf"]
    glyphs["one"], glyphs["nine"] = glyphs["nine"], glyphs["one"]
    target = io.BytesIO()
    font.save(target)
    return target.getvalue()


def test_a_program_whose_drawings_were_exchanged_is_seen():
    program = with_outlines_exchanged()
    said = dict(enumerate(DIGITS + "abcdef", 1))
    pdf = of_glyphs(program, said)
    assert "".join(word.text for word in open_document(pdf).pages[0].words) == DIGITS + "abcdef"
    assert embedded(pdf).mislabelled == (("1", "9"), ("9", "1"))
