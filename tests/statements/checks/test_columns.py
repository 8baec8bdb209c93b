"""Cells that stand out of their column: by font, by edge, by baseline; and fonts that lie."""

from __future__ import annotations

import msgspec
import pytest
from tests.statements.checks.building import document, failed, names, page, row, statement, table, word

from kontora.statements.document import FontFile


def restyled(style: int):
    """Change the style of a row's amount."""
    return lambda words: [words[0], msgspec.structs.replace(words[1], style=style), words[2]]


def shifted(number: int, dx: float = 0.0, dy: float = 0.0):
    """Move one word of a row."""

    def change(words):
        old = words[number]
        new = msgspec.structs.replace(
            old, x0=old.x0 + dx, x1=old.x1 + dx, y0=old.y0 + dy, y1=old.y1 + dy, baseline=old.baseline + dy
        )
        return [new if place == number else each for place, each in enumerate(words)]

    return change


def font(name="ABCDEF+Arial", **changes) -> FontFile:
    """An embedded font of the first page."""
    plain = FontFile(name, "TrueType", "F1", (1,), is_embedded=True, file_sha256="aa")
    return msgspec.structs.replace(plain, **changes)


@pytest.mark.parametrize("rows", [0, 1, 5, 12, 40])
def test_columns_that_agree_pass(rows):
    assert failed(*table(rows)) == []


@pytest.mark.parametrize("style", [1, 2, 3])
@pytest.mark.parametrize("rows", [6, 12, 40])
def test_a_cell_in_another_font_colour_or_size_is_found(style, rows):
    found = failed(*table(rows, {3: restyled(style)}))
    assert names(found) == ["fonts HIGH"]
    _, words = row(3)
    assert (found[0].page, found[0].box[1]) == (1, words[1].y0)


def test_two_cells_of_fifty_in_another_font_are_found():
    assert len(failed(*table(50, {3: restyled(1), 9: restyled(3)}))) == 2


def test_styles_that_share_a_column_pass():
    assert failed(*table(12, {place: restyled(1) for place in (1, 5, 8)})) == []


def test_few_cells_make_no_rule():
    assert failed(*table(5, {3: restyled(1)})) == []


def test_credits_in_another_colour_than_debits_pass():
    found_in, read = table(12, {3: restyled(2)})
    credit = msgspec.structs.replace(
        read.rows[3],
        money_transaction=msgspec.structs.replace(
            read.rows[3].money_transaction,
            currency_amount=abs(read.rows[3].money_transaction.currency_amount),
        ),
    )
    rows = [credit if each.order == 3 else each for each in read.rows]
    assert failed(found_in, statement(rows)) == []


def test_a_style_that_the_profile_lacks_is_found_anywhere():
    found_in, read = table(3, {1: restyled(3)})
    found = failed(found_in, read, styles=("Arial 8 #000000",))
    assert names(found) == ["fonts HIGH"]
    assert failed(found_in, read, styles=("Arial 8 #000000", "Arial 7 #000000")) == []


@pytest.mark.parametrize("rows", [8, 30])
def test_an_amount_off_its_columns_edge_is_found(rows):
    found = failed(*table(rows, {3: shifted(1, dx=0.7)}))
    assert names(found) == ["geometry MEDIUM"]


def test_half_a_point_off_the_edge_passes():
    assert failed(*table(30, {3: shifted(1, dx=0.4)})) == []


def test_digits_that_are_narrower_at_the_right_are_not_off_the_edge():
    def ends_with(text):
        return lambda words: [words[0], word(text, 0, words[1].y0, end=491.0), words[2]]

    changed = {place: ends_with(f"-{place},21") for place in range(0, 30, 4)}
    assert failed(*table(30, changed)) == []
    moved = dict(changed)
    moved[4] = lambda words: shifted(1, dx=0.7)(changed[4](words))
    assert names(failed(*table(30, moved))) == ["geometry MEDIUM"]


def test_columns_that_are_set_flush_left_have_no_right_edge():
    def left(words):
        text = "-1 234,50" if int(words[1].y0) % 24 < 12 else "-4,50"
        return [words[0], word(text, 440, words[1].y0), words[2]]

    assert failed(*table(30, dict.fromkeys(range(30), left))) == []


def test_a_cell_off_its_rows_baseline_is_found():
    found = failed(*table(30, {7: shifted(1, dy=0.8)}))
    assert names(found) == ["geometry MEDIUM"]
    assert failed(*table(30, {7: shifted(1, dy=0.3)})) == []


def test_rows_whose_values_stand_higher_by_rule_pass():
    assert failed(*table(12, dict.fromkeys(range(12), shifted(1, dy=2.5)))) == []


def test_a_column_that_stands_elsewhere_in_every_fifth_row_makes_no_rule():
    assert failed(*table(30, {place: shifted(1, dx=3) for place in range(0, 30, 5)})) == []


def test_fonts_of_the_profile_pass_and_others_are_found():
    known = ("Arial TrueType embedded",)
    assert failed(document(anatomy={"fonts": (font(),)}), fonts=known) == []
    for other in (font("Helvetica", is_embedded=False), font(subtype="Type0"), font("ABCDEF+ArialNarrow")):
        assert names(failed(document(anatomy={"fonts": (font(), other)}), fonts=known)) == ["fonts HIGH"]


def test_fonts_of_the_family_pass_and_others_are_found_where_they_are_used():
    unused = {"fonts": (font("Helvetica"),)}
    assert failed(document(anatomy=unused), font_families=("Arial",)) == []
    found = failed(*table(3, {1: restyled(1)}), font_families=("Arial",))
    assert names(found) == ["fonts HIGH"]
    assert found[0].box is not None


def test_a_font_that_all_files_have_is_missed():
    always = {"fonts": ("Arial TrueType embedded",)}
    assert failed(document(anatomy={"fonts": (font(),)}), always=always) == []
    assert names(failed(document(), always=always)) == ["fonts HIGH"]


def test_a_value_in_a_font_that_the_file_lacks_is_found_where_all_other_text_has_its_font():
    found_in, read = table(12, {3: restyled(1), 4: restyled(1), 7: restyled(2)})
    fonts = (font(), font("Helvetica", is_embedded=False))
    few = msgspec.structs.replace(found_in, anatomy=msgspec.structs.replace(found_in.anatomy, fonts=fonts))
    lone = [each for each in failed(few, read) if "bring along" in each.message]
    assert [each.box for each in lone] == [read.rows[place].amount_place.box for place in (3, 4)]


def test_a_file_that_brings_no_font_along_or_uses_others_widely_passes():
    for embedded, changed in ((False, {3: restyled(1)}), (True, dict.fromkeys(range(12), restyled(1)))):
        found_in, read = table(12, changed)
        fonts = (font(is_embedded=embedded), font("Helvetica", is_embedded=False))
        many = msgspec.structs.replace(
            found_in, anatomy=msgspec.structs.replace(found_in.anatomy, fonts=fonts)
        )
        assert not [each for each in failed(many, read) if "bring along" in each.message]


def test_one_name_with_two_font_programs_is_found():
    same, other = font(), font(file_sha256="bb", pages=(2,))
    assert failed(document(anatomy={"fonts": (same, same)})) == []
    found = failed(document(pages=(page(1, []), page(2, [])), anatomy={"fonts": (same, other)}))
    assert (names(found), found[0].page) == (["fonts HIGH"], 2)


def test_a_second_subset_is_found_only_where_the_bank_makes_one():
    fonts = (font(), font("GHIJKL+Arial", file_sha256="bb"))
    assert failed(document(anatomy={"fonts": fonts})) == []
    assert failed(document(anatomy={"fonts": fonts}), several_subsets=("no", "yes")) == []
    assert names(failed(document(anatomy={"fonts": fonts}), several_subsets=("no",))) == ["fonts HIGH"]


def test_glyphs_that_are_not_as_wide_as_said_are_found():
    assert names(failed(document(anatomy={"fonts": (font(wrong_widths=2),)}))) == ["fonts HIGH"]


def test_text_that_reads_otherwise_than_it_looks_is_found_where_it_stands():
    words = [word("Wyciąg", 40, 780), word("199,00", 460, 600)]
    mislabelled = font(mislabelled=(("9", "1"),))
    found = failed(document(words, anatomy={"fonts": (mislabelled,)}))
    assert names(found) == ["glyphs HIGH"]
    assert (found[0].page, found[0].box) == (1, (460, 600, words[1].x1, 606))


def test_characters_that_share_an_outline_are_found_even_if_no_word_has_them():
    found = failed(document(anatomy={"fonts": (font(twins=(("4", "7"),)),)}))
    assert names(found) == ["glyphs HIGH"]
    assert (found[0].page, found[0].box) == (1, None)
