"""Which files are read, and by which name the others are refused."""

from __future__ import annotations

import zlib

import msgspec
import pikepdf
import pytest
from tests.statements.extraction.drawing import drawn, edited, written

from kontora.errors import NotPdf, PdfEncrypted, PdfNotReadable, PdfTooLarge
from kontora.statements.document import Document
from kontora.statements.extraction import ExtractionLimits, open_document

PLAIN = drawn(written("saldo 12,50"))


def encrypted(user: str, owner: str = "owner") -> bytes:
    return edited(PLAIN, lambda file: None, encryption=pikepdf.Encryption(user=user, owner=owner))


def texts(document: Document) -> list[str]:
    return [word.text for page in document.pages for word in page.words]


def test_a_file_that_does_not_call_itself_a_pdf_is_none():
    with pytest.raises(NotPdf):
        open_document(b"<html>" + b" " * 2000 + PLAIN)


def test_a_header_a_few_bytes_into_the_file_will_do():
    assert texts(open_document(b"junk\n" + PLAIN)) == ["saldo", "12,50"]


@pytest.mark.parametrize("password", [None, "wrong", ""])
def test_an_encrypted_file_without_its_password_is_refused(password: str | None):
    with pytest.raises(PdfEncrypted):
        open_document(encrypted("hasło"), password=password)


def test_an_encrypted_file_is_read_with_its_password():
    document = open_document(encrypted("hasło"), password="hasło")
    assert texts(document) == ["saldo", "12,50"]
    assert document.anatomy.is_encrypted
    assert document.anatomy.disagreements == ()


@pytest.mark.parametrize("revision", [2, 3, 4, 6])
def test_every_kind_of_encryption_is_read_with_a_polish_password(revision: int):
    kind = pikepdf.Encryption(
        user="hasło", owner="owner", R=revision, aes=revision >= 4, metadata=revision >= 4
    )
    pdf = edited(PLAIN, lambda file: None, encryption=kind)
    assert texts(open_document(pdf, password="hasło")) == ["saldo", "12,50"]
    with pytest.raises(PdfEncrypted):
        open_document(pdf, password="haslo")


def test_a_file_encrypted_for_its_owner_only_is_read_without_a_password():
    document = open_document(encrypted(""))
    assert texts(document) == ["saldo", "12,50"]
    assert document.anatomy.is_encrypted


def test_a_password_for_a_file_without_one_is_no_matter():
    assert texts(open_document(PLAIN, password="anything")) == ["saldo", "12,50"]


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(PLAIN[: len(PLAIN) // 8], id="truncated"),
        pytest.param(b"%PDF-1.4\n" + b"\0" * 500, id="empty"),
        pytest.param(b"%PDF-1.4\n%%EOF", id="only a head and an end"),
        pytest.param(PLAIN.replace(b"/Pages", b"/Pagez"), id="without pages"),
    ],
)
def test_a_broken_file_is_refused(broken: bytes):
    with pytest.raises(PdfNotReadable):
        open_document(broken)


def test_both_sides_of_the_limit_of_bytes():
    assert open_document(PLAIN, limits=ExtractionLimits(file_bytes=len(PLAIN))).size_bytes == len(PLAIN)
    with pytest.raises(PdfTooLarge):
        open_document(PLAIN, limits=ExtractionLimits(file_bytes=len(PLAIN) - 1))


def test_both_sides_of_the_limit_of_pages():
    three = drawn(*[written(f"page {number}") for number in range(3)])
    assert len(open_document(three, limits=ExtractionLimits(pages=3)).pages) == 3
    with pytest.raises(PdfTooLarge):
        open_document(three, limits=ExtractionLimits(pages=2))


def test_both_sides_of_the_limit_of_objects():
    count = open_document(PLAIN).anatomy.objects
    open_document(PLAIN, limits=ExtractionLimits(objects=count))
    with pytest.raises(PdfTooLarge):
        open_document(PLAIN, limits=ExtractionLimits(objects=count - 1))


def test_objects_in_object_streams_count():
    packed = edited(PLAIN, lambda file: None, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    count = open_document(packed).anatomy.objects
    assert packed.count(b" obj") < count
    with pytest.raises(PdfTooLarge):
        open_document(packed, limits=ExtractionLimits(objects=count - 1))


def test_too_many_painted_objects_or_characters_are_refused():
    def squares(canvas) -> None:
        for place in range(50):
            canvas.rect(place, place, 5, 5)

    with pytest.raises(PdfTooLarge):
        open_document(drawn(squares), limits=ExtractionLimits(painted=49))
    with pytest.raises(PdfTooLarge):
        open_document(PLAIN, limits=ExtractionLimits(characters=5))


def bomb(folded: bytes, filters: str) -> bytes:
    def add(file: pikepdf.Pdf) -> None:
        stream = pikepdf.Stream(file, folded)
        stream.Filter = [pikepdf.Name(name) for name in filters.split()]
        file.Root.Extra = file.make_indirect(stream)

    return edited(PLAIN, add, recompress_flate=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


ZEROS = zlib.compress(bytes(3_000_000), 9)


@pytest.mark.parametrize(
    "pdf",
    [
        pytest.param(bomb(ZEROS, "/FlateDecode"), id="one filter"),
        pytest.param(bomb(zlib.compress(ZEROS), "/FlateDecode /FlateDecode"), id="two filters"),
        pytest.param(bomb(ZEROS.hex().encode() + b">", "/ASCIIHexDecode /FlateDecode"), id="behind digits"),
        pytest.param(bomb(b"\x81\0" * 40_000 + b"\x80", "/RunLengthDecode"), id="runs"),
    ],
)
def test_streams_that_unfold_to_more_than_the_limit_are_refused(pdf: bytes):
    assert len(pdf) < 200_000
    open_document(pdf, limits=ExtractionLimits(unfolded_bytes=10_000_000))
    with pytest.raises(PdfTooLarge):
        open_document(pdf, limits=ExtractionLimits(unfolded_bytes=1_000_000))


def test_many_streams_count_together():
    def add(file: pikepdf.Pdf) -> None:
        file.Root.Extra = pikepdf.Array([file.make_stream(bytes(200_000)) for _ in range(10)])

    pdf = edited(PLAIN, add)
    open_document(pdf, limits=ExtractionLimits(unfolded_bytes=2_200_000))
    with pytest.raises(PdfTooLarge):
        open_document(pdf, limits=ExtractionLimits(unfolded_bytes=1_900_000))


def test_an_encrypted_bomb_is_refused():
    def add(file: pikepdf.Pdf) -> None:
        file.Root.Extra = file.make_stream(bytes(3_000_000))

    pdf = edited(PLAIN, add, encryption=pikepdf.Encryption(user="", owner="owner"))
    with pytest.raises(PdfTooLarge):
        open_document(pdf, limits=ExtractionLimits(unfolded_bytes=1_000_000))


def test_a_page_tree_that_bites_its_tail_is_refused():
    pdf = edited(PLAIN, lambda file: None)
    pages = pdf[: pdf.index(b"/Type /Pages")].rsplit(b" 0 obj", 1)[0].rsplit(b"\n", 1)[-1]
    with pytest.raises(PdfNotReadable):
        open_document(pdf.replace(b"/Kids [", b"/Kids [ " + pages + b" 0 R"))


def test_names_that_are_no_characters_can_be_written():
    pdf = edited(PLAIN, lambda file: None).replace(b"/F1", b"/F#b9").replace(b"/Helvetica", b"/Hel#b9")
    document = open_document(pdf)
    assert msgspec.json.decode(msgspec.json.encode(document), type=Document) == document


def test_reading_twice_gives_the_same():
    assert open_document(PLAIN) == open_document(PLAIN)
