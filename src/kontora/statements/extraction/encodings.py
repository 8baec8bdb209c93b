"""What the codes of a simple font are called: glyph names by its encoding."""

from __future__ import annotations

import re
from functools import cache

import pikepdf
from fontTools import agl
from fontTools.encodings.StandardEncoding import StandardEncoding

from kontora.statements.extraction.naming import name_of

NOTHING = ".notdef"
TEXT_FONTS = ("Helvetica", "Times", "Courier")

_BUILT_IN = re.compile(rb"dup\s+(\d{1,3})\s*/([^\s/]+)\s+put")


def glyph_names(font: pikepdf.Object, *, is_embedded: bool, built_in: dict[int, str]) -> dict[int, str]:
    """Return the names of the glyphs of a simple font's codes, as far as its encoding says them.

    `built_in`: what the embedded program calls them, used where the encoding names no other base. Without
    either, only the codes of the well-known text fonts say something by themselves.
    """
    encoding = font.get("/Encoding")
    differences = encoding.get("/Differences") if isinstance(encoding, pikepdf.Dictionary) else None
    base = encoding.get("/BaseEncoding") if isinstance(encoding, pikepdf.Dictionary) else encoding
    if isinstance(base, pikepdf.Name):
        names = dict(_named(name_of(base)))
    elif built_in:
        names = dict(built_in)
    else:
        is_known = not is_embedded and name_of(font.get("/BaseFont")).startswith(TEXT_FONTS)
        names = dict(_named("StandardEncoding")) if is_known else {}
    code = 0
    for item in differences or ():
        if isinstance(item, pikepdf.Name):
            names[code] = name_of(item)
            code += 1
        else:
            code = int(item)
    return names


def built_in_names(program: bytes) -> dict[int, str]:
    """Read the encoding that a Type 1 program has in clear text."""
    clear = program[: max(0, program.find(b"eexec"))]
    if b"StandardEncoding def" in clear:
        return dict(_named("StandardEncoding"))
    return {int(code): name.decode("latin-1") for code, name in _BUILT_IN.findall(clear)}


@cache
def character(name: str) -> str:
    """Return what a glyph name stands for; empty where it tells nothing."""
    return str(agl.toUnicode(name))


@cache
def _named(encoding: str) -> dict[int, str]:
    if encoding == "StandardEncoding":
        return {code: name for code, name in enumerate(StandardEncoding) if name != NOTHING}
    codec = {"WinAnsiEncoding": "cp1252", "MacRomanEncoding": "mac_roman"}.get(encoding)
    if codec is None:
        return {}
    decoded = ((code, bytes((code,)).decode(codec, "ignore")) for code in range(32, 256))
    return {code: agl.UV2AGL[ord(text)] for code, text in decoded if text and ord(text) in agl.UV2AGL}
