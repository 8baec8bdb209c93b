"""Files that came to harm: cut short, glued together, encrypted, or with bytes changed at random."""

from __future__ import annotations

import io
import random
import re
import warnings
from functools import partial

import pikepdf

from tools.hostile_pdfs.recipe import Kitchen, Menu
from tools.hostile_pdfs.writing import WORDS, document, stream

MENU = Menu("broken")
MUTATIONS = 60


def _truncated(share: float, kitchen: Kitchen) -> bytes:
    return kitchen.genuine[: int(len(kitchen.genuine) * share)]


for percent in (*range(5, 100, 5), 96, 97, 98, 99):
    MENU.add(f"cut-at-{percent:02d}-percent", partial(_truncated, percent / 100), quick=percent in {50, 99})
for count in (1, 5, 8, 20, 100, 1000):
    MENU.add(f"first-{count}-bytes", lambda kitchen, count=count: kitchen.genuine[:count])
    MENU.add(
        f"without-the-last-{count}-bytes",
        lambda kitchen, count=count: kitchen.genuine[:-count],
        may_be_read=count <= 20,
    )
MENU.add("nothing", lambda kitchen: b"", quick=True)
MENU.add("one-zero", lambda kitchen: b"\0")
MENU.add("ten-megabytes-of-zeros", lambda kitchen: bytes(10 << 20))
MENU.add("chaos", lambda kitchen: random.Random(1).randbytes(1_000_000))
MENU.add(
    "header-and-chaos", lambda kitchen: b"%PDF-1.7\n" + random.Random(2).randbytes(1_000_000), quick=True
)
MENU.add("header-and-obj-obj-obj", lambda kitchen: b"%PDF-1.7\n" + b"1 0 obj " * 1_000_000)
MENU.add("header-and-endless-comments", lambda kitchen: b"%PDF-1.7\n" + b"%" * 9_000_000)
MENU.add(
    "header-and-endless-stream-words", lambda kitchen: b"%PDF-1.7\n1 0 obj<<>>" + b"stream\n" * 1_200_000
)
MENU.add("header-and-endless-ends", lambda kitchen: b"%PDF-1.7\n" + b"%%EOF\nstartxref\n0\n" * 500_000)
MENU.add("header-and-endless-trailers", lambda kitchen: b"%PDF-1.7\n" + b"trailer<</Root 1 0 R>>\n" * 400_000)
MENU.add("header-and-endless-xrefs", lambda kitchen: b"%PDF-1.7\n" + b"xref\n0 1\n" * 1_000_000)
MENU.add("half-a-megabyte-too-large", lambda kitchen: kitchen.genuine + b"\n" * (10 << 20), quick=True)
MENU.add("picture", lambda kitchen: b"\x89PNG\r\n\x1a\n" + bytes(1000))
MENU.add("web-page", lambda kitchen: b"<!DOCTYPE html><html><body>%PDF-1.7</body></html>")
MENU.add("archive", lambda kitchen: b"PK\3\4" + kitchen.genuine, may_be_read=True)
MENU.add("header-later", lambda kitchen: b"x" * 2000 + kitchen.genuine)
MENU.add("header-a-bit-later", lambda kitchen: b"HTTP/1.1 200 OK\r\n\r\n" + kitchen.genuine, may_be_read=True)
MENU.add("twice", lambda kitchen: kitchen.genuine * 2, may_be_read=True)
MENU.add(
    "two-hundred-times",
    lambda kitchen: kitchen.genuine * (9_000_000 // len(kitchen.genuine)),
    may_be_read=True,
)
MENU.add(
    "chaos-behind", lambda kitchen: kitchen.genuine + random.Random(3).randbytes(500_000), may_be_read=True
)
MENU.add("as-text", lambda kitchen: kitchen.genuine.replace(b"\n", b"\r\n"), may_be_read=True)
MENU.add("seven-bits", lambda kitchen: bytes(byte & 0x7F for byte in kitchen.genuine))
MENU.add("version-9", lambda kitchen: b"%PDF-9.9" + kitchen.genuine[8:], may_be_read=True)
MENU.add("without-ends-of-objects", lambda kitchen: kitchen.genuine.replace(b"endobj", b""), may_be_read=True)
MENU.add(
    "without-ends-of-streams", lambda kitchen: kitchen.genuine.replace(b"endstream", b""), may_be_read=True
)
MENU.add("without-a-start", lambda kitchen: kitchen.genuine.replace(b"startxref", b""), may_be_read=True)
MENU.add("without-objects", lambda kitchen: kitchen.genuine.replace(b" obj", b" job"))
MENU.add(
    "types-swapped", lambda kitchen: kitchen.genuine.replace(b"/Pages", b"/Font ").replace(b"/Page", b"/Sig")
)


def _lengths(said: bytes, kitchen: Kitchen) -> bytes:
    return re.sub(rb"/Length \d+(?: 0 R)?", b"/Length " + said, kitchen.genuine)


for label, said in {
    "zero": b"0",
    "one": b"1",
    "2-31": b"2147483647",
    "2-63": b"9223372036854775807",
    "negative": b"-1",
    "missing": b"null",
    "a-name": b"/Long",
}.items():
    MENU.add(f"length-{label}", partial(_lengths, said), may_be_read=True, quick=label == "2-63")


def _ends(kitchen: Kitchen) -> bytes:
    return document(more={4: stream(WORDS + b"\nendstream\nendobj\n4 0 obj\n<<>>\nstream\nevil")})


MENU.add("stream-that-ends-early", _ends)


def _mutated(seed: int, kitchen: Kitchen) -> bytes:
    """Change a few bytes at random: flip, set, drop, repeat, or move a piece."""
    rng = random.Random(seed)
    data = bytearray(kitchen.genuine)
    for _ in range(rng.choice((1, 2, 5, 20, 100))):
        place, length = rng.randrange(len(data)), rng.randrange(1, 40)
        kind = rng.randrange(5)
        if kind == 0:
            data[place] ^= 1 << rng.randrange(8)
        elif kind == 1:
            data[place] = rng.randrange(256)
        elif kind == 2:
            del data[place : place + length]
        elif kind == 3:
            data[place:place] = data[place : place + length]
        else:
            other = rng.randrange(len(data))
            data[other : other + length] = data[place : place + length]
    return bytes(data)


for seed in range(MUTATIONS):
    MENU.add(f"mutation-{seed:02d}", partial(_mutated, seed), may_be_read=True, quick=seed < 4)


def _number_changed(seed: int, kitchen: Kitchen) -> bytes:
    """Put a number that nobody expects where the file has one, outside its streams."""
    rng = random.Random(seed)
    places = [found.span(1) for found in re.finditer(rb"[ \[](\d+)(?=[ \]/>\n])", kitchen.genuine)]
    data = kitchen.genuine
    for start, end in sorted(rng.sample(places, min(3, len(places))), reverse=True):
        number = rng.choice((b"-1", b"0", b"4294967296", b"99999999999999999999", b"1e38", b"2147483647"))
        data = data[:start] + number + data[end:]
    return data


for seed in range(30):
    MENU.add(f"number-{seed:02d}", partial(_number_changed, seed), may_be_read=True, quick=seed < 2)


def _encrypted(options: pikepdf.Encryption, kitchen: Kitchen) -> bytes:
    with pikepdf.open(io.BytesIO(kitchen.genuine)) as pdf, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one of them is too old to be used any more
        out = io.BytesIO()
        pdf.save(out, encryption=options)
    return out.getvalue()


for label, revision, aes in (
    ("rc4-40", 2, False),
    ("rc4-128", 3, False),
    ("aes-128", 4, True),
    ("aes-256-old", 5, True),
    ("aes-256", 6, True),
):
    MENU.add(
        f"encrypted-{label}",
        partial(
            _encrypted,
            pikepdf.Encryption(owner="owner", user="44051401359", R=revision, aes=aes, metadata=aes),
        ),
        quick=label in {"rc4-40", "aes-256"},
    )
MENU.add(
    "encrypted-for-its-owner",
    partial(_encrypted, pikepdf.Encryption(owner="owner", user="", R=6)),
    may_be_read=True,
)


def _encryption(entries: bytes, kitchen: Kitchen) -> bytes:
    ids = b"/ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>] "
    return document(trailer=ids + b"/Encrypt << " + entries + b" >>")


STANDARD = b"/Filter /Standard /O (" + b"o" * 32 + b") /U (" + b"u" * 32 + b") /P -1 "
for label, entries in {
    "by-a-stranger": b"/Filter /Evil /V 1",
    "by-nothing": b"",
    "version-99": STANDARD + b"/V 99 /R 99",
    "key-of-2-31-bits": STANDARD + b"/V 2 /R 3 /Length 2147483647",
    "key-of-no-bits": STANDARD + b"/V 2 /R 3 /Length 0",
    "key-negative": STANDARD + b"/V 2 /R 3 /Length -8",
    "short-owner": b"/Filter /Standard /O (o) /U (u) /P -1 /V 5 /R 6 /OE () /UE () /Perms ()",
    "filters-in-a-loop": STANDARD
    + b"/V 4 /R 4 /StmF /A /StrF /A /CF << /A << /CFM /AESV2 /Length 2147483647 >> >>",
}.items():
    MENU.add(f"encrypted-{label}", partial(_encryption, entries))
MENU.add("encrypted-by-itself", lambda kitchen: document(trailer=b"/Encrypt 3 0 R"))
