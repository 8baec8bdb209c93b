"""The search for a secret that must be nowhere: in every form in which a file or a memory may hold it."""

from __future__ import annotations

import base64
import html
import json
import os
import re
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import zstandard

# A member may be broken, endless, or none at all: this much of it is looked at.
MOST_PACKED_BYTES = 8 * 1024 * 1024
MOST_UNPACKED_BYTES = 32 * 1024 * 1024
MOST_NESTED = 2
PIECE_BYTES = 1024

ZLIB = [
    bytes((method, flags))
    for method in range(0x18, 0x79, 0x10)  # deflate, with each size of window
    for flags in range(256)
    if (method * 256 + flags) % 31 == 0 and not flags & 0x20  # the check bits fit; no dictionary
]
MAGIC = {b"\x1f\x8b\x08": "gzip", b"\x28\xb5\x2f\xfd": "zstd", **dict.fromkeys(ZLIB, "zlib")}


@dataclass(frozen=True)
class Canary:
    """A secret and the forms in which it may be written, by the form's name."""

    forms: dict[str, bytes]

    @classmethod
    def of_text(cls, text: str) -> Canary:
        """What somebody typed: as text in any encoding or escape, too."""
        plain = text.encode()
        forms = _forms_of_bytes(plain)
        for encoding in ("utf-16-le", "utf-16-be"):
            encoded = text.encode(encoding)
            forms[encoding] = encoded
            forms |= {f"{encoding} in {name}": form for name, form in _base64(encoded).items()}
        for name, escaped in _escapes(text):
            forms.setdefault(name, escaped.encode())
        return cls(forms)

    @classmethod
    def of_bytes(cls, secret: bytes) -> Canary:
        """A key: raw, or as text."""
        return cls(_forms_of_bytes(secret))

    @classmethod
    def any_of(cls, canaries: Iterable[Canary]) -> Canary:
        """Several that are sought together."""
        forms = (one.forms.items() for one in canaries)
        return cls({f"{place}: {name}": form for place, one in enumerate(forms) for name, form in one})

    def form_in(self, data: bytes) -> str | None:
        """Return the name of a form that is in the data as it stands."""
        return next((name for name, form in self.forms.items() if form in data), None)

    def found_in(self, data: bytes, nested: int = MOST_NESTED) -> str | None:
        """Return the name of a form that is in the data or in anything packed in it; none, if none is."""
        if found := self.form_in(data):
            return found
        if nested:
            for kind, unpacked in members(data):
                if found := self.found_in(unpacked, nested - 1):
                    return f"{found} in {kind}"
        return None

    def files_among(self, paths: Iterable[Path]) -> dict[Path, str]:
        """Return the files that hold it, each with a form; one that goes away meanwhile holds nothing."""
        found = {}
        for path in paths:
            try:
                form = self.found_in(path.read_bytes())
            except OSError:
                continue
            if form:
                found[path] = form
        return found


def _forms_of_bytes(secret: bytes) -> dict[str, bytes]:
    digits = secret.hex()
    return {
        "plain": secret,
        "hex": digits.encode(),
        "HEX": digits.upper().encode(),
        **_base64(secret),
    }


def _base64(secret: bytes) -> dict[str, bytes]:
    """Base64 in both alphabets, at each of its three places; without the edges that depend on neighbours."""
    forms = {}
    for alphabet, encode in (("base64", base64.b64encode), ("base64url", base64.urlsafe_b64encode)):
        for shift in range(3):
            forms[f"{alphabet} at {shift}"] = encode(b"x" * shift + secret)[4:-4]
    return forms


def _escapes(text: str) -> Iterator[tuple[str, str]]:
    for name, escape in (("URL", quote), ("form", quote_plus)):
        escaped = escape(text, safe="")
        yield name, escaped
        yield f"{name}, small digits", re.sub("%..", lambda found: found[0].lower(), escaped)
    for name, ascii_only in (("JSON", True), ("JSON in UTF-8", False)):
        escaped = json.dumps(text, ensure_ascii=ascii_only)[1:-1]
        yield name, escaped
        yield f"{name}, escaped slashes", escaped.replace("/", "\\/")
    yield "HTML", html.escape(text)
    yield "XML", html.escape(text, quote=False)
    yield "repr", repr(text)[1:-1]
    yield "repr of bytes", repr(text.encode())[2:-1]


def members(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Unpack what begins at any place: gzip, zlib, zstd. What breaks off is given as far as it goes."""
    view = memoryview(data)
    for magic, kind in MAGIC.items():
        at = -1
        while (at := data.find(magic, at + 1)) >= 0:
            if unpacked := _unpacked(kind, view[at : at + MOST_PACKED_BYTES]):
                yield kind, unpacked


def _unpacked(kind: str, packed: memoryview) -> bytes:
    unpacked, good = _stream(kind, packed, len(packed))
    if good < len(packed):
        # It broke in the piece that begins here: what stands before the break is in there, too.
        unpacked, _ = _stream(kind, packed[: good + PIECE_BYTES], good)
    return unpacked


def _stream(kind: str, packed: memoryview, careful_from: int) -> tuple[bytes, int]:
    """Unpack in pieces, later byte by byte; tell where the piece begins that broke, or the whole length."""
    stream: Any
    if kind == "zstd":
        stream = zstandard.ZstdDecompressor(max_window_size=MOST_UNPACKED_BYTES).decompressobj()
    else:
        stream = zlib.decompressobj(zlib.MAX_WBITS | (16 if kind == "gzip" else 0))
    unpacked, at = bytearray(), 0
    while at < len(packed) and not stream.eof and len(unpacked) < MOST_UNPACKED_BYTES:
        size = PIECE_BYTES if at < careful_from else 1
        try:
            unpacked += stream.decompress(packed[at : at + size])
        except (zlib.error, zstandard.ZstdError):
            return bytes(unpacked), at
        at += size
    return bytes(unpacked), len(packed)


def files_in(folder: Path, since: float = 0.0) -> list[Path]:
    """All files below a folder that came or changed since; what goes away meanwhile is left out."""
    found = (Path(root, name) for root, _, names in os.walk(folder) for name in names)
    return [path for path in found if path.is_file() and _changed(path) >= since]


def temporary_files_since(moment: float, folder: Path | None = None) -> list[Path]:
    """The files of the system's temporary folder that came or changed since; not those of test runs."""
    folder = folder or Path(tempfile.gettempdir())
    found = []
    for entry in folder.iterdir():
        if not entry.name.startswith("pytest-of-"):
            found += [entry] if entry.is_file() else files_in(entry)
    return [path for path in found if _changed(path) >= moment]


def _changed(path: Path) -> float:
    try:
        return path.stat().st_ctime
    except OSError:
        return 0.0


def open_files(pid: int) -> list[Path]:
    """The files that a process has open, also those without a name; empty, where we may not look."""
    try:
        links = list(Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return []
    return [link for link in links if link.is_file()]
