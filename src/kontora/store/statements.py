"""Statements: what is kept of accepted PDFs, and which PDFs are being read at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from psycopg import AsyncConnection

BEAT_SECONDS = 2.0
# One that has given no sign of life for so long is in nobody's hands.
ALIVE: LiteralString = "beat_at > clock_timestamp() - interval '10 seconds'"


@dataclass(frozen=True, slots=True)
class NewStatement:
    """A statement to be stored, beside the import of the same id. `pdf_bytes`: of the file, not sealed."""

    id: int
    pdf_bytes: int
    sealed_details: bytes
    sealed_pdf: bytes


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement as stored."""

    id: int
    pdf_bytes: int
    sealed_details: bytes
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A PDF that is being read. `kind`: of the event that tells how it ended; `owner_id`: none has one."""

    id: int
    client_id: str
    owner_id: int | None
    kind: str


async def insert(db: AsyncConnection, new: NewStatement) -> None:
    """Store a statement; its import is stored already."""
    await db.execute(
        "insert into statement (id, pdf_bytes, sealed_details, sealed_pdf) values (%s, %s, %s, %s)",
        (new.id, new.pdf_bytes, new.sealed_details, new.sealed_pdf),
    )


async def of_owner(db: AsyncConnection, owner_id: int) -> tuple[StatementRow, ...]:
    """Return the owner's live statements without their files, oldest first."""
    cursor = await db.execute(
        "select s.id, s.pdf_bytes, s.sealed_details, i.imported_at from statement s join import i using (id)"
        " where i.owner_id = %s and i.expires_at > kontora_now() order by i.imported_at, s.id",
        (owner_id,),
        binary=True,
    )
    return tuple(StatementRow(row[0], row[1], bytes(row[2]), row[3]) for row in await cursor.fetchall())


async def sealed_pdf(db: AsyncConnection, statement_id: int) -> bytes | None:
    """Return the sealed file of a statement; `None`, if it is gone."""
    cursor = await db.execute("select sealed_pdf from statement where id = %s", (statement_id,), binary=True)
    row = await cursor.fetchone()
    return None if row is None else bytes(row[0])


async def begin(db: AsyncConnection, reading: ReadingRow) -> None:
    """Note that a PDF is being read."""
    await db.execute(
        "insert into pdf_reading (id, client_id, owner_id, kind) values (%s, %s, %s, %s)",
        (reading.id, reading.client_id, reading.owner_id, reading.kind),
    )


async def beat(db: AsyncConnection, reading_id: int) -> None:
    """Give a sign of life."""
    await db.execute("update pdf_reading set beat_at = clock_timestamp() where id = %s", (reading_id,))


async def end(db: AsyncConnection, reading_id: int) -> bool:
    """Note that a PDF is not being read any more. False, if it had been given up, or its owner is gone."""
    cursor = await db.execute("delete from pdf_reading where id = %s", (reading_id,))
    return cursor.rowcount == 1


async def end_abandoned(db: AsyncConnection) -> tuple[ReadingRow, ...]:
    """Give up what no living process reads any more, and return it."""
    cursor = await db.execute(
        "delete from pdf_reading where id in"
        " (select id from pdf_reading where not (" + ALIVE + ") for update skip locked)"
        " returning id, client_id, owner_id, kind"
    )
    return tuple(ReadingRow(*row) for row in await cursor.fetchall())
