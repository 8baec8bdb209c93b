"""JSON bodies: of one type, unpacked within bounds."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest

from kontora.api.json_bodies import parsed, unpacked
from kontora.errors import BodyTooLarge, InvalidParameter

LIMIT = 1000


def packed(pieces: list[bytes]) -> bytes:
    packing = zlib.compressobj(9, wbits=16 + zlib.MAX_WBITS)
    return b"".join([*(packing.compress(piece) for piece in pieces), packing.flush()])


@pytest.mark.parametrize("size", [0, 1, LIMIT - 1, LIMIT])
def test_what_is_within_the_limit_is_unpacked(size: int) -> None:
    assert unpacked(gzip.compress(b"x" * size), LIMIT) == b"x" * size


def test_no_more_is_unpacked_than_the_limit() -> None:
    bomb = packed([b"\0" * 2**20] * 256)
    assert len(bomb) < 2**19
    tracemalloc.start()
    with pytest.raises(BodyTooLarge, match="over the limit of 1000 bytes when it is unpacked"):
        unpacked(bomb, LIMIT)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2**20
    with pytest.raises(BodyTooLarge):
        unpacked(gzip.compress(b"x" * (LIMIT + 1)), LIMIT)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        pytest.param(b"", "is cut off", id="nothing"),
        pytest.param(b"{}", "is not gzip", id="plain JSON"),
        pytest.param(zlib.compress(b"{}"), "is not gzip", id="zlib"),
        pytest.param(gzip.compress(b"{}")[:-1], "is cut off", id="one byte short"),
        pytest.param(gzip.compress(b"{}" * 50)[:-9] + b"\0" * 9, "is not gzip", id="with a wrong checksum"),
        pytest.param(gzip.compress(b"{}") + b"\0", "Something follows", id="one byte more"),
        pytest.param(gzip.compress(b"{}") * 2, "Something follows", id="two streams"),
    ],
)
def test_what_is_not_one_whole_stream_is_refused(body: bytes, told: str) -> None:
    with pytest.raises(InvalidParameter, match=told):
        unpacked(body, LIMIT)


def test_a_refusal_says_nothing_of_what_was_sent() -> None:
    with pytest.raises(InvalidParameter) as caught:
        parsed(b'{"name": "Jan Kowalski" "x"}')
    assert caught.value.message == "The body cannot be read: the body is not JSON."
    assert caught.value.__cause__ is None
