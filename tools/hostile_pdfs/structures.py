"""Tables, trees and objects that lie, loop, or go deeper than anybody should follow."""

from __future__ import annotations

from functools import partial

from tools.hostile_pdfs.recipe import Kitchen, Menu
from tools.hostile_pdfs.writing import (
    HEADER,
    HELVETICA,
    PAGE,
    WORDS,
    document,
    file,
    flate,
    flate_stream,
    stream,
)

MENU = Menu("structure")
CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"


def _with_pages(pages: bytes, kitchen: Kitchen, more: dict[int, bytes] | None = None) -> bytes:
    return file({1: CATALOG, 2: pages, 3: PAGE, 4: flate_stream(WORDS), 5: HELVETICA, **(more or {})})


for label, pages in {
    "kids-loop": b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>",
    "kids-of-nothing": b"<< /Type /Pages /Kids [99 0 R null 7 (x)] /Count 4 >>",
    "no-kids": b"<< /Type /Pages /Kids [] /Count 0 >>",
    "count-of-2-31": b"<< /Type /Pages /Kids [3 0 R] /Count 2147483647 >>",
    "count-negative": b"<< /Type /Pages /Kids [3 0 R] /Count -1 >>",
    "same-page-5000-times": b"<< /Type /Pages /Kids [" + b"3 0 R " * 5000 + b"] /Count 5000 >>",
    "same-page-201-times": b"<< /Type /Pages /Kids [" + b"3 0 R " * 201 + b"] /Count 201 >>",
    "kids-no-array": b"<< /Type /Pages /Kids 3 0 R /Count 1 >>",
    "pages-is-a-number": b"42",
    "pages-is-null": b"null",
}.items():
    MENU.add(label, partial(_with_pages, pages), quick=label in {"kids-loop", "count-of-2-31"})


@MENU.recipe()
def two_page_trees_that_hold_each_other(kitchen: Kitchen) -> bytes:
    """A loop over two nodes."""
    pages = b"<< /Type /Pages /Kids [6 0 R 3 0 R] /Count 2 >>"
    return _with_pages(pages, kitchen, {6: b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 1 >>"})


@MENU.recipe(quick=True)
def page_tree_that_doubles_40_times(kitchen: Kitchen) -> bytes:
    """Each node holds the next twice: 2^40 pages."""
    nodes = {
        number: b"<< /Type /Pages /Kids [%d 0 R %d 0 R] /Count 2 >>" % (number + 1, number + 1)
        for number in range(10, 50)
    }
    return _with_pages(
        b"<< /Type /Pages /Kids [10 0 R] /Count 1 >>",
        kitchen,
        {**nodes, 50: PAGE.replace(b"2 0 R", b"49 0 R", 1)},
    )


def _deep_tree(depth: int, kitchen: Kitchen) -> bytes:
    nodes = {
        number: b"<< /Type /Pages /Parent %d 0 R /Kids [%d 0 R] /Count 1 >>" % (number - 1, number + 1)
        for number in range(10, 10 + depth)
    }
    last = 10 + depth
    return _with_pages(
        b"<< /Type /Pages /Kids [10 0 R] /Count 1 >>",
        kitchen,
        {**nodes, last: PAGE.replace(b"2 0 R", b"%d 0 R" % (last - 1), 1)},
    )


for depth in (500, 50_000):
    MENU.add(f"page-tree-{depth}-deep", partial(_deep_tree, depth))


@MENU.recipe()
def parents_in_a_circle(kitchen: Kitchen) -> bytes:
    """What a page inherits is looked for in a circle."""
    page = b"<< /Type /Page /Parent 6 0 R /Contents 4 0 R >>"
    circle = {3: page, 6: b"<< /Type /Pages /Parent 7 0 R >>", 7: b"<< /Type /Pages /Parent 6 0 R >>"}
    return _with_pages(b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", kitchen, circle)


def _nested(opening: bytes, closing: bytes, depth: int, kitchen: Kitchen) -> bytes:
    return document(more={10: opening * depth + b"1" + closing * depth}, catalog=b"/Deep 10 0 R")


for name, opening, closing in (("array", b"[", b"]"), ("dictionary", b"<</A ", b">>")):
    for depth in (400, 10_000, 100_000, 1_000_000):
        MENU.add(f"{name}-{depth}-deep", partial(_nested, opening, closing, depth), quick=depth in {100_000})


def _nested_in_page(opening: bytes, closing: bytes, kitchen: Kitchen) -> bytes:
    return document(page=b"/Annots " + opening * 100_000 + closing * 100_000)


MENU.add("annotations-100000-deep", partial(_nested_in_page, b"[", b"]"))


@MENU.recipe()
def unclosed_arrays(kitchen: Kitchen) -> bytes:
    """A million that begin."""
    return document(more={10: b"[" * 1_000_000})


@MENU.recipe()
def nested_arrays_in_content(kitchen: Kitchen) -> bytes:
    """The same, where text is painted."""
    return document(WORDS + b" " + b"[" * 200_000 + b"]" * 200_000 + b" TJ")


@MENU.recipe()
def nested_dictionaries_in_content(kitchen: Kitchen) -> bytes:
    """Properties of marked content."""
    return document(WORDS + b" /P " + b"<</A " * 200_000 + b"1" + b">>" * 200_000 + b" BDC EMC")


@MENU.recipe()
def name_of_a_megabyte(kitchen: Kitchen) -> bytes:
    """One name."""
    return document(catalog=b"/" + b"N" * 1_000_000 + b" 1")


@MENU.recipe()
def string_of_9_megabytes(kitchen: Kitchen) -> bytes:
    """One string, full of brackets that match."""
    return document(catalog=b"/Long (" + b"(" * 4_500_000 + b")" * 4_500_000 + b")")


@MENU.recipe()
def string_without_an_end(kitchen: Kitchen) -> bytes:
    """It swallows the rest."""
    return document(catalog=b"/Long (" + b"(" * 1_000_000)


@MENU.recipe()
def number_of_a_million_digits(kitchen: Kitchen) -> bytes:
    """One number, where a box is expected."""
    return document(page=b"/MediaBox [0 0 " + b"9" * 1_000_000 + b" 842]")


@MENU.recipe()
def array_of_4_million(kitchen: Kitchen) -> bytes:
    """A flat one."""
    return document(catalog=b"/Flat [" + b"1 " * 4_000_000 + b"]")


for label, box in {
    "zero": b"[0 0 0 0]",
    "huge": b"[0 0 1e30 1e30]",
    "not-a-number": b"[(a) /b null true]",
    "short": b"[0 0]",
    "upside-down": b"[595 842 0 0]",
    "negative": b"[-1e9 -1e9 -5e8 -5e8]",
    "tiny": b"[0 0 1e-9 1e-9]",
}.items():
    MENU.add(f"page-box-{label}", lambda kitchen, box=box: document(page=b"/MediaBox " + box))


for label, entry in {
    "contents-is-the-page": b"/Contents 3 0 R",
    "contents-is-missing": b"/Contents 99 0 R",
    "contents-is-null": b"/Contents null",
    "contents-is-text": b"/Contents (text)",
    "resources-is-the-page": b"/Resources 3 0 R",
    "resources-is-a-number": b"/Resources 7",
    "rotated-by-1": b"/Rotate 1",
    "rotated-by-2-31": b"/Rotate 2147483647",
    "user-unit-huge": b"/UserUnit 1e9",
    "annotations-in-a-loop": b"/Annots [3 0 R 3 0 R]",
}.items():
    MENU.add(label, lambda kitchen, entry=entry: document(page=entry))


ONE_ROW = b"xref\n0 1\n0000000000 65535 f \n"
WHOLE = b"/Size 6 /Root 1 0 R"


def _table(table: bytes, trailer: bytes | None, start: bytes, kitchen: Kitchen) -> bytes:
    """Replace the table, the trailer (`None` for none), and where the table is said to start (`HERE`)."""
    whole = document()
    body = whole[: whole.rindex(b"xref\n0")]
    here = b"%d" % len(body)
    ending = b"" if trailer is None else b"trailer\n<< " + trailer.replace(b"HERE", here) + b" >>\n"
    return body + table + ending + b"startxref\n" + start.replace(b"HERE", here) + b"\n%%EOF\n"


for label, table, trailer, start in (
    ("table-of-2-31", ONE_ROW.replace(b"0 1", b"0 2147483647"), WHOLE.replace(b"6", b"2147483647"), b"HERE"),
    ("table-far-away", ONE_ROW + b"2147483600 3\n" + b"0000000000 00000 n \n" * 3, WHOLE, b"HERE"),
    ("table-negative", ONE_ROW.replace(b"0 1", b"-5 10"), b"/Size -1 /Root 1 0 R", b"HERE"),
    ("table-points-to-one-place", b"xref\n0 6\n" + b"0000000015 00000 n \n" * 6, WHOLE, b"HERE"),
    ("table-of-letters", b"xref\n0 6\n" + b"abcdefghij klmno p \n" * 6, WHOLE, b"HERE"),
    ("previous-is-itself", ONE_ROW, WHOLE + b" /Prev HERE", b"HERE"),
    ("previous-is-far", ONE_ROW, WHOLE + b" /Prev 99999999999", b"HERE"),
    ("previous-is-text", ONE_ROW, WHOLE + b" /Prev (a)", b"HERE"),
    ("stream-beside-is-the-table", ONE_ROW, WHOLE + b" /XRefStm HERE", b"HERE"),
    ("no-table", b"", None, b"HERE"),
    ("no-trailer", ONE_ROW, None, b"HERE"),
    ("root-is-missing", ONE_ROW, b"/Size 6", b"HERE"),
    ("root-is-the-font", ONE_ROW, b"/Size 6 /Root 5 0 R", b"HERE"),
    ("root-is-nowhere", ONE_ROW, b"/Size 6 /Root 77 0 R", b"HERE"),
    ("start-is-2-63", ONE_ROW, WHOLE, b"9223372036854775807"),
    ("start-is-negative", ONE_ROW, WHOLE, b"-1"),
    ("start-is-text", ONE_ROW, WHOLE, b"here"),
    ("two-trailers-disagree", ONE_ROW, WHOLE + b" >>\ntrailer\n<< /Root 5 0 R", b"HERE"),
):
    MENU.add(label, partial(_table, table, trailer, start), quick=label == "table-of-2-31")


def _chain_of_tables(kitchen: Kitchen) -> bytes:
    out = bytearray(document())
    start = int(out.rsplit(b"startxref\n", 1)[1].split()[0])
    for _ in range(20_000):
        here = len(out)
        out += b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 6 /Root 1 0 R /Prev %d >>\n" % start
        out += b"startxref\n%d\n%%%%EOF\n" % here
        start = here
    return bytes(out)


MENU.add("20000-revisions", _chain_of_tables)


def _xref_stream(entries: bytes, data: bytes, kitchen: Kitchen) -> bytes:
    body = HEADER + b"1 0 obj\n" + CATALOG + b"\nendobj\n"
    index = stream(flate(data), b"/Type /XRef /Root 1 0 R /Filter /FlateDecode " + entries)
    return body + b"9 0 obj\n" + index + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)


for label, entries, data in (
    ("w-2-31", b"/Size 10 /W [2147483647 2147483647 2147483647]", bytes(100)),
    ("w-negative", b"/Size 10 /W [-1 -2 -3]", bytes(100)),
    ("w-zero", b"/Size 2147483647 /W [0 0 0]", bytes(100)),
    ("w-wide", b"/Size 10 /W [8 255 255]", bytes(10_000)),
    ("w-missing", b"/Size 10", bytes(100)),
    ("w-of-text", b"/Size 10 /W [(a) /b null]", bytes(100)),
    ("size-2-31", b"/Size 2147483647 /W [1 4 2]", bytes(100)),
    ("index-2-31", b"/Size 10 /W [1 4 2] /Index [0 2147483647]", bytes(100)),
    ("index-odd", b"/Size 10 /W [1 4 2] /Index [0 1 2]", bytes(100)),
    ("index-overlaps", b"/Size 10 /W [1 4 2] /Index [" + b"0 10 " * 10_000 + b"]", bytes(700_000)),
    ("previous-loops", b"/Size 10 /W [1 4 2] /Prev 9", bytes(70)),
    ("in-an-object-stream", b"/Size 10 /W [1 4 2]", bytes([2, 0, 0, 0, 9, 0, 0]) * 10),
):
    MENU.add(f"xref-stream-{label}", partial(_xref_stream, entries, data), quick=label == "w-2-31")


@MENU.recipe()
def object_streams_that_extend_each_other(kitchen: Kitchen) -> bytes:
    """Two of them in a circle."""
    first = stream(
        flate(b"20 0 21 3 42 43"), b"/Type /ObjStm /N 2 /First 10 /Extends 11 0 R /Filter /FlateDecode"
    )
    second = stream(
        flate(b"22 0 23 3 42 43"), b"/Type /ObjStm /N 2 /First 10 /Extends 10 0 R /Filter /FlateDecode"
    )
    return document(more={10: first, 11: second})


@MENU.recipe()
def object_stream_in_itself(kitchen: Kitchen) -> bytes:
    """An object stream that is said to lie in an object stream: itself."""
    holder = stream(flate(b"10 0 << /Length 5 >>"), b"/Type /ObjStm /N 1 /First 5 /Filter /FlateDecode")
    return document(more={10: holder}, catalog=b"/Loop 10 0 R")


@MENU.recipe()
def length_that_is_a_reference_to_the_stream(kitchen: Kitchen) -> bytes:
    """To know the length, read the stream."""
    return document(more={4: stream(WORDS, length=b"4 0 R")})


@MENU.recipe()
def references_in_a_circle(kitchen: Kitchen) -> bytes:
    """Objects that are only references to each other."""
    return document(more={10: b"11 0 R", 11: b"12 0 R", 12: b"10 0 R"}, page=b"/Contents 10 0 R")


@MENU.recipe()
def reference_chain_of_100000(kitchen: Kitchen) -> bytes:
    """Objects that are references to the next."""
    return document(
        more={number: b"%d 0 R" % (number + 1) for number in range(10, 100_010)}, page=b"/Contents 10 0 R"
    )


@MENU.recipe()
def generations_of_65535(kitchen: Kitchen) -> bytes:
    """Numbers of versions that nobody uses."""
    return document().replace(b" 0 obj", b" 65535 obj").replace(b" 0 R", b" 65535 R")


@MENU.recipe()
def object_numbers_of_2_31(kitchen: Kitchen) -> bytes:
    """A page that is object 2147483646."""
    return document().replace(b"3 0 obj", b"2147483646 0 obj").replace(b"[3 0 R]", b"[2147483646 0 R]")


def _names_loop(kitchen: Kitchen) -> bytes:
    names = b"/Names << /Dests 10 0 R /JavaScript 10 0 R /EmbeddedFiles 10 0 R >>"
    return document(
        catalog=names,
        more={10: b"<< /Kids [10 0 R 11 0 R] /Limits [(a) (z)] >>", 11: b"<< /Kids [10 0 R] >>"},
    )


MENU.add("names-in-a-loop", _names_loop, quick=True)


@MENU.recipe()
def outlines_in_a_loop(kitchen: Kitchen) -> bytes:
    """Bookmarks that follow each other in a circle."""
    return document(
        catalog=b"/Outlines 10 0 R",
        more={
            10: b"<< /Type /Outlines /First 11 0 R /Last 11 0 R /Count 2147483647 >>",
            11: b"<< /Title (a) /Parent 10 0 R /Next 11 0 R /First 11 0 R >>",
        },
    )


@MENU.recipe()
def fields_in_a_loop(kitchen: Kitchen) -> bytes:
    """A form whose field is its own child and parent."""
    return document(
        catalog=b"/AcroForm << /Fields [10 0 R] /SigFlags 3 >>",
        more={10: b"<< /T (a) /FT /Sig /Kids [10 0 R] /Parent 10 0 R /V 10 0 R >>"},
    )


@MENU.recipe()
def tags_in_a_loop(kitchen: Kitchen) -> bytes:
    """A structure tree that holds itself."""
    return document(
        catalog=b"/StructTreeRoot 10 0 R /MarkInfo << /Marked true >>",
        more={10: b"<< /Type /StructTreeRoot /K [10 0 R] /ParentTree 10 0 R /Kids [10 0 R] >>"},
    )


def _signature(byte_range: bytes, contents: bytes, kitchen: Kitchen) -> bytes:
    return document(
        catalog=b"/AcroForm << /Fields [10 0 R] /SigFlags 3 >>",
        more={
            10: b"<< /FT /Sig /T (Seal) /Type /Annot /Subtype /Widget /Rect [0 0 0 0] /V 11 0 R >>",
            11: b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange "
            + byte_range
            + b" /Contents <"
            + contents
            + b"> >>",
        },
    )


for label, byte_range, contents in (
    ("of-garbage", b"[0 100 200 300]", b"deadbeef" * 100),
    ("of-nothing", b"[0 0 0 0]", b""),
    ("range-2-31", b"[0 2147483647 2147483647 2147483647]", b"00" * 1000),
    ("range-negative", b"[-5 -5 -5 -5]", b"3080" * 1000),
    ("range-odd", b"[1 2 3]", b"30820100" * 10),
    ("of-deep-asn1", b"[0 100 200 300]", b"3080" * 50_000),
    ("of-a-long-length", b"[0 100 200 300]", b"308400ffffff" + b"30" * 1000),
):
    MENU.add(f"signature-{label}", partial(_signature, byte_range, contents), quick=label == "of-deep-asn1")
