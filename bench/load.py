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
    latencies: tuple[float, ...]


async def load(url: str, request: bytes, *, connections: int, seconds: float) -> Load:
    """Send a request over each connection again as soon as its reply is there.

    Raises: BadReply, for any reply that is not 200.
    """
    latencies: list[float] = []
    opened = await asyncio.gather(*(http.Connection.open(url) for _ in range(connections)))
    began = time.perf_counter()
    until = began + seconds

    async def repeat(connection: http.Connection) -> None:
        sent_at = time.perf_counter()
        while sent_at < until:
            status, reply = await connection.send(request)
            now = time.perf_counter()
            if status != 200:
                raise http.BadReply(reply.decode())
            latencies.append(now - sent_at)
            sent_at = now

    try:
        async with asyncio.TaskGroup() as group:
            for connection in opened:
                group.create_task(repeat(connection))
    finally:
        for connection in opened:
            connection.close()
    return Load(len(latencies), time.perf_counter() - began, tuple(latencies))
