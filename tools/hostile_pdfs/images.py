"""Pictures that no decoder should believe."""

from __future__ import annotations

from functools import partial

from tools.hostile_pdfs.recipe import Kitchen, Menu
from tools.hostile_pdfs.writing import CHAOS, WORDS, document, stream

MENU = Menu("image")


def _image(filter_: bytes, data: bytes, kitchen: Kitchen) -> bytes:
    image = stream(
        data,
        b"/Type /XObject /Subtype /Image /Width 5000 /Height 5000 "
        b"/BitsPerComponent 8 /ColorSpace /DeviceGray /Filter " + filter_,
    )
    return document(
        WORDS + b" q 9 0 0 9 0 0 cm /I1 Do Q", resources=b"/XObject << /I1 10 0 R >>", more={10: image}
    )


JPX = b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 \0\0\0\0jp2 "
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
JPEG += b"\xff\xc0\0\x11\x08\xff\xff\xff\xff\3\1\x22\0\2\x11\1\3\x11\1"
for label, filter_, data in (
    ("jbig2-of-chaos", b"/JBIG2Decode", CHAOS),
    ("jbig2-segment-of-2-32", b"/JBIG2Decode", b"\0\0\0\0\x30\0\1\xff\xff\xff\xff" + CHAOS[:500]),
    (
        "jbig2-page-of-2-32",
        b"/JBIG2Decode",
        b"\0\0\0\0\x30\0\1\0\0\0\x13\xff\xff\xff\xff\xff\xff\xff\xff" + bytes(11),
    ),
    ("jpx-of-chaos", b"/JPXDecode", JPX + CHAOS),
    (
        "jpx-of-2-32",
        b"/JPXDecode",
        JPX + b"\xff\x4f\xff\x51\0\x2f\0\0" + b"\xff" * 36 + b"\0\3" + CHAOS[:200],
    ),
    ("jpeg-of-chaos", b"/DCTDecode", JPEG + CHAOS),
    ("jpeg-of-65535", b"/DCTDecode", JPEG + b"\xff\xda\0\x0c\3\1\0\2\x11\3\x11\0\x3f\0" + bytes(5000)),
    ("fax-of-chaos", b"/CCITTFaxDecode /DecodeParms << /K -1 /Columns 2147483647 /Rows 2147483647 >>", CHAOS),
    ("unknown-filter", b"/EvilDecode", CHAOS),
    ("crypt-filter", b"/Crypt", CHAOS),
):
    MENU.add(label, partial(_image, filter_, data), quick=label in {"jbig2-of-chaos", "jpx-of-2-32"})
