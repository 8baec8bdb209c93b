"""How a file is made, what it says of itself, what was added to it, and who signed it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest
from tests.statements.checks.building import ANATOMY, LAYOUT, document, failed, names, page, statement, word

from kontora.statements.document import Annotation, Deflate, Painted, PaintedKind, Revision, Signature

SIGNATURE = Signature(
    field="Seal",
    is_intact=True,
    is_valid=True,
    is_trusted=True,
    covers_all=True,
    changes="none",
    subject="Bank",
    issuer="Bank CA",
    signed_at=None,
)
TWO = (Revision(10), Revision(20))
THREE = (*TWO, Revision(30))


def of(**anatomy):
    return document(anatomy=anatomy)


def signed(**changes):
    anatomy = {"revisions": changes.pop("revisions", TWO), "startxrefs": 2}
    return document(signatures=(msgspec.structs.replace(SIGNATURE, **changes),), anatomy=anatomy)


INFO = (("Producer", "Bank Writer 4.3"), ("Creator", "Bank"), ("CreationDate", "D:20260601081500+02'00'"))


@pytest.mark.parametrize(
    ("fact", "known", "other"),
    [
        ("producers", ("Bank Writer 4.3",), {"info": (("Producer", "Bank Writer 4.4"),)}),
        ("producers", ("Bank Writer #.#",), {"info": (("Producer", "iText 4.3"),)}),
        ("producers", ("Bank Writer 4.3",), {"info": ()}),
        ("creators", ("",), {"info": (("Creator", "Word"),)}),
        ("titles", ("",), {"info": (("Title", "Wyciąg"),)}),
        ("subjects", ("",), {"info": (("Subject", "Wyciąg"),)}),
        ("authors", ("",), {"info": (("Author", "Bank"),)}),
        ("keywords", ("",), {"info": (("Keywords", "Bank"),)}),
        ("versions", ("1.4",), {"version": "1.7"}),
        ("info_keys", ("Producer CreationDate",), {"info": tuple(reversed(ANATOMY.info))}),
        ("xmp_keys", ("",), {"xmp": (("Producer", "Bank Writer 4.3"),)}),
        ("dates", ("created",), {"modified_text": "D:20260601081500+02'00'"}),
        ("date_forms", ("D:##############+##'##'",), {"created_text": "D:20260601081500Z"}),
        ("ids", ("equal",), {"ids": ("aa", "bb")}),
        ("ids", ("equal",), {"ids": None}),
    ],
)
def test_what_the_file_says_of_itself_is_compared_with_the_profile(fact, known, other):
    assert failed(document(), **{fact: known}) == []
    assert {each.name.value for each in failed(of(**other), **{fact: known})} == {"metadata"}


@pytest.mark.parametrize(
    ("fact", "known", "other"),
    [
        ("header_comments", ("e2e3cfd3",), {"header_comment": "bff7a2fe"}),
        ("header_comments", ("e2e3cfd3",), {"header_comment": None}),
        ("xref", ("table",), {"xref": "stream"}),
        ("object_streams", ("no",), {"has_object_streams": True}),
        ("encrypted", ("no",), {"is_encrypted": True}),
        ("out_of_order", ("no",), {"objects_out_of_order": True}),
        ("holes", ("no",), {"holes": 3}),
        ("trailer_keys", ("Info", "Root", "Size"), {"trailer_keys": ("ID", "Info", "Root", "Size")}),
        ("root_keys", ("Pages", "Type"), {"root_keys": ("OpenAction", "Pages", "Type")}),
        ("page_keys", ANATOMY.page_keys, {"page_keys": ("Annots", *ANATOMY.page_keys)}),
        ("content_streams", ("1",), {"content_streams": (1, 3)}),
        ("filters", ("FlateDecode",), {"filters": ("ASCII85Decode FlateDecode",)}),
        ("resource_names", ("Font/F#",), {"resource_names": ("Font/F1", "Font/helv")}),
        ("text_operators", ("Tj",), {"text_operators": ("TJ", "Tj")}),
        ("active", (), {"active": ("OpenAction",)}),
    ],
)
def test_how_the_file_is_built_is_compared_with_the_profile(fact, known, other):
    assert failed(document(), **{fact: known}) == []
    assert {each.name.value for each in failed(of(**other), **{fact: known})} == {"structure"}


@pytest.mark.parametrize("fact", ["root_keys", "trailer_keys", "page_keys", "filters"])
def test_what_every_file_has_is_missed(fact):
    has = getattr(ANATOMY, fact)
    assert failed(document(), always={fact: has}) == []
    assert names(failed(document(), always={fact: (*has, "Metadata")})) == ["structure MEDIUM"]


def test_the_paper_is_compared_with_the_profile():
    assert failed(document(), page_sizes=("595.3 x 841.9",)) == []
    assert names(failed(document(), page_sizes=("595.2 x 828",))) == ["metadata HIGH"]
    assert names(failed(document(rotation=90), page_sizes=("595.3 x 841.9",))) == ["metadata HIGH"]


def test_the_program_that_rewrote_a_file_is_named():
    found = failed(of(header_comment="bff7a2fe"), header_comments=("e2e3cfd3",))
    assert "qpdf or pikepdf" in found[0].message
    assert names(failed(of(header_comment="bff7a2fe"))) == ["structure LOW"]
    assert failed(of(header_comment="d3ebe9e1")) == []


@pytest.mark.parametrize("text", ["Sejda 3.2", "iLovePDF", "LibreOffice Draw 7"])
def test_programs_for_editing_are_known_without_a_profile(text):
    assert names(failed(of(info=(("Producer", text),)))) == ["metadata HIGH"]
    assert names(failed(of(xmp=(("Creator", text),)))) == ["metadata HIGH"]
    assert failed(of(info=(("Producer", text),)), producers=(text,)) == []


@pytest.mark.parametrize("text", ["Skia/PDF m126", "wkhtmltopdf 0.12.6", "Qt 4.8.7", "Ibex PDF Creator 4.3"])
def test_programs_that_print_are_no_programs_for_editing(text):
    assert failed(of(info=(("Producer", text),))) == []


def test_dates_that_cannot_be_are_found():
    at = datetime(2026, 6, 1, 8, tzinfo=UTC)
    assert failed(of(created_at=at, modified_at=at)) == []
    assert failed(of(created_at=at, modified_at=at.replace(hour=9))) == []
    assert names(failed(of(created_at=at, modified_at=at.replace(hour=7)))) == ["metadata MEDIUM"]
    assert names(failed(of(created_at=at.replace(month=7)))) == ["metadata MEDIUM"]
    assert names(failed(of(modified_at=at.replace(month=7)))) == ["metadata MEDIUM"]


def test_a_file_made_before_the_end_of_its_period_is_found():
    early = datetime(2026, 5, 30, 20, tzinfo=UTC)
    assert failed(of(created_at=early.replace(day=31)), statement([])) == []
    assert names(failed(of(created_at=early), statement([]))) == ["metadata MEDIUM"]
    assert failed(of(created_at=early), statement([], period_end=date(2026, 5, 30))) == []


def test_midnight_is_that_of_the_bank():
    late = datetime(2026, 5, 30, 22, 30, tzinfo=UTC)
    assert failed(of(created_at=late), statement([])) == []


@pytest.mark.parametrize(
    ("key", "text"),
    [("Producer", "Other"), ("CreationDate", "2026-06-01T08:16:00+02:00")],
)
def test_metadata_that_contradict_the_information_are_found(key, text):
    same = {"Producer": "Bank  Writer 4.3", "CreationDate": "2026-06-01T08:15:00+02:00"}
    assert failed(of(xmp=tuple(same.items()))) == []
    assert names(failed(of(xmp=tuple({**same, key: text}.items())))) == ["metadata MEDIUM"]


def test_bytes_after_the_end_are_found():
    assert names(failed(of(bytes_after_end=12))) == ["structure HIGH"]


def test_objects_of_one_number_need_a_later_version():
    assert names(failed(of(duplicate_objects=1))) == ["structure HIGH"]


def test_streams_of_two_writers_are_found_by_the_profile():
    own, other = Deflate("789c", 6), Deflate("78da", 9)
    assert failed(of(deflates=(own,)), deflates=("789c 6",)) == []
    assert names(failed(of(deflates=(own, other)), deflates=("789c 6",))) == ["structure MEDIUM"]


@pytest.mark.parametrize("facts", [{"pages_by_second_parser": 2}, {"disagreements": ("text of page 1",)}])
def test_parsers_that_disagree_are_found(facts):
    assert names(failed(of(**facts))) == ["structure HIGH"]


def test_the_page_on_which_parsers_disagree_is_told():
    assert failed(of(disagreements=("text on page 1",)))[0].page == 1
    assert failed(of(disagreements=("pages",)))[0].page is None


@pytest.mark.parametrize("active", ["JavaScript", "Launch", "EmbeddedFiles", "XFA"])
def test_actions_are_told_without_a_profile_and_do_not_refuse(active):
    assert names(failed(of(active=(active,)))) == ["structure LOW"]
    assert failed(of(active=("URI",))) == []


def test_an_annotation_that_a_person_makes_is_found():
    stamp = Annotation("Stamp", (300, 300, 340, 320), has_appearance=True)
    found = failed(document(annotations=(stamp,)))
    assert names(found) == ["structure MEDIUM"]
    assert (found[0].page, found[0].box) == (1, stamp.box)
    assert failed(document(annotations=(stamp,)), annotations=("Link", "Stamp")) == []


def test_pictures_are_compared_with_the_profile():
    logo = Painted(PaintedKind.IMAGE, (40, 800, 80, 820), 3, image_sha256="ab")
    assert failed(document(painted=(logo,))) == []
    assert failed(document(painted=(logo,)), images=("ab",), always={"images": ("ab",)}) == []
    other = msgspec.structs.replace(logo, image_sha256="cd")
    found = failed(document(painted=(logo, other)), images=("ab",))
    assert (names(found), found[0].box) == (["logo MEDIUM"], logo.box)
    assert names(failed(document(), always={"images": ("ab",)})) == ["logo MEDIUM"]


def test_a_later_version_needs_a_signature():
    assert names(failed(of(revisions=TWO, startxrefs=2))) == ["revisions HIGH"]
    assert names(failed(of(revisions=(Revision(10),), startxrefs=2))) == ["revisions HIGH"]
    assert failed(of(revisions=TWO, startxrefs=2, is_linearised=True)) == []
    assert failed(signed()) == []


def test_one_signature_explains_one_version():
    assert names(failed(signed(revisions=THREE, is_trusted=False))) == ["revisions HIGH", "signature LOW"]
    assert failed(signed(revisions=THREE)) == []
    assert failed(signed(revisions=THREE, covers_all=False, changes="lta")) == []


def test_the_number_of_versions_is_compared_with_the_profile():
    assert names(failed(signed(), revisions=("1",))) == ["revisions HIGH"]


@pytest.mark.parametrize(
    "changes",
    [
        {"is_intact": False},
        {"is_valid": False},
        {"covers_all": False, "changes": "other"},
        {"covers_all": False, "changes": None},
        {"covers_all": False, "changes": "form"},
        {"changes": "other"},
    ],
)
def test_a_broken_signature_is_found(changes):
    assert "signature HIGH" in names(failed(signed(**changes)))


def test_who_signed_is_compared_with_the_profile():
    assert failed(signed(), signatures=("Bank CA",)) == []
    assert names(failed(signed(issuer="Other CA"), signatures=("Bank CA",))) == ["signature HIGH"]
    assert names(failed(signed(), signatures=("none",))) == ["signature HIGH"]
    assert failed(signed(), signatures=("Bank CA", "none")) == []


def test_a_signer_that_is_not_pinned_refuses_only_where_the_bank_is_known_to_sign_with_a_pinned_one():
    unknown = signed(is_trusted=False)
    assert names(failed(unknown)) == ["signature LOW"]
    assert names(failed(unknown, signatures=("Bank CA (not pinned)",))) == ["signature LOW"]
    assert names(failed(unknown, signatures=("Bank CA",))) == ["signature HIGH"]


def test_a_signature_that_the_bank_always_makes_is_missed():
    assert names(failed(document(), signatures=("Bank CA",))) == ["signature HIGH"]
    assert failed(document(), signatures=("Bank CA", "none")) == []


def test_a_file_that_says_that_it_is_signed_must_be():
    words = [word("Opatrzony", 40, 700), word("pieczęcią", 90, 700)]
    marks = ("opatrzony pieczęcią",)
    assert names(failed(document(words), signed_marks=marks)) == ["signature HIGH"]
    assert failed(document(words[:1]), signed_marks=marks) == []
    assert failed(signed(), signed_marks=marks) == []


def test_the_words_of_a_layout_are_required_without_regard_to_case_spaces_and_diacritics():
    layout = msgspec.structs.replace(LAYOUT, keywords=("Wyciąg z rachunku", "Saldo końcowe"))
    words = [
        word("WYCIAG", 40, 780),
        word("zrachunku", 80, 780),
        word("Saldo", 40, 600),
        word("Koæcowe:", 70, 600),
    ]
    assert failed(document(words), layout=layout) == []
    assert names(failed(document(words[:3]), layout=layout)) == ["keywords HIGH"]


def test_words_of_one_line_may_lie_apart_in_the_file():
    layout = msgspec.structs.replace(LAYOUT, keywords=("Saldo końcowe",))
    words = [word("końcowe", 70, 600), word("Wyciąg", 40, 780), word("Saldo", 40, 600)]
    assert failed(document(words), layout=layout) == []


def test_words_may_stand_on_another_page():
    layout = msgspec.structs.replace(LAYOUT, keywords=("Notatka",))
    pages = (page(1, [word("Wyciąg", 40, 780)]), page(2, [word("Notatka", 40, 780)]))
    assert failed(document(pages=pages), layout=layout) == []
