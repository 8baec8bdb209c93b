"""The load generator: as many requests as a server takes, over a fixed number of kept connections."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from bench import http


@dataclass(frozen=True)
class Load:
    """What was sent: the number of replies, all with status 200, and how long it took."""

    replies: int
    seconds: float


async def load(url: str, request: bytes, *, connections: int, seconds: float) -> Load:
    """Send a request over each connection again as soon as its reply is there.

    Raises: BadReply, for any reply that is not 200.
    """
    replies = 0
    opened = await asyncio.gather(*(http.Connection.open(url) for _ in range(connections)))
    began = time.perf_counter()
    until = began + seconds

    async def repeat(connection: http.Connection) -> None:
        nonlocal replies
        while time.perf_counter() < until:
            status, reply = await connection.send(request)
            if status != 200:
                raise http.BadReply(reply.decode())
            replies += 1

    try:
        async with asyncio.TaskGroup() as group:
            for connection in opened:
                group.create_task(repeat(connection))
    finally:
        for connection in opened:
            connection.close()
    return Load(replies, time.perf_counter() - began)
