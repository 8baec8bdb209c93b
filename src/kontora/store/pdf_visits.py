"""Visits of the PDF widget: whose they are, and how many files came in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import LiteralString

from psycopg import AsyncConnection

LIFE: LiteralString = "interval '2 hours'"


@dataclass(frozen=True, slots=True)
class PdfVisitRow:
    """A visit as stored. `files`: how many came so far, refused ones as well."""

    id: int
    client_id: str
    sealed_options: bytes
    files: int


async def insert(
    db: AsyncConnection, visit_id: int, client_id: str, digest: bytes, sealed_options: bytes
) -> None:
    """Add a visit that begins now."""
    await db.execute(
        "insert into pdf_visit (id, client_id, digest, sealed_options) values (%s, %s, %s, %s)",
        (visit_id, client_id, digest, sealed_options),
    )


async def find(db: AsyncConnection, digest: bytes) -> PdfVisitRow | None:
    """Return the live visit of a token's digest; `None` for an unknown, finished or expired one alike."""
    cursor = await db.execute(
        "select id, client_id, sealed_options, files from pdf_visit"
        " where digest = %s and finished_at is null and created_at > clock_timestamp() - " + LIFE,
        (digest,),
    )
    row = await cursor.fetchone()
    return None if row is None else PdfVisitRow(*row)


async def count_file(db: AsyncConnection, visit_id: int, *, most: int) -> bool:
    """Count one more file. False, and nothing changes, if the visit is full or finished."""
    cursor = await db.execute(
        "update pdf_visit set files = files + 1 where id = %s and files < %s and finished_at is null",
        (visit_id, most),
    )
    return cursor.rowcount == 1


async def finish(db: AsyncConnection, visit_id: int) -> None:
    """End a visit: its token lets nobody in any more."""
    await db.execute("update pdf_visit set finished_at = clock_timestamp() where id = %s", (visit_id,))


async def delete_old(db: AsyncConnection) -> int:
    """Delete visits that are over for good."""
    cursor = await db.execute("delete from pdf_visit where created_at < clock_timestamp() - " + LIFE)
    return cursor.rowcount
