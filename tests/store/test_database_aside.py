from __future__ import annotations

import asyncio

from kontora.store.database import Database


async def test_a_pool_aside_serves_while_the_first_one_has_nothing_left(database_url: str) -> None:
    database = await Database.open(database_url, min_size=1, max_size=1)
    aside = await database.aside(1)
    async with database.connection(), asyncio.timeout(5):
        assert await aside.row("select 1") == (1,)
    await aside.close()
    await database.close()
