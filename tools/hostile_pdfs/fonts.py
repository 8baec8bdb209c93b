"""Fonts that hold themselves, are no fonts, or say more letters than there are."""

from __future__ import annotations

from functools import partial

from tools.hostile_pdfs.recipe import Kitchen, Menu
from tools.hostile_pdfs.writing import CHAOS, HELVETICA, document, flate_stream, stream

MENU = Menu("font")


def _font(entries: bytes, more: dict[int, bytes], kitchen: Kitchen) -> bytes:
    return document(fonts=b"/F1 10 0 R", more={10: b"<< /Type /Font " + entries + b" >>", **more})


TYPE3 = b"/Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /FirstChar 32 /LastChar 126 "
DESCRIPTOR = (
    b"<< /Type /FontDescriptor /FontName /AAAAAA+Arial /Flags 32 /FontBBox [0 0 1 1] /FontFile2 12 0 R >>"
)
TRUE_TYPE = b"/Subtype /TrueType /BaseFont /AAAAAA+Arial /FirstChar 32 /LastChar 126 /FontDescriptor 11 0 R "
NAMES = b" ".join(b"/g%d" % code for code in range(32, 127))
ALL_LETTERS = (
    b"/Encoding << /Differences [32 "
    + NAMES
    + b"] >> /CharProcs << "
    + b" ".join(b"/g%d 11 0 R" % code for code in range(32, 127))
    + b" >> /Widths ["
    + b"1 " * 95
    + b"] "
)

for label, entries, more in (
    (
        "type3-in-itself",
        TYPE3 + ALL_LETTERS + b"/Resources << /Font << /F1 10 0 R >> >>",
        {11: stream(b"1 0 d0 BT /F1 1 Tf (abc) Tj ET")},
    ),
    (
        "type3-paints-the-page",
        TYPE3 + ALL_LETTERS + b"/Resources << /XObject << /X 3 0 R >> >>",
        {11: stream(b"1 0 d0 /X Do")},
    ),
    ("type3-without-letters", TYPE3 + b"/Encoding << >> /CharProcs << >> /Widths []", {}),
    ("type3-of-2-31-letters", b"/Subtype /Type3 /FirstChar -2147483648 /LastChar 2147483647 /Widths [1]", {}),
    ("type0-in-itself", b"/Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [10 0 R]", {}),
    (
        "type0-encoded-by-itself",
        b"/Subtype /Type0 /BaseFont /A /Encoding 10 0 R /DescendantFonts [11 0 R]",
        {
            11: b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A"
            b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /W [0 ["
            + b"500 " * 100_000
            + b"]] >>"
        },
    ),
    (
        "type0-without-descendants",
        b"/Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts []",
        {},
    ),
    (
        "widths-of-2-31",
        b"/Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [11 0 R]",
        {11: b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /W [0 2147483647 500 5 4 1] /DW 1e30 >>"},
    ),
    ("truetype-of-chaos", TRUE_TYPE, {11: DESCRIPTOR, 12: flate_stream(CHAOS)}),
    ("truetype-of-nothing", TRUE_TYPE, {11: DESCRIPTOR, 12: flate_stream(b"")}),
    (
        "truetype-of-65535-tables",
        TRUE_TYPE,
        {
            11: DESCRIPTOR,
            12: flate_stream(
                b"\0\1\0\0\xff\xff\0\0\0\0\0\0" + b"glyf\0\0\0\0\0\0\0\1\xff\xff\xff\xff" * 65535
            ),
        },
    ),
    (
        "truetype-table-over-the-end",
        TRUE_TYPE,
        {
            11: DESCRIPTOR,
            12: flate_stream(
                b"\0\1\0\0\0\3\0\0\0\0\0\0"
                + b"".join(tag + b"\0\0\0\0\0\0\0\x0c\x7f\xff\xff\xff" for tag in (b"cmap", b"glyf", b"loca"))
            ),
        },
    ),
    (
        "cff-of-chaos",
        b"/Subtype /Type1 /BaseFont /A /FontDescriptor 11 0 R",
        {
            11: b"<< /Type /FontDescriptor /FontName /A /Flags 4 /FontFile3 12 0 R >>",
            12: flate_stream(b"\1\0\4\4" + CHAOS, b"/Subtype /Type1C"),
        },
    ),
    (
        "type1-of-chaos",
        b"/Subtype /Type1 /BaseFont /A /FontDescriptor 11 0 R",
        {
            11: b"<< /Type /FontDescriptor /FontName /A /Flags 4 /FontFile 12 0 R >>",
            12: flate_stream(
                b"%!PS-AdobeFont-1.0: A\neexec " + CHAOS, b"/Length1 26 /Length2 60000 /Length3 0"
            ),
        },
    ),
    ("descriptor-is-the-font", TRUE_TYPE.replace(b"11 0 R", b"10 0 R"), {}),
    ("is-a-page", b"/Subtype /Type1 /BaseFont 3 0 R /Encoding 3 0 R /ToUnicode 3 0 R", {}),
    (
        "to-unicode-uses-itself",
        b"/Subtype /Type1 /BaseFont /Helvetica /ToUnicode 11 0 R",
        {11: flate_stream(b"1 beginbfchar <41> <0042> endbfchar", b"/UseCMap 11 0 R")},
    ),
    (
        "to-unicode-of-chaos",
        b"/Subtype /Type1 /BaseFont /Helvetica /ToUnicode 11 0 R",
        {11: flate_stream(CHAOS)},
    ),
    (
        "encoding-of-a-million-names",
        b"/Subtype /Type1 /BaseFont /Helvetica /Encoding 11 0 R",
        {11: b"<< /Differences [0 " + b"/a " * 1_000_000 + b"] >>"},
    ),
):
    MENU.add(
        label,
        partial(_font, entries, more),
        quick=label in {"type3-in-itself", "truetype-of-65535-tables"},
    )


@MENU.recipe()
def a_thousand_fonts(kitchen: Kitchen) -> bytes:
    """Each word in another one, all of them broken."""
    fonts = b" ".join(b"/G%d %d 0 R" % (number, number) for number in range(20, 1020))
    font = b"<< /Type /Font " + TRUE_TYPE + b" >>"
    content = (
        b"BT 40 780 Td " + b" ".join(b"/G%d 9 Tf (Saldo) Tj" % number for number in range(20, 1020)) + b" ET"
    )
    more = {11: DESCRIPTOR, 12: flate_stream(CHAOS)} | dict.fromkeys(range(20, 1020), font)
    return document(content, fonts=fonts, more={5: HELVETICA, **more})
