"""Fonts: what they are, and whether their codes say what their glyphs show."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from reportlab.pdfgen.canvas import Canvas
from tests.statements.extraction.drawing import drawn, edited, written

from kontora.statements.document import FontFile
from kontora.statements.extraction import open_document
from kontora.statements.extraction.glyph_words import broken_runs, contradictions, twins
from kontora.statements.extraction.to_unicode import parse_to_unicode

TEXT = "saldo 0123456789 - , . przelew"
PLAIN = drawn(written(TEXT))


def fonts(pdf: bytes) -> dict[str, FontFile]:
    return {font.resource: font for font in open_document(pdf).anatomy.fonts}


def embedded(pdf: bytes) -> FontFile:
    (found,) = [font for font in open_document(pdf).anatomy.fonts if font.is_embedded]
    return found


def with_table(pdf: bytes, change: dict[bytes, bytes]) -> bytes:
    """Let codes say other characters; both as the table writes them."""

    def swap(file: pikepdf.Pdf) -> None:
        for font in file.pages[0].Resources.Font.values():
            if "/ToUnicode" in font:
                table = font.ToUnicode.read_bytes()
                new = re.sub(rb"<\w+> <\w+>", lambda match: change.get(match[0], match[0]), table)
                font.ToUnicode = file.make_stream(new)

    return edited(pdf, swap)


def test_a_font_tells_what_it_is():
    found = fonts(PLAIN)
    helvetica, own = found["F1"], found["F2+0"]
    assert (helvetica.name, helvetica.subtype, helvetica.encoding) == (
        "Helvetica",
        "Type1",
        "WinAnsiEncoding",
    )
    assert not helvetica.is_embedded
    assert helvetica.file_sha256 is None
    assert own.name.endswith("+BitstreamVeraSans-Roman")
    assert (own.subtype, own.pages, own.has_to_unicode) == ("TrueType", (1,), True)
    assert own.file_sha256 is not None


def test_a_font_tells_the_pages_that_name_it():
    def bold(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 8)
        canvas.drawString(40, 700, "bold")

    found = {
        font.name: font.pages for font in open_document(drawn(written("a"), bold, written("c"))).anatomy.fonts
    }
    # reportlab names all fonts on every page
    assert found["Helvetica-Bold"] == (1, 2, 3)


def test_two_subsets_of_one_font_have_two_hashes():
    one, other = embedded(PLAIN), embedded(drawn(written("inne znaki: \u00f3\u00a7")))
    assert one.file_sha256 != other.file_sha256


def test_an_honest_font_is_not_blamed():
    found = embedded(PLAIN)
    assert (found.mislabelled, found.twins, found.wrong_widths) == ((), (), 0)


def test_a_swap_of_1_and_9_in_the_table_is_seen():
    swapped = with_table(PLAIN, {b"<31> <0031>": b"<31> <0039>", b"<39> <0039>": b"<39> <0031>"})
    assert "0923456781" in [word.text for word in open_document(swapped).pages[0].words]
    assert embedded(swapped).mislabelled == (("1", "9"), ("9", "1"))


def test_a_1_that_says_it_is_a_9_is_seen():
    changed = with_table(PLAIN, {b"<31> <0031>": b"<31> <0039>"})
    assert embedded(changed).mislabelled == (("9", "1"),)


def test_widths_other_than_the_glyphs_are_counted():
    def widen(file: pikepdf.Pdf) -> None:
        for font in file.pages[0].Resources.Font.values():
            if "/ToUnicode" in font:
                widths = [float(width) for width in font.Widths]
                widths[ord("1")] += 50
                widths[ord("2")] += 5
                font.Widths = pikepdf.Array(widths)

    assert embedded(edited(PLAIN, widen)).wrong_widths == 1


def box_glyph(width: int) -> object:
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for point in ((0, 700), (width, 700), (width, 0)):
        pen.lineTo(point)
    pen.closePath()
    return pen.glyph()


CHARACTERS = "0123456789abcdef"


def true_type(characters: str = CHARACTERS, alike: str = "") -> bytes:
    """Build a font of boxes, each character's as wide as its place; those in `alike` share one outline."""
    names = [".notdef", *(f"glyph{ord(each)}" for each in characters)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(each): f"glyph{ord(each)}" for each in characters})
    widths = [
        100,
        *(900 if each in alike else 300 + 10 * place for place, each in enumerate(characters)),
    ]
    builder.setupGlyf(dict(zip(names, map(box_glyph, widths), strict=True)))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (500, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupOS2()
    builder.setupPost(keepGlyphNames=False)
    target = io.BytesIO()
    builder.save(target)
    return target.getvalue()


def compact(characters: str = CHARACTERS) -> bytes:
    """Build a CFF font whose glyphs have the names of their characters."""
    names = [".notdef", *map(glyph_name, characters)]
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(each): glyph_name(each) for each in characters})
    drawings = {}
    for place, name in enumerate(names):
        pen = T2CharStringPen(500, None)
        pen.moveTo((0, 0))
        pen.lineTo((0, 700))
        pen.lineTo((300 + 10 * place, 700))
        pen.closePath()
        drawings[name] = pen.getCharString()
    builder.setupCFF("Boxes", {}, drawings, {})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (500, 0)))
    builder.setupHorizontalHeader()
    builder.setupPost()
    target = io.BytesIO()
    builder.save(target)
    return TTFont(io.BytesIO(target.getvalue())).reader["CFF "]


def glyph_name(character: str) -> str:
    digits = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    return digits[int(character)] if character.isdigit() else character


def table(said: dict[int, str], digits: int = 4) -> bytes:
    rows = "\n".join(f"<{code:0{digits}X}> <{ord(text):04X}>" for code, text in said.items())
    return (
        f"1 begincodespacerange\n<{0:0{digits}X}> <{'F' * digits}>\nendcodespacerange\n"
        f"{len(said)} beginbfchar\n{rows}\nendbfchar\n"
    ).encode()


def of_glyphs(program: bytes, said: dict[int, str], name: str = "ABCDEF+Boxes") -> bytes:
    """Make a page in a font whose codes are the numbers of glyphs and say what is given."""

    def embed(file: pikepdf.Pdf) -> None:
        font = composite(file, program, said, name)
        file.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(G=font))
        codes = "".join(f"{code:04X}" for code in said)
        file.pages[0].Contents = file.make_stream(f"BT /G 8 Tf 40 700 Td <{codes}> Tj ET".encode())

    return edited(drawn(lambda canvas: None), embed)


def composite(file: pikepdf.Pdf, program: bytes, said: dict[int, str], name: str) -> pikepdf.Object:
    is_compact = program[:1] == b"\1"
    stream = file.make_stream(program)
    if is_compact:
        stream.Subtype = pikepdf.Name.CIDFontType0C
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor, FontName=pikepdf.Name(f"/{name}"), Flags=4
    )
    descriptor["/FontFile3" if is_compact else "/FontFile2"] = stream
    descendant = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType0 if is_compact else pikepdf.Name.CIDFontType2,
        BaseFont=pikepdf.Name(f"/{name}"),
        CIDSystemInfo=pikepdf.Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        DW=500,
        FontDescriptor=file.make_indirect(descriptor),
    )
    if not is_compact:
        descendant.CIDToGIDMap = pikepdf.Name.Identity
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type0,
        BaseFont=pikepdf.Name(f"/{name}"),
        Encoding=pikepdf.Name("/Identity-H"),
        DescendantFonts=[file.make_indirect(descendant)],
        ToUnicode=file.make_stream(table(said)),
    )
    return file.make_indirect(font)


HONEST = dict(enumerate(CHARACTERS, 1))


@pytest.mark.parametrize("program", [true_type(), compact()], ids=["TrueType", "CFF"])
def test_an_honest_composite_font_is_not_blamed(program: bytes):
    found = embedded(of_glyphs(program, HONEST))
    assert (found.mislabelled, found.twins, found.wrong_widths) == ((), (), 0)
    assert found.encoding == "Identity-H"


@pytest.mark.parametrize("program", [true_type(), compact()], ids=["by its Unicode table", "by glyph names"])
def test_a_program_contradicts_what_the_file_says(program: bytes):
    found = embedded(of_glyphs(program, HONEST | {11: "b", 12: "a"}))
    assert found.mislabelled == (("a", "b"), ("b", "a"))


def test_one_outline_for_two_digits_is_seen():
    found = embedded(of_glyphs(true_type(alike="19"), HONEST))
    assert found.twins == (("1", "9"),)


def test_two_codes_of_one_glyph_are_no_twins_unless_they_say_different_things():
    assert twins({1: "1", 2: "1"}, {1: b"o", 2: b"o"}) == ()
    assert twins({1: "O", 2: "0"}, {1: b"o", 2: b"o"}) == ()
    assert twins({1: " ", 2: "\u00a0"}, {1: b"o", 2: b"o"}) == ()
    assert twins({1: "8", 2: "3"}, {1: b"o", 2: b"o"}) == (("3", "8"),)


def test_a_second_file_of_the_same_font_is_compared_by_its_outlines():
    stripped = TTFont(io.BytesIO(true_type()))
    del stripped["cmap"]
    target = io.BytesIO()
    stripped.save(target)
    said = dict(zip(range(1, 17), "0923456781abcdef", strict=True))

    def add(file: pikepdf.Pdf) -> None:
        resources = file.pages[0].Resources
        resources.Font.H = composite(
            file, target.getvalue(), {code: said[code] for code in (2, 3, 4, 5, 6, 7, 8, 10)}, "GHIJKL+Boxes"
        )
        file.pages[0].contents_add(b"BT /H 8 Tf 40 600 Td <0002000300040005000600070008000A> Tj ET")

    found = fonts(edited(of_glyphs(true_type(), HONEST), add))
    assert found["G"].mislabelled == ()
    assert found["H"].mislabelled == (("1", "9"), ("9", "1"))


def test_nothing_is_claimed_of_a_font_that_numbers_its_glyphs_as_they_come():
    said = dict(enumerate("2026-05ACD19 3478", 1))
    assert broken_runs(said) == ()


def test_nothing_is_claimed_where_a_digit_is_missing_and_the_others_move_up():
    assert broken_runs(dict(enumerate("013456789", 20))) == ()
    assert broken_runs(dict(enumerate("012345679", 20))) == ()


def test_an_exchange_within_an_ordered_run_is_seen():
    assert broken_runs(dict(enumerate("0923456781", 19))) == (("1", "9"), ("9", "1"))


def test_a_witness_that_mostly_disagrees_is_not_believed():
    said = dict(enumerate("0123456789"))
    assert contradictions(said, {code: {chr(ord(text) + 17)} for code, text in said.items()}) == ()


def test_a_witness_is_not_asked_about_signs_that_look_alike():
    said = dict(enumerate("0123456789-"))
    shown = {code: {text} for code, text in said.items()} | {10: {"\u2212"}}
    assert contradictions(said, shown) == ()


def test_a_simple_font_contradicts_its_own_encoding():
    def name_glyphs(file: pikepdf.Pdf) -> None:
        codes = range(ord("0"), ord("9") + 1)
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type1,
            BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Dictionary(
                BaseEncoding=pikepdf.Name.WinAnsiEncoding,
                Differences=[ord("1"), pikepdf.Name.nine, ord("9"), pikepdf.Name.one],
            ),
            ToUnicode=file.make_stream(table({code: chr(code) for code in codes}, 2)),
        )
        file.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(G=file.make_indirect(font)))
        file.pages[0].Contents = file.make_stream(b"BT /G 8 Tf 40 700 Td (0123456789) Tj ET")

    found = fonts(edited(drawn(lambda canvas: None), name_glyphs))["G"]
    assert found.mislabelled == (("1", "9"), ("9", "1"))


def test_a_broken_font_program_tells_nothing():
    found = embedded(of_glyphs(true_type()[:200], HONEST))
    assert (found.mislabelled, found.twins, found.wrong_widths) == ((), (), 0)
    assert found.is_embedded


def test_an_entry_of_a_table_that_cannot_be_read_is_left_out():
    read = parse_to_unicode(
        b"1 begincodespacerange <00> <FF> endcodespacerange\n3 beginbfchar\n"
        b"<01> <1F600>\n<02> <0031>\n<03> <D83DDE00>\nendbfchar\n"
        b"2 beginbfrange\n<10> <12> <0041>\n<20> <21> [<0061> <00660069>]\nendbfrange"
    )
    assert read is not None
    assert read.code_bytes == 1
    assert read.characters == {2: "1", 3: "😀", 16: "A", 17: "B", 18: "C", 32: "a", 33: "fi"}


def test_a_table_of_endless_ranges_says_nothing():
    assert parse_to_unicode(b"9 beginbfrange\n" + b"<0000> <FFFF> <0041>\n" * 9 + b"endbfrange") is None
