"""Words and their places."""

from __future__ import annotations

import io

import pikepdf
import pytest
from reportlab.pdfgen.canvas import Canvas
from tests.statements.extraction.drawing import drawn, width, written

from kontora.statements.document import Word
from kontora.statements.extraction import open_document


def words(pdf: bytes, page: int = 0) -> tuple[Word, ...]:
    return open_document(pdf).pages[page].words


def test_words_are_parted_at_spaces_of_every_kind():
    found = words(drawn(written("saldo 1 234,56\u00a0PLN", "koniec")))
    assert [word.text for word in found] == ["saldo", "1", "234,56", "PLN", "koniec"]


def test_a_minus_sign_stays_on_its_row():
    date, amount = words(drawn(written("2026-05-01 -", "x")))[:2]
    assert amount.text == "-"
    assert amount.y0 > date.baseline + 1, "its box is tight and floats"
    assert amount.baseline == pytest.approx(date.baseline) == 800


def test_a_word_covers_from_its_first_to_its_last_character():
    (word,) = words(drawn(written("12,50")))
    assert word.x0 == pytest.approx(40, abs=1)
    assert word.x1 == pytest.approx(40 + width("12,50"), abs=1)
    assert word.y0 == pytest.approx(800, abs=0.2)
    assert word.y1 == pytest.approx(805.8, abs=0.5)


def test_a_trailing_minus_before_a_line_with_letters_stays_in_its_word():
    found = words(drawn(written("kwota 12,50-", "abc-", "def")))
    assert [word.text for word in found] == ["kwota", "12,50-", "abc-", "def"]
    assert [word.baseline for word in found] == pytest.approx([800, 800, 788, 776])


def test_columns_written_without_a_space_are_two_words():
    def draw(canvas: Canvas) -> None:
        x = 40.0
        for text in ("DEBETOWA", "-18,97", "2 981,03"):
            canvas.drawString(x, 800, text)
            x += width(text) + 1

    assert [word.text for word in words(drawn(draw))] == ["DEBETOWA", "-18,97", "2", "981,03"]


def test_a_word_written_letter_by_letter_is_one_word():
    def draw(canvas: Canvas) -> None:
        x = 40.0
        for letter in "Przelew":
            canvas.drawString(x, 800, letter)
            x += width(letter) + 0.2

    assert [word.text for word in words(drawn(draw))] == ["Przelew"]


def test_styles_tell_font_size_colour_and_mode_of_each_word():
    def draw(canvas: Canvas) -> None:
        canvas.drawString(40, 800, "plain")
        canvas.setFont("Helvetica-Bold", 12)
        canvas.setFillColorRGB(1, 0, 0)
        canvas.drawString(40, 780, "red")
        canvas.setFillColorRGB(0, 0, 0, alpha=0.5)
        canvas.scale(2, 2)
        canvas.drawString(40, 300, "large")

    page = open_document(drawn(draw)).pages[0]
    styles = {word.text: page.styles[word.style] for word in page.words}
    assert styles["plain"].font == "BitstreamVeraSans-Roman"
    assert (styles["plain"].size, styles["plain"].fill) == (8, (0, 0, 0, 255))
    assert (styles["red"].font, styles["red"].size) == ("Helvetica-Bold", 12)
    assert styles["red"].fill == (255, 0, 0, 255)
    assert styles["large"].size == 24
    assert styles["large"].fill[3] in {127, 128}


def test_words_of_one_style_share_its_number():
    page = open_document(drawn(written("a b", "c"))).pages[0]
    assert {word.style for word in page.words} == {0}
    assert len(page.styles) == 1


def test_turned_text_has_a_box_around_it():
    def draw(canvas: Canvas) -> None:
        canvas.translate(100, 700)
        canvas.rotate(90)
        canvas.drawString(0, 0, "turned")

    (word,) = words(drawn(draw))
    assert word.x1 - word.x0 < word.y1 - word.y0
    assert word.y0 == pytest.approx(700, abs=1)
    assert word.baseline == pytest.approx(700, abs=0.5)


def test_a_page_without_text_has_no_words():
    page = open_document(drawn(lambda canvas: canvas.rect(10, 10, 20, 20))).pages[0]
    assert page.words == ()
    assert page.characters == 0


def test_many_words_are_all_read():
    lines = [" ".join(f"{row}-{number}" for number in range(30)) for row in range(60)]
    found = words(drawn(written(*lines, step=10)))
    assert [word.text for word in found] == " ".join(lines).split()
    assert all(word.baseline == pytest.approx(800 - 10 * (index // 30)) for index, word in enumerate(found))


def test_a_control_character_does_not_shift_the_words_after_it():
    pdf = drawn(written("first second", "third"))
    with pikepdf.open(io.BytesIO(pdf)) as file:
        for font in file.pages[0].Resources.Font.values():
            if "/ToUnicode" in font:
                content = font.ToUnicode.read_bytes()
                font.ToUnicode = file.make_stream(content.replace(b"<0069>", b"<0001>"))  # every i
        target = io.BytesIO()
        file.save(target)
    found = words(target.getvalue())
    assert [word.text for word in found] == ["f\ufffdrst", "second", "th\ufffdrd"]
    assert found[1].x0 == pytest.approx(40 + width("first "), abs=1)
    assert found[2].baseline == pytest.approx(788)


def test_the_order_of_a_word_is_that_of_the_object_that_paints_it():
    def draw(canvas: Canvas) -> None:
        canvas.drawString(40, 800, "one two")
        canvas.rect(40, 700, 10, 10)
        canvas.drawString(40, 780, "three")

    page = open_document(drawn(draw)).pages[0]
    orders = [word.order for word in page.words]
    assert orders[0] == orders[1] < page.painted[0].order < orders[2]
