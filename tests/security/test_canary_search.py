"""The search for a secret finds it in whatever form it was written, and nothing where there is none."""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import os
import re
import secrets
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
import zstandard
from tests.harness.canaries import Canary, files_in, open_files, temporary_files_since

# Not the one that is sought after a sign-in: what is planted here must not be found there.
SECRET = f'Kukułka-{secrets.token_hex(5)} "ż?>/\\&'
# Long and varied enough to be packed for good: what is short is kept as it stands by some.
AROUND = b"password is " + SECRET.encode() + ", they say\n".join(map(str, range(5000))).encode()


def zstd_of_unknown_size(data: bytes) -> bytes:
    packing = zstandard.ZstdCompressor(write_content_size=False).compressobj()
    return packing.compress(data) + packing.flush()


def raw_gzip_file(data: bytes) -> bytes:
    written = io.BytesIO()
    with gzip.GzipFile("passwords.txt", "wb", fileobj=written) as packed:
        packed.write(data)
    return written.getvalue()


def unfinished(data: bytes) -> bytes:
    """What is on disk while a log is still being packed: its members are flushed, but not ended."""
    packing = zlib.compressobj(wbits=31)
    return packing.compress(data) + packing.flush(zlib.Z_SYNC_FLUSH)


def always_packed(data: bytes) -> bytes:
    """Pack even what does not get smaller by it, and would be kept as it stands."""
    packing = zlib.compressobj(strategy=zlib.Z_FIXED)
    return packing.compress(data) + packing.flush()


PLANTED: dict[str, Callable[[], bytes]] = {
    "plain": lambda: AROUND,
    "hex": lambda: b"\\x" + AROUND.hex().encode(),
    "base64 at 0": lambda: base64.b64encode(b"abc" + AROUND[12:]),
    "base64 at 1": lambda: base64.b64encode(b"a" + AROUND[12:]),
    "base64 at 2": lambda: base64.b64encode(b"ab" + AROUND[12:]),
    "base64 of a URL": lambda: base64.urlsafe_b64encode(AROUND),
    "URL-escaped": lambda: quote(SECRET, safe="").encode(),
    "URL-escaped with small digits": lambda: re.sub(
        "%..", lambda it: it[0].lower(), quote(SECRET, safe="")
    ).encode(),
    "a form": lambda: b"a=b&password=" + quote_plus(SECRET, safe="").encode(),
    "JSON-escaped": lambda: json.dumps({"password": SECRET}).encode(),
    "JSON with letters": lambda: json.dumps({"password": SECRET}, ensure_ascii=False).encode(),
    "JSON with escaped slashes": lambda: json.dumps({"password": SECRET}).replace("/", "\\/").encode(),
    "HTML-escaped": lambda: html.escape(SECRET).encode(),
    "repr": lambda: repr({"password": SECRET}).encode(),
    "repr of bytes": lambda: repr({"password": SECRET.encode()}).encode(),
    "UTF-16": lambda: SECRET.encode("utf-16"),
    "UTF-16, big end first": lambda: SECRET.encode("utf-16-be"),
    "UTF-16 in base64": lambda: base64.b64encode(SECRET.encode("utf-16")),
    "gzip": lambda: gzip.compress(AROUND),
    "gzip with a name": lambda: raw_gzip_file(AROUND),
    "gzip, not ended": lambda: unfinished(AROUND),
    "gzip, broken off after it": lambda: unfinished(b"x" * 999 + SECRET.encode()),
    "gzip, cut": lambda: gzip.compress(AROUND + os.urandom(9000))[:8000],
    "zlib, fast": lambda: zlib.compress(AROUND, 1),
    "zlib": lambda: zlib.compress(AROUND),
    "zlib, small": lambda: zlib.compress(AROUND, 9),
    "zlib, small window": lambda: zlib.compress(AROUND, wbits=9),
    "zstd": lambda: zstandard.compress(AROUND),
    "zstd of unknown size": lambda: zstd_of_unknown_size(AROUND),
    "base64 in gzip": lambda: gzip.compress(base64.b64encode(AROUND)),
    "JSON in zstd": lambda: zstandard.compress(json.dumps([AROUND.decode()]).encode()),
    "UTF-16 in zlib": lambda: zlib.compress(SECRET.encode("utf-16")),
    "gzip in zlib": lambda: always_packed(b"--" + gzip.compress(AROUND)),
}
PACKED = [form for form in PLANTED if any(kind in form for kind in ("gzip", "zlib", "zstd"))]


@pytest.mark.parametrize("place", ["alone", "in the middle", "after many beginnings"])
@pytest.mark.parametrize("form", PLANTED)
def test_a_secret_is_found_in_this_form(form: str, place: str, tmp_path: Path) -> None:
    before, after = {
        "alone": (b"", b""),
        "in the middle": (os.urandom(5001), os.urandom(3000)),
        "after many beginnings": (b"x\x9cx\x01\x1f\x8b\x08x\xda\x28\xb5\x2f\xfd\x1f\x8b" * 20, b""),
    }[place]
    folder = tmp_path / "data" / "deep"
    folder.mkdir(parents=True)
    (folder / "clean").write_bytes(before + after)
    (folder / "dirty").write_bytes(before + PLANTED[form]() + after)
    assert list(Canary.of_text(SECRET).files_among(files_in(tmp_path))) == [folder / "dirty"]


@pytest.mark.parametrize("form", PACKED)
def test_what_is_packed_is_not_found_without_unpacking(form: str) -> None:
    assert Canary.of_text(SECRET).form_in(PLANTED[form]()) is None


def test_a_clean_folder_gives_nothing(tmp_path: Path) -> None:
    nearly = SECRET.replace("Kukułka", "Kukulka")
    for place, plant in enumerate((SECRET[:-1], SECRET[1:], nearly, SECRET.upper(), "", "x" * 100_000)):
        for name, pack in (("plain", bytes), ("gzip", gzip.compress), ("zstd", zstandard.compress)):
            (tmp_path / f"{place}-{name}").write_bytes(pack(plant.encode()))
    (tmp_path / "noise").write_bytes(os.urandom(200_000))
    assert len(files_in(tmp_path)) == 19
    assert Canary.of_text(SECRET).files_among(files_in(tmp_path)) == {}


@pytest.mark.parametrize("form", ["raw", "hex", "base64", "zlib"])
def test_a_key_is_found_in_this_form(form: str) -> None:
    key = secrets.token_bytes(32)
    write = {"raw": bytes, "hex": lambda it: it.hex().encode(), "base64": base64.b64encode}
    data = write.get(form, zlib.compress)(b"key=" + key + b".")
    assert Canary.of_bytes(key).found_in(data)
    assert Canary.of_bytes(secrets.token_bytes(32)).found_in(data) is None


def test_a_bomb_does_not_stop_the_search() -> None:
    bomb = gzip.compress(gzip.compress(bytes(200 * 1024 * 1024), 1), 1)
    began = time.monotonic()
    assert Canary.of_text(SECRET).found_in(bomb + AROUND) == "plain"
    assert Canary.of_text(SECRET).found_in(bomb + gzip.compress(AROUND)) == "plain in gzip"
    assert time.monotonic() - began < 30


def test_a_file_without_a_name_is_found_while_it_is_open(tmp_path: Path) -> None:
    with (tmp_path / "gone").open("w+") as file:
        file.write(SECRET)
        file.flush()
        (tmp_path / "gone").unlink()
        assert Canary.of_text(SECRET).files_among(open_files(os.getpid()))
    assert Canary.of_text(SECRET).files_among(open_files(os.getpid())) == {}


def test_what_came_to_the_temporary_folder_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "pytest-of-somebody").mkdir()
    (tmp_path / "old").write_text(SECRET)
    time.sleep(0.05)
    moment = time.time()
    time.sleep(0.05)
    for name in ("tmp1", "folder/tmp2", "pytest-of-somebody/theirs"):
        (tmp_path / name).write_text(SECRET)
    assert {path.name for path in temporary_files_since(moment, tmp_path)} == {"tmp1", "tmp2"}
