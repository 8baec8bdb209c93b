"""What pages paint, in its order, and what of their text nobody sees."""

from __future__ import annotations

import hashlib
import io

import pikepdf
import pytest
from PIL import Image
from reportlab.lib.colors import Color
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from tests.statements.extraction.drawing import drawn, edited, written

from kontora.statements.document import Annotation, Page, Painted, PaintedKind
from kontora.statements.extraction import open_document


def page_of(pdf: bytes) -> Page:
    return open_document(pdf).pages[0]


def hidden(pdf: bytes) -> list[Painted]:
    return [painted for painted in page_of(pdf).painted if painted.kind is PaintedKind.TEXT]


def test_a_white_box_painted_after_text_has_the_higher_order():
    def draw(canvas: Canvas) -> None:
        canvas.drawString(40, 800, "1 234,56")
        canvas.setFillColorRGB(1, 1, 1)
        canvas.rect(38, 798, 60, 10, fill=1, stroke=0)
        canvas.setFillColorRGB(0, 0, 0)
        canvas.drawString(40, 800, "9 234,56")

    page = page_of(drawn(draw))
    (box,) = page.painted
    assert box.kind is PaintedKind.PATH
    assert box.fill == (255, 255, 255, 255)
    assert box.stroke is None
    assert box.box == pytest.approx((38, 798, 98, 808), abs=0.01)
    orders = {word.text: word.order for word in page.words}
    assert orders["1"] < box.order < orders["9"]


def test_a_path_tells_its_colours_and_how_opaque_they_are():
    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(Color(1, 0, 0, alpha=0.5))
        canvas.setStrokeColorRGB(0, 0, 1)
        canvas.rect(10, 10, 20, 20, fill=1, stroke=1)
        canvas.line(10, 50, 100, 50)

    filled, line = page_of(drawn(draw)).painted
    assert filled.fill is not None
    assert filled.fill[:3] == (255, 0, 0)
    assert filled.fill[3] in {127, 128}
    assert filled.stroke is not None
    assert filled.stroke[:3] == (0, 0, 255)
    assert line.fill is None
    assert line.stroke is not None


def test_an_image_is_known_by_the_hash_of_its_raw_stream():
    picture = Image.new("RGB", (20, 10), (200, 0, 0))
    pdf = drawn(lambda canvas: canvas.drawImage(ImageReader(picture), 100, 700, 40, 20), pageCompression=1)
    (image,) = page_of(pdf).painted
    assert image.kind is PaintedKind.IMAGE
    assert image.box == pytest.approx((100, 700, 140, 720), abs=0.01)
    with pikepdf.open(io.BytesIO(pdf)) as file:
        (stream,) = file.pages[0].Resources.XObject.values()
        assert image.image_sha256 == hashlib.sha256(stream.read_raw_bytes()).hexdigest()


def test_a_shading_is_listed():
    def draw(canvas: Canvas) -> None:
        canvas.linearGradient(10, 10, 100, 100, (Color(1, 0, 0), Color(0, 0, 1)))

    assert [painted.kind for painted in page_of(drawn(draw)).painted] == [PaintedKind.SHADING]


def test_what_a_form_paints_stands_where_the_form_is_placed():
    def draw(canvas: Canvas) -> None:
        canvas.drawString(40, 800, "before")
        canvas.beginForm("stamp")
        canvas.rect(0, 0, 10, 10, fill=1, stroke=0)
        canvas.setFont("Helvetica", 8)
        canvas.drawString(20, 0, "inside")
        canvas.endForm()
        canvas.translate(100, 500)
        canvas.scale(2, 2)
        canvas.doForm("stamp")
        canvas.drawString(0, 50, "after")

    page = page_of(drawn(draw))
    (box,) = page.painted
    assert box.box == pytest.approx((100, 500, 120, 520), abs=0.1)
    inside = next(word for word in page.words if word.text == "inside")
    assert inside.x0 == pytest.approx(140, abs=2)
    assert inside.baseline == pytest.approx(500, abs=0.1)
    assert page.styles[inside.style].size == 16
    orders = {word.text: word.order for word in page.words}
    assert orders["before"] < box.order < orders["inside"] < orders["after"]


@pytest.mark.parametrize("is_group", [False, True])
def test_what_a_faded_form_paints_is_faded_once(is_group: bool):
    def draw(canvas: Canvas) -> None:
        canvas.beginForm("stamp")
        canvas.rect(0, 0, 10, 10, fill=1, stroke=0)
        canvas.setFont("Helvetica", 8)
        canvas.drawString(20, 20, "inside")
        canvas.endForm()
        canvas.setFillAlpha(0.5)
        canvas.doForm("stamp")

    def group(file: pikepdf.Pdf) -> None:
        (form,) = file.pages[0].Resources.XObject.values()
        if is_group:
            form.Group = pikepdf.Dictionary(S=pikepdf.Name.Transparency)

    page = page_of(edited(drawn(draw), group))
    (box,) = page.painted
    assert box.fill is not None
    assert {box.fill[3], page.styles[page.words[0].style].fill[3]} <= {127, 128}


def test_what_a_clip_cuts_off_does_not_count_to_a_box():
    def draw(canvas: Canvas) -> None:
        path = canvas.beginPath()
        path.rect(10, 10, 20, 20)
        canvas.clipPath(path, stroke=0)
        canvas.setFillColorRGB(1, 1, 1)
        canvas.rect(0, 0, 500, 500, fill=1, stroke=0)

    (box,) = page_of(drawn(draw)).painted
    assert box.box == pytest.approx((10, 10, 30, 30), abs=0.01)


@pytest.mark.parametrize("mode", [3, 7])
def test_text_in_an_invisible_mode_is_listed(mode: int):
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(40, 800)
        text.setTextRenderMode(mode)
        text.textOut("hidden")
        canvas.drawText(text)

    (found,) = hidden(drawn(draw))
    assert found.render_mode == mode
    assert found.box == pytest.approx((40, 798, 70, 806), abs=4)


def test_text_without_any_opacity_is_listed():
    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(Color(0, 0, 0, alpha=0))
        canvas.drawString(40, 800, "hidden")

    (found,) = hidden(drawn(draw))
    assert found.fill == (0, 0, 0, 0)


def test_text_that_a_clip_leaves_nothing_of_is_listed_with_an_empty_box():
    def draw(canvas: Canvas) -> None:
        canvas.drawString(40, 700, "plain")
        path = canvas.beginPath()
        path.rect(0, 0, 600, 100)
        canvas.clipPath(path, stroke=0)
        canvas.drawString(40, 800, "gone")
        canvas.drawString(40, 50, "kept")

    page = page_of(drawn(draw))
    (found,) = [painted for painted in page.painted if painted.kind is PaintedKind.TEXT]
    assert found.box[1] == found.box[3]
    assert found.order == next(word.order for word in page.words if word.text == "gone")


def test_plainly_visible_text_is_not_listed():
    assert hidden(drawn(written("plain", " ", "text"))) == []


def test_annotations_tell_kind_place_and_whether_they_draw():
    def with_annotations(file: pikepdf.Pdf) -> None:
        appearance = file.make_stream(
            b"", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9]
        )
        annotations = [
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.FreeText,
                Rect=[10, 20, 110, 40],
                AP=pikepdf.Dictionary(N=appearance),
            ),
            pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 5, 5]),
        ]
        file.pages[0].Annots = file.make_indirect(pikepdf.Array([file.make_indirect(a) for a in annotations]))

    found = page_of(edited(drawn(written("text")), with_annotations)).annotations
    assert found == (
        Annotation("FreeText", (10, 20, 110, 40), has_appearance=True),
        Annotation("Link", (0, 0, 5, 5), has_appearance=False),
    )


def test_a_page_tells_what_of_it_is_shown_and_how_it_is_turned():
    def crop(file: pikepdf.Pdf) -> None:
        file.pages[0].CropBox = [10, 20, 300, 400]
        file.pages[0].Rotate = 90

    page = page_of(edited(drawn(written("text", y=300)), crop))
    assert page.box == (10, 20, 300, 400)
    assert page.media_box == pytest.approx((0, 0, 595.276, 841.89))
    assert page.rotation == 90
    assert page.words[0].baseline == pytest.approx(300), "places are those of the page before it is turned"
