"""The bank's seal: it is valid against the bank's issuer alone, and covers every byte."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import SignatureCoverageLevel, async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext
from tests.kontobank.statements.conftest import NOW
from tests.kontobank.statements.documents import pages

from kontobank.scenarios import Login, parse_login
from kontobank.statements.desk import Desk
from kontobank.statements.practice_keys import issuer_pem, practice_seal

FINGERPRINT = "83e6868cf5f09862e67e02dae8552043db04982f4ab36f1f3b40dce75eb046c8"
SEALED = "Dokument opatrzony pieczęcią elektroniczną KontoBank S.A."


def login_of(name: str) -> Login:
    login = parse_login(name)
    assert login is not None
    return login


def issued(desk: Desk, name: str = "pending", *, is_signed: bool | None = True) -> bytes:
    account = desk.account(login_of(name))
    return desk.statement_of_days(login_of(name), account, date(2026, 10, 1), is_signed=is_signed).pdf


def signatures(pdf: bytes) -> list[object]:
    return list(PdfFileReader(io.BytesIO(pdf)).embedded_signatures)


@pytest.fixture
def issuer(tmp_path: Path) -> Path:
    file = tmp_path / "issuer.pem"
    file.write_text(issuer_pem(), "ascii")
    return file


async def status(pdf: bytes, issuer: Path | None) -> PdfSignatureStatus:
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    assert signature.field_name == "KontoBankSeal"
    roots = [load_cert_from_pemder(str(issuer))] if issuer else []
    context = ValidationContext(trust_roots=roots, allow_fetching=False)
    return await async_validate_pdf_signature(signature, context)


@pytest.mark.parametrize("name", ["pending", "test1", "company"])
async def test_a_seal_is_valid_trusted_and_covers_the_whole_file(desk: Desk, issuer: Path, name: str) -> None:
    found = await status(issued(desk, name), issuer)

    assert found.bottom_line
    assert (found.intact, found.valid, found.trusted) == (True, True, True)
    assert found.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert found.modification_level is ModificationLevel.NONE
    assert found.signer_reported_dt == NOW


async def test_confirmations_are_sealed_in_the_same_way(desk: Desk, issuer: Path) -> None:
    account = desk.account(login_of("test1"))
    pdf = desk.confirmations(login_of("test1"), account, ["1", "4"], is_signed=True).pdf
    found = await status(pdf, issuer)

    assert found.bottom_line
    assert found.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert all(SEALED in lines for lines in pages(pdf))


async def test_a_seal_is_not_trusted_without_the_issuer(desk: Desk) -> None:
    found = await status(issued(desk), None)
    assert found.intact
    assert not found.trusted


async def test_one_byte_that_is_changed_breaks_the_seal(desk: Desk, issuer: Path) -> None:
    pdf = bytearray(issued(desk))
    place = pdf.index(b"(KontoBank") + 4
    pdf[place] ^= 1
    found = await status(bytes(pdf), issuer)
    assert not found.intact
    assert not found.bottom_line


async def test_what_is_added_behind_the_seal_is_not_covered(desk: Desk, issuer: Path) -> None:
    found = await status(issued(desk) + b"\n% one more line\n", issuer)
    assert found.coverage is not SignatureCoverageLevel.ENTIRE_FILE


def test_a_document_says_that_it_is_sealed_and_others_do_not(desk: Desk) -> None:
    assert SEALED in pages(issued(desk))[-1]
    assert SEALED not in pages(issued(desk, is_signed=False))[-1]
    assert signatures(issued(desk, is_signed=False)) == []


def test_owners_of_one_scenario_get_sealed_documents_unless_told_otherwise(desk: Desk) -> None:
    assert len(signatures(issued(desk, "sealed", is_signed=None))) == 1
    assert len(signatures(issued(desk, "sealed.3", is_signed=None))) == 1
    assert signatures(issued(desk, "sealed", is_signed=False)) == []
    assert signatures(issued(desk, "single", is_signed=None)) == []


def test_the_seal_is_put_on_as_an_update_and_the_document_before_stays(desk: Desk) -> None:
    pdf = issued(desk)
    first = pdf[: pdf.index(b"%%EOF") + 6]
    assert pages(first) == pages(pdf)
    assert pdf.count(b"%%EOF") == 2
    assert b"pyHanko" not in pdf, "no time and no name of the machine that sealed it"


def test_the_certificates_are_the_same_bytes_every_time() -> None:
    practice_seal.cache_clear()
    first = practice_seal()
    practice_seal.cache_clear()
    second = practice_seal()

    assert first.issuer == second.issuer
    assert first.certificate == second.certificate
    assert first.issuer.fingerprint(hashes.SHA256()).hex() == FINGERPRINT
    assert first.certificate.public_key() == first.key.public_key()


def test_the_issuer_lives_as_long_as_its_seal_and_says_that_it_is_for_practice() -> None:
    found = practice_seal()
    issuer = x509.load_pem_x509_certificate(issuer_pem().encode())

    assert issuer == found.issuer
    assert "practice" in issuer.subject.rfc4514_string()
    found.certificate.verify_directly_issued_by(issuer)
    assert issuer.not_valid_after_utc == found.certificate.not_valid_after_utc
    assert issuer.not_valid_after_utc - NOW > timedelta(days=28 * 365)
    assert "PRIVATE" not in issuer_pem()
    assert found.issuer.public_bytes(serialization.Encoding.PEM).decode() == issuer_pem()
