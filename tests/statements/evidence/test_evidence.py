"""The evidence: a legend, and pictures of the pages with frames where something was found."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from kontora.errors import PdfEncrypted, PdfNotReadable
from kontora.statements.evidence import draw_evidence
from kontora.statements.evidence.numbering import COLOURS, numbered, put_together, runs
from kontora.statements.findings import FailedVerification, Severity, Verification

PAGE = (300, 400)
BOX = (100.0, 200.0, 160.0, 208.0)


def two_pages(**options) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=PAGE, invariant=True, **options)
    for number in (1, 2):
        canvas.drawString(20, 380, f"Page number {number}")
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def found(page=None, box=None, severity=Severity.HIGH, message="A filled shape was painted over this text."):
    return FailedVerification(Verification.OVERLAY, severity, message, page, box)


def opened(evidence: bytes) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(evidence)


def text(evidence: bytes, page: int) -> str:
    return opened(evidence)[page].get_textpage().get_text_bounded()


def picture(evidence: bytes, page: int) -> Image.Image:
    return opened(evidence)[page].render(scale=1).to_pil().convert("RGB")


def frame_of(evidence: bytes, page: int, severity: Severity) -> tuple[int, int, int, int]:
    """Return the box around everything in the severity's colour above the notes, from the top left."""
    red, green, blue = (round(255 * part) for part in COLOURS[severity])
    shown = picture(evidence, page).crop((0, 0, 348, 434))
    mask = Image.new("1", shown.size)
    mask.putdata(
        [abs(r - red) + abs(g - green) + abs(b - blue) < 30 for r, g, b in shown.get_flattened_data()]
    )
    box = mask.getbbox()
    assert box is not None
    return box


def test_only_pages_with_findings_follow_the_legend():
    evidence = draw_evidence(two_pages(), [found(), found(2, BOX)])
    assert len(opened(evidence)) == 2
    assert "Page 2 follows" in text(evidence, 0)
    assert text(evidence, 1).startswith("Page 2")


def test_the_legend_tells_each_sentence_with_its_numbers_and_severity():
    findings = [
        found(1, BOX),
        found(1, (10, 10, 20, 20)),
        found(message="Nothing is signed.", severity=Severity.LOW),
    ]
    legend = text(draw_evidence(two_pages(), findings), 0)
    assert "2 high" in legend
    assert "1 low" in legend
    assert "1–2" in legend
    assert "whole file" in legend
    assert "Nothing is signed." in legend


def test_the_frame_stands_around_the_place_with_its_number_at_the_left():
    evidence = draw_evidence(two_pages(), [found(1, BOX)])
    left, top, right, bottom = frame_of(evidence, 1, Severity.HIGH)
    # The picture stands 24 points from the left and 34 from the top.
    assert 24 + 100 - 20 < left < 24 + 100 - 10
    assert 24 + 160 <= right < 24 + 160 + 6
    assert 34 + 400 - 208 - 6 < top <= 34 + 400 - 208
    assert 34 + 400 - 200 <= bottom < 34 + 400 - 200 + 6


def test_places_on_turned_and_cropped_pages_are_framed_where_they_are_seen():
    pdf = pikepdf.open(io.BytesIO(two_pages()))
    pdf.pages[0].Rotate = 90
    pdf.pages[0].CropBox = [50, 100, 250, 300]
    target = io.BytesIO()
    pdf.save(target)
    evidence = draw_evidence(target.getvalue(), [found(1, BOX)])
    _, top, right, bottom = frame_of(evidence, 1, Severity.HIGH)
    # Turned by 90 degrees, the lower edge of the page is at its left.
    assert 24 + 108 <= right < 24 + 108 + 6
    assert 34 + 50 - 6 < top <= 34 + 50
    assert 34 + 110 <= bottom < 34 + 110 + 6


def test_a_place_that_is_tiny_or_beyond_the_page_is_framed_on_the_page():
    evidence = draw_evidence(two_pages(), [found(1, (298, 100, 420, 101), severity=Severity.MEDIUM)])
    _, top, right, bottom = frame_of(evidence, 1, Severity.MEDIUM)
    assert right <= 24 + 300 + 1
    assert bottom - top >= 10


def test_numbers_of_places_that_lie_upon_each_other_do_not():
    evidence = draw_evidence(two_pages(), [found(1, BOX, message=str(number)) for number in range(12)])
    shown = text(evidence, 1)
    assert all(str(number) in shown.split() for number in range(1, 13))


def test_a_page_may_be_framed_nowhere_and_still_be_shown():
    evidence = draw_evidence(two_pages(), [found(2)])
    assert text(evidence, 1).startswith("Page 2")


def test_findings_of_pages_that_do_not_exist_are_in_the_legend_alone():
    assert len(opened(draw_evidence(two_pages(), [found(7, BOX)]))) == 1


def test_a_long_list_goes_on_on_the_next_page():
    evidence = draw_evidence(two_pages(), [found(message=f"Sentence {number}.") for number in range(40)])
    assert len(opened(evidence)) > 1
    assert "Sentence 39." in text(evidence, len(opened(evidence)) - 1)


def test_the_same_findings_draw_the_same_evidence():
    assert draw_evidence(two_pages(), [found(1, BOX)]) == draw_evidence(two_pages(), [found(1, BOX)])


def test_nothing_of_the_file_but_its_picture_is_in_the_evidence():
    pdf = pikepdf.open(io.BytesIO(two_pages()))
    pdf.Root.OpenAction = pdf.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)"))
    target = io.BytesIO()
    pdf.save(target)
    evidence = pikepdf.open(io.BytesIO(draw_evidence(target.getvalue(), [found(1, BOX)])))
    assert "/OpenAction" not in evidence.Root
    assert "Page number" not in text(draw_evidence(target.getvalue(), [found(1, BOX)]), 1)


@pytest.mark.parametrize("revision", [3, 4, 6])
def test_a_polish_password_opens_every_kind_of_encryption(revision: int):
    pdf, target = pikepdf.open(io.BytesIO(two_pages())), io.BytesIO()
    kind = {"R": revision, "aes": revision > 3, "metadata": revision > 3}
    pdf.save(target, encryption=pikepdf.Encryption(owner="o", user="hasło", **kind))
    assert len(opened(draw_evidence(target.getvalue(), [found(1, BOX)], "hasło"))) == 2


def test_a_file_with_a_password_needs_it():
    pdf = pikepdf.open(io.BytesIO(two_pages()))
    target = io.BytesIO()
    pdf.save(target, encryption=pikepdf.Encryption(owner="o", user="secret"))
    assert len(opened(draw_evidence(target.getvalue(), [found(1, BOX)], "secret"))) == 2
    with pytest.raises(PdfEncrypted):
        draw_evidence(target.getvalue(), [found(1, BOX)])


def test_a_file_that_cannot_be_drawn_is_refused():
    with pytest.raises(PdfNotReadable):
        draw_evidence(b"%PDF-1.4\nnothing", [found(1, BOX)])


def test_many_pages_are_shown_up_to_a_limit():
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(100, 100))
    for _ in range(25):
        canvas.drawString(10, 50, "x")
        canvas.showPage()
    canvas.save()
    evidence = draw_evidence(target.getvalue(), [found(page, (10, 10, 20, 20)) for page in range(1, 26)])
    assert len(opened(evidence)) == 21


def test_the_worst_comes_first():
    marked = numbered([found(severity=Severity.LOW), found(severity=Severity.MEDIUM), found()])
    assert [said.numbers for said in put_together(marked)] == [(3,), (2,), (1,)]


@pytest.mark.parametrize(
    ("numbers", "written"), [((1,), "1"), ((1, 2, 3), "1–3"), ((1, 3, 4, 9), "1, 3–4, 9")]
)
def test_numbers_that_follow_each_other_are_written_as_one(numbers, written):
    assert runs(numbers) == written
