"""The whole line in one process: what is returned, what is refused, and that nothing leaks with a refusal."""

from __future__ import annotations

import io
from datetime import date
from functools import cache
from pathlib import Path

import msgspec
import pikepdf
import pytest

from kontora.errors import (
    PdfEncrypted,
    PdfInconsistent,
    PdfLayoutNotSupported,
    PdfVerificationFailed,
)
from kontora.statements.children.warming import WARM_UP_DAY, WARM_UP_PDF
from kontora.statements.document import Document
from kontora.statements.examining import Examined, examine
from kontora.statements.extraction import open_document
from kontora.statements.findings import Severity, Verification
from kontora.statements.library import layouts
from kontora.statements.pins import pinned_certificates
from kontora.statements.profiles import Profiles, load_profiles
from kontora.statements.reading import read_pdf
from kontora.statements.readings import DocumentType, ReadingOptions, StatementReading

SAMPLES = Path(__file__).parents[1] / "samples"
PLAIN = (SAMPLES / "mbank-statement" / "mbank-statement-plain.pdf").read_bytes()
LIST = (SAMPLES / "mbank-list" / "mbank-list-plain.pdf").read_bytes()
CONFIRMATION = (SAMPLES / "pko-confirmation" / "pko-confirmation-plain.pdf").read_bytes()
TODAY = date(2026, 11, 25)


@cache
def hidden() -> bytes:
    """The plain statement with a word in it that nobody sees."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(PLAIN)) as pdf:
        page = pdf.pages[0]
        font = next(iter(page.resources.Font.keys()))
        page.contents_add(f"BT 3 Tr {font} 8 Tf 300 20 Td <0011002200330044> Tj ET".encode())
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def read(pdf: bytes, *, today: date | None = TODAY, **options: object) -> StatementReading:
    """Read with what is shipped, as in practice mode."""
    return read_pdf(
        pdf,
        msgspec.convert({"today": today, **options}, ReadingOptions),
        profiles=load_profiles(),
        layouts=layouts(),
        pins=pinned_certificates(practice=True),
    )


def test_a_genuine_statement_is_read_with_its_layout_and_its_proof() -> None:
    reading = read(PLAIN)
    assert (reading.recognised.layout, reading.recognised.target) == ("mbank-statement", "MBank")
    assert reading.statement is not None and len(reading.statement.rows) == 12
    assert (reading.confirmations, reading.is_consistent, reading.pages) == ((), True, 2)


def test_standard_mode_refuses_an_altered_file_and_tells_what_was_found() -> None:
    with pytest.raises(PdfVerificationFailed) as refused:
        read(hidden())
    failed = refused.value.failed_verifications
    assert Verification.HIDDEN_TEXT in {one.name for one in failed}
    assert any(one.severity.refuses for one in failed)
    assert refused.value.message == (
        "1 verification failed." if len(failed) == 1 else f"{len(failed)} verifications failed."
    )
    assert refused.value.evidence_pdf is None


def test_trusted_mode_returns_the_data_with_the_list() -> None:
    reading = read(hidden(), trusted=True)
    assert reading.statement is not None and len(reading.statement.rows) == 12
    assert Verification.HIDDEN_TEXT in {one.name for one in reading.failed_verifications}


@pytest.mark.parametrize("trusted", [True, False])
def test_evidence_comes_with_readings_and_refusals_where_it_is_asked_for(trusted: bool) -> None:
    try:
        evidence = read(hidden(), trusted=trusted, evidence=True).evidence_pdf
    except PdfVerificationFailed as refusal:
        evidence = refusal.evidence_pdf
    assert evidence is not None
    with pikepdf.open(io.BytesIO(evidence)) as pdf:
        assert len(pdf.pages) == 2
    assert read(PLAIN, evidence=True).evidence_pdf is None


def test_a_document_without_balances_is_refused_unless_that_is_accepted_or_trusted() -> None:
    with pytest.raises(PdfInconsistent):
        read(LIST)
    for option in ("accept_inconsistent", "trusted"):
        reading = read(LIST, **{option: True})
        assert not reading.is_consistent
        assert reading.recognised.document_type is DocumentType.HISTORY


def test_confirmations_are_neither_proved_nor_refused_for_it() -> None:
    reading = read(CONFIRMATION, confirmations=True)
    assert (reading.statement, len(reading.confirmations), reading.is_consistent) == (None, 1, False)
    with pytest.raises(PdfLayoutNotSupported):
        read(CONFIRMATION)


def test_an_encrypted_file_is_read_with_its_password_alone() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(PLAIN)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="owner", user="44051401359", R=6))
    for password in (None, "", "44051401358"):
        with pytest.raises(PdfEncrypted):
            read(out.getvalue(), password=password)
    reading = read(out.getvalue(), password="44051401359", trusted=True)
    assert reading.statement == read(PLAIN).statement


def test_the_day_is_never_guessed() -> None:
    with pytest.raises(ValueError, match="day"):
        read(PLAIN, today=None)


def test_reading_twice_brings_the_same_bytes() -> None:
    for options in ({"trusted": True, "evidence": True}, {"trusted": True}):
        first, second = (msgspec.msgpack.encode(read(hidden(), **options)) for _ in range(2))
        assert first == second


def test_the_file_that_children_are_warmed_up_with_is_read_and_its_seal_is_trusted() -> None:
    reading = read(WARM_UP_PDF.read_bytes(), today=WARM_UP_DAY)
    assert reading.recognised.layout == "kontobank-statement"
    assert reading.failed_verifications == ()
    (seal,) = open_document(
        WARM_UP_PDF.read_bytes(), trusted_certificates=pinned_certificates(practice=True)
    ).signatures
    assert seal.is_trusted


def examined(document: Document) -> Examined:
    """What is found in an opened document without any profile."""
    return examine(document, layouts(), Profiles(), confirmations=False, today=TODAY)


def test_a_wrong_digit_leaves_a_file_unproved() -> None:
    document = open_document(PLAIN)
    assert examined(document).is_consistent
    pages = tuple(
        msgspec.structs.replace(
            page,
            words=tuple(
                msgspec.structs.replace(word, text=word.text.replace("054,07", "054,08"))
                for word in page.words
            ),
        )
        for page in document.pages
    )
    changed = msgspec.structs.replace(document, pages=pages)
    assert changed != document
    found = examined(changed)
    assert (found.is_consistent, found.refuses) == (False, True)
    assert {one.severity for one in found.failed if one.name is Verification.AMOUNTS} == {Severity.HIGH}
