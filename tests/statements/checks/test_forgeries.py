"""Genuine documents of the practice bank, altered as forgers do: each is refused, and by the right name."""

from __future__ import annotations

import io
import re
from functools import cache

import pikepdf
import pytest
from tests.statements.profiles.practice_files import NOW, OTHERS, confirmations, opened, statements

from kontora.errors import PdfNotReadable, PdfVerificationFailed
from kontora.statements.library import layouts
from kontora.statements.pins import pinned_certificates
from kontora.statements.profiles import load_profiles
from kontora.statements.reading import read_pdf
from kontora.statements.readings import ReadingOptions
from kontora.statements.rows.statement import parse_statement

PROFILES = load_profiles()
OPTIONS = {"profiles": PROFILES, "layouts": layouts(), "pins": pinned_certificates(practice=True)}


@cache
def genuine(*, is_sealed: bool = False) -> bytes:
    """A plain statement of a month, or a sealed one."""
    return list(statements(range(OTHERS.start, OTHERS.start + 1)))[2 if is_sealed else 0]


def read(pdf: bytes, **options):
    return read_pdf(pdf, ReadingOptions(today=NOW.date(), **options), **OPTIONS)


def found(pdf: bytes, **options) -> set[str]:
    """The names of what refuses a file in standard mode; empty, if it is accepted."""
    try:
        read(pdf, **options)
    except PdfVerificationFailed as refusal:
        return {each.name.value for each in refusal.failed_verifications if each.severity.refuses}
    return set()


def saved(pdf: pikepdf.Pdf, **options) -> bytes:
    target = io.BytesIO()
    pdf.save(target, **options)
    return target.getvalue()


def amount():
    """Where an amount of the first page stands."""
    layout = next(each for each in layouts() if each.name == "kontobank-statement")
    return parse_statement(opened(genuine()), layout).rows[2].amount_place


def drawn_on_first_page(pdf: bytes, commands: str) -> bytes:
    file = pikepdf.open(io.BytesIO(pdf))
    page = file.pages[0]
    helvetica = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    page.add_resource(helvetica, pikepdf.Name.Font, pikepdf.Name.Helv)
    page.contents_add(f"q {commands} Q".encode())
    return saved(file)


def typed(text: str, x: float, y: float, *, mode: int = 0) -> str:
    return f"BT {mode} Tr 0 g /Helv 8 Tf {x:.2f} {y:.2f} Td ({text}) Tj ET"


@pytest.mark.parametrize("is_sealed", [False, True])
def test_genuine_statements_are_accepted(is_sealed):
    assert found(genuine(is_sealed=is_sealed)) == set()


def test_genuine_confirmations_are_accepted():
    assert all(found(pdf, confirmations=True) == set() for pdf in confirmations(OTHERS))


@pytest.mark.parametrize("options", [{}, {"linearize": True}, {"compress_streams": False}])
def test_a_file_that_was_saved_again_is_refused(options):
    resaved = saved(pikepdf.open(io.BytesIO(genuine())), **options)
    assert "structure" in found(resaved)


def test_an_amount_covered_by_a_white_box_is_found_where_it_stands():
    x0, y0, x1, y1 = amount().box
    box = f"1 g {x0 - 2} {y0 - 2} {x1 - x0 + 4} {y1 - y0 + 4} re f"
    altered = drawn_on_first_page(genuine(), box + " " + typed("-9,99", x0, y0))
    with pytest.raises(PdfVerificationFailed) as refusal:
        read(altered, evidence=True)
    overlays = [each for each in refusal.value.failed_verifications if each.name == "overlay"]
    assert overlays[0].page == 1
    left, low, right, top = overlays[0].box
    assert (left, low) <= (x0 + 1, y0 + 1)
    assert (right, top) >= (x1 - 1, y1 - 1)
    assert len(pikepdf.open(io.BytesIO(refusal.value.evidence_pdf)).pages) > 1


def test_rows_that_cannot_be_read_any_more_are_told_as_altered_in_standard_mode_alone():
    x0, y0, _, _ = amount().box
    altered = drawn_on_first_page(genuine(), typed("-9 999,99", x0 - 20, y0))
    assert "overlay" in found(altered)
    with pytest.raises(PdfNotReadable):
        read(altered, trusted=True)


def test_invisible_text_is_found():
    assert "hiddenText" in found(drawn_on_first_page(genuine(), typed("-9,99", 200, 60, mode=3)))


def test_a_note_over_the_page_is_found():
    file = pikepdf.open(io.BytesIO(genuine()))
    looks = pikepdf.Stream(file, b"1 1 1 rg 0 0 60 12 re f")
    looks.Type, looks.Subtype, looks.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 60, 12]
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.FreeText,
        Rect=list(amount().box),
        AP=pikepdf.Dictionary(N=file.make_indirect(looks)),
    )
    file.pages[0].Annots = file.make_indirect(pikepdf.Array([file.make_indirect(note)]))
    assert found(saved(file)) >= {"overlay", "structure"}


def test_a_removed_page_is_found():
    pdf = next(pdf for pdf in statements(OTHERS) if len(pikepdf.open(io.BytesIO(pdf)).pages) > 1)
    file = pikepdf.open(io.BytesIO(pdf))
    del file.pages[-1]
    assert found(saved(file)) >= {"amounts", "sequence"}


def test_metadata_of_another_program_are_found():
    file = pikepdf.open(io.BytesIO(genuine()))
    file.docinfo["/Producer"] = "iLovePDF"
    assert "metadata" in found(saved(file))


def test_a_version_added_at_the_end_is_found():
    pdf = genuine()
    start = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    trailer = re.findall(rb"trailer\s*<<(.*?)>>\s*startxref", pdf, re.DOTALL)[-1]
    added = b"1 0 obj\n<< /Nothing true >>\nendobj\n"
    place = len(pdf) + len(added)
    end = b"xref\n0 0\ntrailer\n<<%s /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (trailer, start, place)
    assert "revisions" in found(pdf + added + end)


def test_bytes_after_the_end_are_found():
    assert found(genuine() + b"\nsomething") == {"structure"}


@pytest.mark.parametrize("place", [300, 2000, 6000])
def test_a_byte_changed_in_a_sealed_file_is_found(place):
    pdf = bytearray(genuine(is_sealed=True))
    pdf[place] ^= 1
    try:
        names = found(bytes(pdf))
    except PdfNotReadable:
        return  # refused, too
    assert "signature" in names


def test_a_seal_that_nobody_pinned_refuses_where_the_bank_is_known_to_seal():
    unpinned = OPTIONS | {"pins": ()}
    with pytest.raises(PdfVerificationFailed):
        read_pdf(genuine(is_sealed=True), ReadingOptions(today=NOW.date()), **unpinned)


def test_trusted_mode_returns_what_it_says_and_what_failed():
    told = read(genuine() + b"\nsomething", trusted=True)
    assert told.statement is not None
    refusing = [each.name.value for each in told.failed_verifications if each.severity.refuses]
    assert refusing == ["structure"]
