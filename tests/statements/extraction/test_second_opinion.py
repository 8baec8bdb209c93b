"""Two parsers that must agree about what a page says."""

from __future__ import annotations

import io

import pikepdf
import pytest
from reportlab.pdfgen.canvas import Canvas
from tests.statements.extraction.drawing import drawn, edited, written

from kontora.statements.extraction import open_document
from kontora.statements.extraction.content import shown_text
from kontora.statements.extraction.fonts import fonts_of
from kontora.statements.extraction.second_opinion import disagrees

PLAIN = drawn(written("saldo 12,50", "2026-05-01"), written("strona 2"))


def disagreements(pdf: bytes) -> tuple[str, ...]:
    return open_document(pdf).anatomy.disagreements


def shown(content: bytes) -> dict[str, bytes]:
    """Read content of a page with simple fonts; text by font."""
    file = pikepdf.new()
    page = file.add_blank_page().obj
    named = {f"/{name}": pikepdf.Dictionary(Type=pikepdf.Name.Font, Mark=name) for name in ("F1", "F2")}
    resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(named))
    page.Contents = file.make_stream(content)
    found = shown_text(page, resources)
    return {found.fonts[key][0]: text for key, text in found.codes.items()}


def test_an_honest_file_has_no_disagreement():
    assert disagreements(PLAIN) == ()


def test_text_in_forms_is_seen_by_both():
    def draw(canvas: Canvas) -> None:
        canvas.beginForm("stamp")
        canvas.setFont("Helvetica", 8)
        canvas.drawString(20, 0, "inside")
        canvas.endForm()
        canvas.doForm("stamp")
        canvas.translate(100, 100)
        canvas.doForm("stamp")

    document = open_document(drawn(draw))
    assert [word.text for word in document.pages[0].words] == ["inside", "inside"]
    assert document.anatomy.disagreements == ()


def test_text_painted_twice_for_bold_is_no_disagreement():
    def bold(canvas: Canvas) -> None:
        canvas.drawString(40, 800, "bold 1")
        canvas.drawString(40.1, 800, "bold 1")

    document = open_document(drawn(bold))
    assert [word.text for word in document.pages[0].words] == ["bold", "1"]
    assert document.anatomy.disagreements == ()


def test_a_file_whose_parsers_count_different_pages_is_told():
    """A count that is too low: pdfium believes it, qpdf counts by itself."""
    file = open_document(edited(PLAIN, lambda file: None).replace(b"/Count 2", b"/Count 1"))
    assert len(file.pages) == 1
    assert file.anatomy.pages_by_second_parser == 2
    assert file.anatomy.disagreements == ("pages",)


def judged(seen: bytes, read: bytes) -> bool:
    """Ask for an opinion of a page that one parser sees as in one file and the other as in another."""
    page = open_document(seen).pages[0]
    with pikepdf.open(io.BytesIO(read)) as file:
        text = shown_text(file.pages[0].obj, file.pages[0].Resources)
        return disagrees(page, text, fonts_of([text]))


@pytest.mark.parametrize(
    ("one", "other", "is_told"),
    [
        ("saldo 12,50", "saldo 12,50", False),
        ("saldo 12,50", "saldo 15,20", False),  # the letters and digits are the same ones
        ("saldo 12,50", "saldo 12,51", True),
        ("saldo 12,50", "saldo 112,50", True),
        ("saldo 112,50", "saldo 12,50", True),
        ("saldo 12,50", "saldo +12.50 -", False),
    ],
)
def test_letters_and_digits_that_differ_are_told(one: str, other: str, is_told: bool):
    assert judged(drawn(written(one)), drawn(written(other))) is is_told


def test_text_in_a_font_whose_codes_say_nothing_is_not_judged():
    def symbols(canvas: Canvas) -> None:
        canvas.setFont("ZapfDingbats", 8)
        canvas.drawString(40, 700, "abc")

    assert disagreements(drawn(symbols)) == ()


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"BT /F1 8 Tf (abc) Tj ET", b"abc"),
        (b"BT /F1 8 Tf [(a) -20 (b) 3 <63>] TJ ET", b"abc"),
        (b"BT /F1 8 Tf <61 62\n6> Tj ET", b"ab`"),
        (rb"BT /F1 8 Tf (\(a\\\101\n) Tj ET", b"(a\\A\n"),
        (rb"BT /F1 8 Tf (\1) Tj (2) Tj ET", b"\x012"),
        (b"BT /F1 8 Tf (a\\\nb) Tj ET", b"ab"),
        (b"BT /F1 8 Tf (a(b(c))d) Tj ET", b"a(b(c))d"),
        (b"BT /F1 8 Tf (a) ' 1 2 (b) \" ET", b"ab"),
        (b"BT /F1 8 Tf /P <</Lang (xx)>> BDC (a) Tj EMC ET", b"a"),
        (b"BT /F1 8 Tf % (no) Tj\n(a) Tj ET", b"a"),
        (b"/F1 8 Tf q /F2 8 Tf Q BT (a) Tj ET", b"a"),
    ],
)
def test_strings_are_read_as_they_are_shown(content: bytes, text: bytes):
    assert shown(content) == {"F1": text}


def test_a_picture_in_the_content_is_not_followed():
    file = pikepdf.new()
    page = file.add_blank_page().obj
    page.Contents = file.make_stream(b"BI /W 1 /H 1 /BPC 8 /CS /G ID (a) Tj EI")
    assert not shown_text(page, None).is_whole


def test_a_string_deeper_than_is_followed_is_not_judged():
    file = pikepdf.new()
    page = file.add_blank_page().obj
    page.Contents = file.make_stream(b"BT /F1 8 Tf (((((deep))))) Tj ET")
    assert not shown_text(page, None).is_whole


def test_a_content_full_of_open_brackets_is_read_quickly():
    file = pikepdf.new()
    page = file.add_blank_page().obj
    page.Contents = file.make_stream(b"(" * 20_000 + b"\\" * 20_000 + b"<" * 20_000 + b"/" * 20_000)
    assert shown_text(page, None).codes == {}


def test_a_form_that_calls_itself_ends():
    file = pikepdf.new()
    page = file.add_blank_page().obj
    form = file.make_stream(b"/X Do /X Do", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form)
    form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=form))
    page.Contents = file.make_stream(b"/X Do")
    assert not shown_text(page, form.Resources).is_whole
