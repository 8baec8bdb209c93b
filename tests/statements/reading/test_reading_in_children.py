"""What a child reads is what is read anywhere, and it needs nothing that it cannot get there."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import msgspec
import pikepdf
import pytest
from tests.statements.reading.test_reading import SAMPLES, hidden, read

from kontora.statements.children.pool import StatementPool
from kontora.statements.children.warming import WARM_UP_DAY, WARM_UP_PDF
from kontora.statements.children.zygote import DOCUMENT_READER, WarmUp
from kontora.statements.extraction import open_document
from kontora.statements.findings import Verification
from kontora.statements.readings import ReadingOptions, StatementReading

TODAY = date(2026, 11, 25)
WATCHFUL = WarmUp(reader="tests.statements.reading.late_imports:make_reader", practice=True)


@pytest.fixture
async def pool() -> AsyncIterator[StatementPool]:
    async with StatementPool(WarmUp(practice=True)).running() as made:
        yield made


def files() -> list[tuple[bytes, bool]]:
    """Every sample, and whether it holds confirmations."""
    found = sorted(SAMPLES.glob("*/*.pdf"))
    return [(file.read_bytes(), file.parent.name.endswith("-confirmation")) for file in found]


async def test_every_sample_is_read_in_a_child_as_it_is_read_here(pool: StatementPool) -> None:
    for pdf, confirmations in files():
        options = ReadingOptions(trusted=True, confirmations=confirmations, today=TODAY)
        there = await pool.read(pdf, options)
        assert there == read(pdf, trusted=True, confirmations=confirmations)


async def test_two_warm_processes_bring_the_same_bytes() -> None:
    options = ReadingOptions(trusted=True, evidence=True, today=TODAY)
    brought = []
    for _ in range(2):
        async with StatementPool(WarmUp(practice=True)).running() as pool:
            brought.append(msgspec.msgpack.encode(await pool.read(hidden(), options)))
    assert brought[0] == brought[1]


async def test_nothing_is_imported_while_a_file_is_read() -> None:
    async with StatementPool(WATCHFUL).running() as pool:
        for pdf, confirmations in files():
            reading = await _read(pool, pdf, confirmations=confirmations)
            assert reading.recognised.target == ""
        for revision in (2, 3, 4, 6):
            reading = await _read(pool, _encrypted(revision), password="44051401359")
            assert reading.recognised.target == ""
        reading = await _read(pool, hidden())
        assert (reading.recognised.target, reading.evidence_pdf is None) == ("", False)


async def _read(pool: StatementPool, pdf: bytes, **options: object) -> StatementReading:
    given = {"trusted": True, "evidence": True, "today": TODAY, **options}
    return await pool.read(pdf, msgspec.convert(given, ReadingOptions))


def _encrypted(revision: int) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(SAMPLES / "mbank-statement" / "mbank-statement-plain.pdf") as pdf:
        strong = revision > 3
        encryption = pikepdf.Encryption(
            owner="owner", user="44051401359", R=revision, aes=strong, metadata=strong
        )
        pdf.save(out, encryption=encryption)
    return out.getvalue()


async def test_a_document_can_be_opened_alone() -> None:
    pdf = (SAMPLES / "mbank-statement" / "mbank-statement-plain.pdf").read_bytes()
    async with StatementPool(WarmUp(reader=DOCUMENT_READER)).running() as pool:
        assert await pool.open(pdf, ReadingOptions()) == open_document(pdf)


async def test_a_seal_is_judged_in_a_child_and_trusted_in_practice_mode_alone(pool: StatementPool) -> None:
    pdf, options = WARM_UP_PDF.read_bytes(), ReadingOptions(trusted=True, today=WARM_UP_DAY)
    assert (await pool.read(pdf, options)).failed_verifications == ()
    async with StatementPool(WarmUp()).running() as production:
        failed = (await production.read(pdf, options)).failed_verifications
    assert {one.name for one in failed} == {Verification.SIGNATURE}


async def test_eight_files_at_once_are_all_read_and_every_child_is_gone(pool: StatementPool) -> None:
    eight = [pdf for pdf, confirmations in files() if not confirmations][:8]
    options = ReadingOptions(trusted=True, today=TODAY)
    readings = await asyncio.gather(*(pool.read(pdf, options) for pdf in eight))
    assert [reading.statement is not None for reading in readings] == [True] * 8
    pids = {pid for pid, status in pool.exited if status == 0}
    assert len(pids) == 8
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    assert pids.isdisjoint({os.getpid(), pool.pid})
