"""How a file is made: each fact."""

from __future__ import annotations

import io
import zlib
from datetime import UTC, datetime, timedelta, timezone

import pikepdf
import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from reportlab.pdfgen.canvas import Canvas
from tests.statements.extraction.drawing import drawn, edited, written

from kontora.statements.document import Anatomy, Deflate, Revision
from kontora.statements.extraction import open_document
from kontora.statements.extraction.metadata import parse_date

PLAIN = drawn(written("saldo 12,50"))


def anatomy(pdf: bytes) -> Anatomy:
    return open_document(pdf).anatomy


def unchanged(file: pikepdf.Pdf) -> None:
    """Edit nothing."""


def updated(pdf: bytes) -> bytes:
    """Append a revision."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    writer.update_root()
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def test_the_version_and_the_comment_line_are_those_of_the_header():
    found = anatomy(b"%PDF-1.6\n%\xe2\xe3\xcf\xd3\n" + PLAIN[PLAIN.index(b"\n", 9) + 1 :])
    assert (found.version, found.header_comment) == ("1.6", "e2e3cfd3")


def test_a_file_without_a_comment_line_has_none():
    found = anatomy(b"%PDF-1.4\n" + PLAIN[PLAIN.index(b"\n", 9) + 1 :])
    assert found.header_comment is None


def test_qpdf_is_known_by_its_comment():
    assert anatomy(edited(PLAIN, unchanged)).header_comment == "bff7a2fe"


def test_the_information_keeps_its_own_order():
    info = b"<< /Title (t) /Author (a) /Producer (p) >>"
    start = PLAIN.index(b"/Author")
    begin, end = PLAIN.rindex(b"<<", 0, start), PLAIN.index(b">>", start) + 2
    found = anatomy(PLAIN[:begin] + info + PLAIN[end:])
    assert found.info == (("Title", "t"), ("Author", "a"), ("Producer", "p"))


def test_dates_are_read_and_kept_as_written():
    def date(file: pikepdf.Pdf) -> None:
        file.docinfo["/CreationDate"] = "D:20260601081500+02'00'"
        file.docinfo["/ModDate"] = "D:20260602"

    found = anatomy(edited(PLAIN, date))
    assert found.created_at == datetime(2026, 6, 1, 8, 15, tzinfo=timezone(timedelta(hours=2)))
    assert found.modified_at == datetime(2026, 6, 2, tzinfo=UTC)
    assert (found.created_text, found.modified_text) == ("D:20260601081500+02'00'", "D:20260602")


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("D:20260601081500Z", datetime(2026, 6, 1, 8, 15, tzinfo=UTC)),
        (
            "D:20260601081500-05'30",
            datetime(2026, 6, 1, 8, 15, tzinfo=timezone(-timedelta(hours=5, minutes=30))),
        ),
        ("20260601", datetime(2026, 6, 1, tzinfo=UTC)),
        ("D:20261301", None),
        ("D:20260601081500+99'00'", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_a_date_in_a_pdf_is_read_or_it_is_none(text: str | None, date: datetime | None):
    assert parse_date(text) == date


def test_fields_of_the_metadata_stream_have_the_names_of_the_information():
    def metadata(file: pikepdf.Pdf) -> None:
        with file.open_metadata(set_pikepdf_as_editor=False) as fields:
            fields["pdf:Producer"] = "Writer 1"
            fields["xmp:CreatorTool"] = "Tool"
            fields["xmp:CreateDate"] = "2026-06-01T08:15:00Z"
            fields["dc:title"] = "Wyciąg"

    assert anatomy(edited(PLAIN, metadata)).xmp == (
        ("CreationDate", "2026-06-01T08:15:00Z"),
        ("Creator", "Tool"),
        ("Producer", "Writer 1"),
        ("Title", "Wyciąg"),
    )


def test_a_metadata_stream_cannot_make_files_be_read():
    def metadata(file: pikepdf.Pdf) -> None:
        file.Root.Metadata = file.make_stream(
            b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
            b'<x xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdf:Producer>a&e;b</pdf:Producer></x>'
        )

    pdf = edited(PLAIN, metadata, fix_metadata_version=False)
    assert anatomy(pdf).xmp == (("Producer", "a&e;b"),)


def test_a_file_as_written_has_one_revision():
    found = anatomy(PLAIN)
    assert found.revisions == (Revision(PLAIN.rindex(b"%%EOF") + 5),)
    assert (found.startxrefs, found.bytes_after_end, found.duplicate_objects) == (1, 0, 0)
    assert not found.objects_out_of_order


def test_an_incremental_save_is_a_second_revision():
    found = anatomy(updated(PLAIN))
    assert len(found.revisions) == found.startxrefs == 2
    assert found.revisions[0].end < len(PLAIN)
    assert found.duplicate_objects >= 1
    assert found.objects_out_of_order


def test_an_end_mark_inside_a_stream_is_no_revision():
    def attach(file: pikepdf.Pdf) -> None:
        file.Root.Extra = file.make_stream(b"startxref\n0\n%%EOF\n")

    pdf = edited(PLAIN, attach, compress_streams=False)
    assert pdf.count(b"%%EOF") == 2
    found = anatomy(pdf)
    assert len(found.revisions) == found.startxrefs == 1


def test_bytes_after_the_end_are_counted_and_a_line_end_is_none():
    assert anatomy(PLAIN + b"\r\n").bytes_after_end == 0
    assert anatomy(PLAIN + b"\nabc").bytes_after_end == 3


@pytest.mark.parametrize(
    ("mode", "kind", "packed"),
    [
        (pikepdf.ObjectStreamMode.disable, "table", False),
        (pikepdf.ObjectStreamMode.generate, "stream", True),
    ],
)
def test_the_kind_of_cross_references_is_told(mode: pikepdf.ObjectStreamMode, kind: str, packed: bool):
    found = anatomy(edited(PLAIN, unchanged, object_stream_mode=mode))
    assert (found.xref, found.has_object_streams) == (kind, packed)


def test_both_kinds_of_cross_references_in_one_file_are_told():
    packed = edited(PLAIN, unchanged, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    end = b"\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< >>\nstartxref\n0\n%%EOF\n"
    tail = packed[packed.rindex(b"startxref") :]
    assert anatomy(packed + end + tail).xref == "mixed"


def test_a_linearised_file_is_known():
    found = anatomy(edited(PLAIN, unchanged, linearize=True))
    assert found.is_linearised
    assert found.startxrefs == 2


def test_bytes_between_objects_are_holes():
    place = PLAIN.index(b"endobj") + 6
    assert anatomy(PLAIN).holes == 0
    assert anatomy(PLAIN[:place] + b"\nleft over" + PLAIN[place:]).holes == len("leftover")


def test_objects_and_their_order_are_told():
    count = PLAIN.count(b" obj")
    found = anatomy(PLAIN)
    assert (found.objects, found.objects_out_of_order) == (count, False)


def test_both_identifiers_of_the_trailer_are_told():
    found = anatomy(edited(PLAIN, unchanged, static_id=True))
    assert found.ids is not None
    assert all(len(bytes.fromhex(each)) == 16 for each in found.ids)


def test_a_trailer_without_identifiers_has_none():
    start = PLAIN.index(b"/ID")
    assert anatomy(PLAIN[:start] + PLAIN[PLAIN.index(b"]", start) + 1 :]).ids is None


def test_keys_of_trailer_root_and_pages_are_told():
    found = anatomy(PLAIN)
    assert found.trailer_keys == ("ID", "Info", "Root", "Size")
    assert {"Pages", "Type"} <= set(found.root_keys)
    assert {"Contents", "MediaBox", "Parent", "Resources", "Type"} <= set(found.page_keys)


def test_content_streams_of_pages_are_counted():
    def split(file: pikepdf.Pdf) -> None:
        file.pages[0].contents_add(b"q Q")
        file.pages[0].contents_add(b"q Q", prepend=True)

    assert anatomy(PLAIN).content_streams == (1,)
    assert anatomy(edited(PLAIN, split)).content_streams == (3,)


def test_filters_are_told_by_chain():
    assert anatomy(PLAIN).filters == ("ASCII85Decode FlateDecode", "FlateDecode")


def test_resources_are_told_with_their_kind():
    assert {"Font/F1", "Font/F2+0"} <= set(anatomy(PLAIN).resource_names)


def test_operators_that_show_text_are_told():
    def spaced(canvas: Canvas) -> None:
        canvas.drawString(40, 800, "a")
        canvas.addLiteral("BT /F1 8 Tf 40 700 Td [(ab) -20 (c)] TJ (d) ' 1 2 (e) \" ET")

    assert anatomy(drawn(spaced)).text_operators == ('"', "'", "TJ", "Tj")


@pytest.mark.parametrize("level", [1, 6, 9])
def test_the_level_of_compression_is_found(level: int):
    def compress(file: pikepdf.Pdf) -> None:
        content = b"\n".join(f"q 1 0 0 1 {place} 0 cm Q".encode() for place in range(100))
        stream = pikepdf.Stream(file, zlib.compress(content, level))
        stream.Filter = pikepdf.Name.FlateDecode
        file.pages[0].Contents = file.make_indirect(stream)

    pdf = edited(drawn(lambda canvas: canvas.rect(1, 1, 2, 2)), compress, recompress_flate=False)
    header = zlib.compress(b"", level)[:2].hex()
    assert Deflate(header, level) in anatomy(pdf).deflates


def test_a_stream_that_no_level_makes_again_is_told():
    def compress(file: pikepdf.Pdf) -> None:
        content = b"\n".join(f"q 1 0 0 1 {place} 0 cm Q".encode() for place in range(100))
        folding = zlib.compressobj(6, zlib.DEFLATED, 15, 1)
        folded = folding.compress(content[:300]) + folding.flush(zlib.Z_FULL_FLUSH)
        folded += folding.compress(content[300:]) + folding.flush()
        stream = pikepdf.Stream(file, folded)
        stream.Filter = pikepdf.Name.FlateDecode
        file.pages[0].Contents = file.make_indirect(stream)

    pdf = edited(drawn(lambda canvas: canvas.rect(1, 1, 2, 2)), compress, recompress_flate=False)
    assert [deflate.level for deflate in anatomy(pdf).deflates] == [-1]


def test_streams_of_two_writers_have_two_fingerprints():
    def compress(file: pikepdf.Pdf) -> None:
        stream = pikepdf.Stream(file, zlib.compress(file.pages[0].Contents.read_bytes() + b" q Q" * 50, 1))
        stream.Filter = pikepdf.Name.FlateDecode
        file.pages[0].Contents = file.make_indirect(stream)

    many = drawn(written(*["saldo 12,50"] * 30), written(*["saldo 12,50"] * 30))
    assert len(anatomy(many).deflates) == 1
    assert len(anatomy(edited(many, compress, recompress_flate=False)).deflates) == 2


def test_what_acts_is_named():
    def act(file: pikepdf.Pdf) -> None:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("1"))
        file.Root.OpenAction = script
        file.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA=pikepdf.String("x"))
        file.attachments["a.txt"] = b"text"
        link = pikepdf.Dictionary(
            Subtype=pikepdf.Name.Link,
            Rect=[0, 0, 9, 9],
            A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("http://localhost")),
        )
        launch = pikepdf.Dictionary(
            Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=pikepdf.Dictionary(S=pikepdf.Name.Launch)
        )
        file.pages[0].Annots = [file.make_indirect(link), file.make_indirect(launch)]

    everything = ("AcroForm", "EmbeddedFiles", "JavaScript", "Launch", "OpenAction", "URI", "XFA")
    assert anatomy(edited(PLAIN, act)).active == everything
    packed = edited(PLAIN, act, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert anatomy(packed).active == everything


def test_a_plain_file_has_nothing_that_acts():
    assert anatomy(PLAIN).active == ()
