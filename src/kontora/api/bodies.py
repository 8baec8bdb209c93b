"""Bodies of requests: bounded in size before they are held, and in time as a whole."""

from __future__ import annotations

import asyncio

from kontora.api.parameters import Parameters
from kontora.api.visits import Visit
from kontora.errors import BodyTooLarge, RequestTimeout, UnsupportedMediaType

SMALL_BODY = 64 * 1024
BODY_SECONDS = 30.0


class ClientGone(Exception):
    """The client closed the connection before its body was in; nobody waits for an answer."""


def check_length(visit: Visit) -> None:
    """Refuse a body that announces itself as too large, before anything else is done for it.

    Raises: BodyTooLarge.
    """
    announced = visit.header(b"content-length")
    if announced is not None and announced.isdigit() and int(announced[:20]) > visit.body_limit:
        raise BodyTooLarge(f"The request body is over the limit of {visit.body_limit} bytes.")


async def read_body(visit: Visit) -> bytes:
    """Return the whole body, read once.

    Raises: BodyTooLarge, RequestTimeout, ClientGone.
    """
    if visit.body is None:
        try:
            async with asyncio.timeout_at(visit.body_deadline):
                visit.body = await _received(visit)
        except TimeoutError as error:
            raise RequestTimeout from error
    return visit.body


async def _received(visit: Visit) -> bytes:
    body = bytearray()
    while True:
        message = await visit.receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        body += message.get("body", b"")
        if len(body) > visit.body_limit:
            raise BodyTooLarge(f"The request body is over the limit of {visit.body_limit} bytes.")
        if not message.get("more_body", False):
            return bytes(body)


def check_media_type(visit: Visit, expected: bytes) -> None:
    """Refuse another type of body, or one that is compressed.

    Raises: UnsupportedMediaType.
    """
    content_type = (visit.header(b"content-type") or b"").partition(b";")[0].strip().lower()
    if content_type != expected:
        raise UnsupportedMediaType(f"Send the body as {expected.decode()}.")
    if (visit.header(b"content-encoding") or b"identity").strip().lower() != b"identity":
        raise UnsupportedMediaType("Send the body without Content-Encoding.")


async def read_parameters(visit: Visit) -> Parameters:
    """Return the parameters of query and form; a request without a body needs no type.

    Raises: UnsupportedMediaType, BodyTooLarge, RequestTimeout, InvalidParameter.
    """
    if visit.parameters is None:
        body = b""
        if visit.method == "POST":
            body = await read_body(visit)
            if body:
                check_media_type(visit, b"application/x-www-form-urlencoded")
        visit.parameters = Parameters.of(visit.query, body)
    return visit.parameters
