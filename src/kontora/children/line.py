"""Messages between a child and whoever has it forked: bytes with their length before them."""

from __future__ import annotations

import asyncio
import socket

LENGTH_BYTES = 4


class MessageTooLong(ValueError):
    """A message says that it is longer than the reader allows."""


def framed(body: bytes) -> bytes:
    """Return a message with its length before it."""
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


def receive(line: socket.socket, *, most_bytes: int) -> bytes:
    """Wait for one message.

    Raises: EOFError, if the line closes before its end; MessageTooLong.
    """
    length = _checked(_exactly(line, LENGTH_BYTES), most_bytes)
    return _exactly(line, length)


async def receive_from(reader: asyncio.StreamReader, *, most_bytes: int) -> bytes:
    """Wait for one message without blocking.

    Raises: EOFError, if the line closes before its end; MessageTooLong.
    """
    length = _checked(await reader.readexactly(LENGTH_BYTES), most_bytes)
    return await reader.readexactly(length)


def _checked(length: bytes, most_bytes: int) -> int:
    said = int.from_bytes(length, "big")
    if said > most_bytes:
        raise MessageTooLong
    return said


def _exactly(line: socket.socket, length: int) -> bytes:
    received = bytearray(length)
    view = memoryview(received)
    while view:
        count = line.recv_into(view)
        if not count:
            raise EOFError("the message was cut short")
        view = view[count:]
    return bytes(received)
