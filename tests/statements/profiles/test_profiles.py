"""Profiles: learned from genuine files, saved as JSON, loaded from beside the layouts and from a folder."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from tests.statements.checks.building import ANATOMY, document, failed, page, word

from kontora.statements.checks import metadata, structure
from kontora.statements.document import Deflate, FontFile, Painted, PaintedKind
from kontora.statements.fingerprint import fingerprint, masked, style_text
from kontora.statements.profiles import Profile, ProfileBroken, learn, load_profiles, profile_json

FACTS = set(Profile.__struct_fields__) - {
    *("layout", "source", "grade", "files", "font_families", "signed_marks", "always")
}


def files(count: int, **by_place):
    """Genuine files that are alike but for these facts, given by the place of the file."""
    return [document(anatomy={name: of(place) for name, of in by_place.items()}) for place in range(count)]


def test_a_profile_has_a_field_for_every_fact_of_a_file():
    assert set(fingerprint(document())) == FACTS


def test_every_fact_is_compared():
    # The last ones are compared by checks of their own, which know places.
    own = {
        "header_comments",
        "annotations",
        "styles",
        "fonts",
        "several_subsets",
        "images",
        "signatures",
        "revisions",
    }
    assert {*metadata.OTHERWISE, *structure.OTHERWISE} | own == FACTS


def test_files_that_a_profile_was_learned_from_pass():
    genuine = files(3)
    profile = learn("some-statement", genuine)
    known = {fact: profile.values(fact) for fact in FACTS}
    assert all(failed(each, **known) == [] for each in genuine)


def test_what_all_files_agree_in_is_learned():
    profile = learn("some-statement", files(3))
    assert profile.producers == ("Bank Writer 4.3",)
    assert profile.header_comments == ("e2e3cfd3",)
    assert profile.page_keys == tuple(sorted(ANATOMY.page_keys))
    assert profile.images == ()
    assert profile.signatures == ("none",)
    assert profile.files == 3


def test_sets_are_put_together_where_each_part_was_seen_twice():
    profile = learn("some-statement", files(4, version=lambda place: ("1.4", "1.5")[place % 2]))
    assert profile.versions == ("1.4", "1.5")


def test_what_one_file_alone_has_makes_the_fact_unknown():
    profile = learn("some-statement", files(4, version=lambda place: "1.5" if place == 2 else "1.4"))
    assert profile.versions is None
    assert profile.xref == ("table",)


def test_texts_that_differ_in_numbers_alone_are_learned_without_them():
    genuine = files(3, info=lambda place: (("Producer", f"Skia/PDF m{120 + place}"),))
    profile = learn("some-statement", genuine)
    assert profile.producers == ("Skia/PDF m#",)
    assert failed(genuine[0], producers=profile.producers) == []
    assert profile.strangers("producers", frozenset({"Skia/PDF x1"})) == {"Skia/PDF x1"}


def test_texts_that_were_seen_twice_but_differ_in_numbers_are_learned_without_them():
    genuine = files(6, info=lambda place: (("Title", f"Wyciąg {place // 2}/2026"),))
    assert learn("some-statement", genuine).titles == ("Wyciąg #/#",)
    genuine = files(6, info=lambda place: (("Producer", ("A 1", "B 2")[place % 2]),))
    assert learn("some-statement", genuine).producers == ("A 1", "B 2")


def test_texts_that_differ_in_words_are_not_learned():
    profile = learn("some-statement", files(3, info=lambda place: (("Title", "abc"[place]),)))
    assert profile.titles is None


def test_what_all_files_have_is_missed_only_when_many_were_seen():
    assert learn("some-statement", files(7)).always == {}
    assert learn("some-statement", files(8)).always["root_keys"] == ("Pages", "Type")


def test_two_files_teach_nothing():
    with pytest.raises(ValueError, match="3 genuine files"):
        learn("some-statement", files(2))


def test_a_profile_is_saved_and_loaded_the_same(tmp_path):
    profile = learn("some-statement", files(8))
    (tmp_path / "some-statement.profile.json").write_bytes(profile_json(profile))
    assert load_profiles(tmp_path).of("some-statement") == profile


def test_a_learned_profile_takes_the_place_of_the_shipped_one(tmp_path):
    shipped, extra = tmp_path / "shipped", tmp_path / "extra"
    for folder, source in ((shipped / "pl_bank", "shipped"), (extra, "learned")):
        folder.mkdir(parents=True)
        for layout in ("a", "b") if source == "shipped" else ("b",):
            profile = Profile(layout=layout, source=source)
            (folder / f"{layout}.profile.json").write_bytes(profile_json(profile))
    profiles = load_profiles(extra, shipped)
    sources = [found.source for layout in ("a", "b") if (found := profiles.of(layout)) is not None]
    assert sources == ["shipped", "learned"]
    assert profiles.of("c") is None


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{", "x.profile.json"),
        (b'{"layout": "x", "source": "s", "colour": 1}', "colour"),
        (b'{"layout": "y", "source": "s"}', "so must be the file"),
    ],
)
def test_a_broken_profile_is_refused_by_name(tmp_path, content, says):
    (tmp_path / "x.profile.json").write_bytes(content)
    with pytest.raises(ProfileBroken, match=says):
        load_profiles(tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ProfileBroken):
        load_profiles(tmp_path / "nowhere")


def test_facts_of_pages_are_those_of_all_pages():
    picture = Painted(PaintedKind.IMAGE, (0, 0, 10, 10), 1, image_sha256="ab")
    wide = page(2, [word("a", 10, 10)], media_box=(0, 0, 841.89, 595.276), painted=(picture,))
    facts = fingerprint(document(pages=(page(1, [word("a", 10, 10)]), wide)))
    assert facts["page_sizes"] == {"595.3 x 841.9", "841.9 x 595.3"}
    assert facts["images"] == {"ab"}
    assert facts["styles"] == {"Arial 8 #000000"}


@pytest.mark.parametrize(
    ("changes", "fact", "expected"),
    [
        ({"created_text": None}, "dates", {"none"}),
        ({"modified_text": "D:20260601081500+02'00'"}, "dates", {"same"}),
        ({"modified_text": "D:20260601081501+02'00'"}, "dates", {"different"}),
        ({"created_text": None, "modified_text": "D:2026"}, "dates", {"modified"}),
        ({"created_text": "D:20260601081500-05'00'"}, "date_forms", {"D:##############+##'##'"}),
        ({"ids": ("a", "b")}, "ids", {"different"}),
        ({"holes": 7}, "holes", {"yes"}),
        ({"deflates": (Deflate("789c", 6),)}, "deflates", {"789c 6"}),
        ({"resource_names": ("Font/F1", "Font/F12")}, "resource_names", {"Font/F#"}),
        ({"info": ()}, "producers", {""}),
    ],
)
def test_facts_are_written_as_profiles_hold_them(changes, fact, expected):
    assert fingerprint(document(anatomy=changes))[fact] == expected


def test_fonts_are_written_without_the_prefix_of_a_subset():
    font = FontFile("ABCDEF+Arial", "Type0", "F1", (1,), is_embedded=True, encoding="Identity-H")
    other = msgspec.structs.replace(font, name="Arial,Bold", is_embedded=False, encoding=None)
    facts = fingerprint(document(anatomy={"fonts": (font, other)}))
    assert facts["fonts"] == {"Arial Type0 embedded Identity-H", "Arial,Bold Type0 named"}


def test_numbers_are_masked_as_a_whole():
    assert masked("wkhtmltopdf 0.12.6") == "wkhtmltopdf #.#.#"


@pytest.mark.parametrize(("size", "written"), [(8.02, "8"), (5.25, "5.25"), (5.249, "5.25"), (5.83, "5.85")])
def test_styles_say_size_to_a_twentieth_of_a_point(size, written):
    style = msgspec.structs.replace(page(1, []).styles[0], size=size)
    assert style_text(style) == f"Arial {written} #000000"


def test_dates_far_apart_do_not_matter_to_a_profile():
    genuine = files(
        3, created_at=lambda place: datetime(2020 + place, 1, 1, tzinfo=UTC), objects=lambda place: place
    )
    assert learn("some-statement", genuine).dates == ("created",)
