"""JSON bodies: of one type, unpacked within bounds, and with one meaning."""

from __future__ import annotations

import zlib
from typing import Any

from kontora.api.bodies import read_body
from kontora.api.visits import Visit
from kontora.connectors.strict_json import parse_json
from kontora.errors import BankChanged, BodyTooLarge, InvalidParameter, UnsupportedMediaType

JSON_TYPE = b"application/json"
IDENTITY, GZIP = b"identity", b"gzip"
GZIP_WINDOW = 16 + zlib.MAX_WBITS


async def read_packed(visit: Visit) -> tuple[bytes, bool]:
    """Return the body as it was sent, and whether it is packed with gzip.

    Raises: UnsupportedMediaType, BodyTooLarge, RequestTimeout.
    """
    content_type, _, parameters = (visit.header(b"content-type") or b"").lower().partition(b";")
    if content_type.strip() != JSON_TYPE:
        raise UnsupportedMediaType("Send the body as application/json.")
    if parameters.strip() not in {b"", b"charset=utf-8", b'charset="utf-8"'}:
        raise UnsupportedMediaType("Send the body in UTF-8.")
    encoding = (visit.header(b"content-encoding") or IDENTITY).strip().lower()
    if encoding not in {IDENTITY, GZIP}:
        raise UnsupportedMediaType("Send the body with Content-Encoding gzip, or without any.")
    return await read_body(visit), encoding == GZIP


def unpacked(body: bytes, limit: int) -> bytes:
    """Unpack one gzip stream; no more than `limit` bytes are ever made of it.

    Raises: BodyTooLarge; InvalidParameter, if it is damaged, cut, or followed by something.
    """
    stream = zlib.decompressobj(GZIP_WINDOW)
    try:
        plain = stream.decompress(body, limit + 1)
    except zlib.error:
        raise InvalidParameter("The body is not gzip, though Content-Encoding says so.") from None
    if len(plain) > limit:
        raise BodyTooLarge(f"The request body is over the limit of {limit} bytes when it is unpacked.")
    if not stream.eof:
        raise InvalidParameter("The gzip of the body is cut off.")
    if stream.unused_data:
        raise InvalidParameter("Something follows the gzip of the body. Send one stream.")
    return plain


def parsed(body: bytes) -> Any:
    """Return the value of a JSON body; numbers are exact.

    Raises: InvalidParameter, on anything but one well-formed UTF-8 value without duplicate keys.
    """
    try:
        return parse_json(body)
    except BankChanged as error:
        raise InvalidParameter(f"The body cannot be read: {error.message}.") from None
