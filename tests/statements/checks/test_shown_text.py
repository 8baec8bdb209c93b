"""What lies over text, and text that nobody sees."""

from __future__ import annotations

import pytest
from tests.statements.checks.building import BLACK, WHITE, band, document, failed, names, word

from kontora.statements.document import Annotation, Painted, PaintedKind, Style

WORDS = [word("Wyciąg", 40, 780), word("123,45", 460, 600), word("678,90", 520, 600)]
AMOUNT = (WORDS[1].x0, WORDS[1].y0, WORDS[1].x1, WORDS[1].y1)
UNDER = (455, 595, 495, 610)


def styled(style: Style, **page):
    """The words with one more in this style."""
    hidden = word("999,99", 300, 400, style=1)
    return document([*WORDS, hidden], styles=(Style("Arial", 8.0, BLACK), style), **page)


def test_a_plain_page_has_nothing_over_or_under_its_text():
    assert failed(document(WORDS)) == []


@pytest.mark.parametrize("fill", [WHITE, (250, 251, 252, 255), (10, 10, 10, 255), (255, 255, 255, 128)])
def test_a_shape_painted_over_an_amount_is_found_where_the_amount_is(fill):
    found = failed(document(WORDS, painted=(band(UNDER, 11, fill),)))
    assert names(found) == ["overlay HIGH"]
    assert (found[0].page, found[0].box) == (1, AMOUNT)


@pytest.mark.parametrize(
    "painted",
    [
        band(UNDER, 9),  # a zebra band: painted before its text
        band(UNDER, 11, (255, 255, 255, 127)),  # too faint to hide anything
        band(UNDER, 11, None),  # not filled
        band((455, 595, 495, 600.4), 11),  # touches the lowest part of the digits
        band((440, 603, 495, 603.8), 11, BLACK),  # a rule
        band((440, 603, 440, 620), 11),  # nothing of it is left by its clip
    ],
)
def test_what_hides_nothing_is_no_overlay(painted):
    assert failed(document(WORDS, painted=(painted,))) == []


def test_one_digit_covered_is_enough():
    digit = (AMOUNT[0] + 10, 598, AMOUNT[0] + 15, 608)
    assert names(failed(document(WORDS, painted=(band(digit, 11),)))) == ["overlay HIGH"]


def test_words_that_are_covered_side_by_side_are_one_place():
    side_by_side = [word("12", 400, 600), word("345,67", 413, 600)]
    found = failed(document([*WORDS, *side_by_side], painted=(band((395, 595, 450, 610), 11),)))
    assert len(found) == 1
    assert found[0].box == (400, 600, side_by_side[1].x1, 606)


def test_a_picture_over_text_is_found_unless_it_is_the_banks_own():
    picture = Painted(PaintedKind.IMAGE, UNDER, 11, image_sha256="ab")
    assert names(failed(document(WORDS, painted=(picture,)))) == ["overlay HIGH"]
    assert failed(document(WORDS, painted=(picture,)), images=("ab",)) == []


def test_an_annotation_over_text_is_found():
    drawn = Annotation("FreeText", UNDER, has_appearance=True)
    assert names(failed(document(WORDS, annotations=(drawn,)))) == ["structure MEDIUM", "overlay HIGH"]


@pytest.mark.parametrize(
    "annotation",
    [Annotation("Link", UNDER, has_appearance=True), Annotation("Widget", UNDER, has_appearance=False)],
)
def test_links_and_empty_fields_over_text_are_no_overlay(annotation):
    assert failed(document(WORDS, annotations=(annotation,))) == []


@pytest.mark.parametrize(
    "style",
    [
        Style("Arial", 8.0, BLACK, 3),
        Style("Arial", 8.0, BLACK, 7),
        Style("Arial", 8.0, (0, 0, 0, 10)),
        Style("Arial", 0.9, BLACK),
        Style("Arial", 8.0, WHITE),
        Style("Arial", 8.0, (240, 250, 245, 255)),
    ],
)
def test_text_that_nobody_sees_is_found(style):
    found = failed(styled(style))
    assert names(found) == ["hiddenText HIGH"]
    assert found[0].box == (300, 400, 329.9, 406)


@pytest.mark.parametrize(
    "style",
    [Style("Arial", 1.0, BLACK), Style("Arial", 8.0, (180, 180, 180, 255)), Style("Arial", 8.0, BLACK, 2)],
)
def test_small_pale_and_outlined_text_is_no_hidden_text(style):
    assert failed(styled(style)) == []


def test_white_text_on_a_dark_band_is_seen():
    dark = band((290, 395, 340, 410), 9, (60, 60, 60, 255))
    assert failed(styled(Style("Arial", 8.0, WHITE), painted=(dark,))) == []


def test_white_text_over_a_picture_is_seen():
    picture = Painted(PaintedKind.IMAGE, (290, 395, 340, 410), 9)
    assert failed(styled(Style("Arial", 8.0, WHITE), painted=(picture,))) == []


def test_text_in_the_colour_of_its_own_band_is_found():
    grey = band((290, 395, 340, 410), 9, (90, 90, 90, 255))
    assert names(failed(styled(Style("Arial", 8.0, (100, 95, 90, 255)), painted=(grey,)))) == [
        "hiddenText HIGH"
    ]


def test_white_text_on_white_that_lies_on_a_dark_band_is_found():
    dark, white = band((290, 395, 340, 410), 7, BLACK), band((295, 398, 335, 408), 8)
    found = failed(styled(Style("Arial", 8.0, WHITE), painted=(dark, white)))
    assert names(found) == ["hiddenText HIGH"]


def test_a_thin_rule_is_not_what_lies_behind_text():
    rule = band((290, 402, 340, 404), 9, BLACK)
    assert names(failed(styled(Style("Arial", 8.0, BLACK), painted=(rule,)))) == []


def test_text_outside_of_what_is_shown_is_found():
    outside = word("1234", 610, 300)
    assert names(failed(document([*WORDS, outside]))) == ["hiddenText HIGH"]


def test_text_that_its_clip_cuts_away_is_found():
    cut = Painted(PaintedKind.TEXT, (0, 0, 0, 0), 17, fill=BLACK)
    found = failed(document([*WORDS, word("1234", 300, 300, order=17)], painted=(cut,)))
    assert names(found) == ["hiddenText HIGH"]


@pytest.mark.parametrize("dy", [-1.6, -0.9, 0.0, 0.4, 0.6, 1.9])
def test_text_written_over_other_text_is_found(dy):
    over = word("999,99", 461, 600 + dy, order=50)
    found = failed(document([*WORDS, over]))
    assert names(found) == ["overlay HIGH"]
    assert found[0].box == (461, 600 + dy, over.x1, 606 + dy)


@pytest.mark.parametrize(
    "other",
    [
        word("123,45", 460.3, 600, order=50),  # bold that is made by painting twice
        word("'", 462, 600, order=50),
        word("999,99", 460, 610, order=50),  # the line above
        word("999,99", 486, 600, order=50),  # touches its neighbour
    ],
)
def test_text_beside_other_text_or_the_same_again_is_not_over_it(other):
    assert failed(document([*WORDS, other])) == []
