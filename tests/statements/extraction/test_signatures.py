"""Digital signatures: whose they are, what they cover, and whether anything was changed."""

from __future__ import annotations

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pikepdf
import pytest
from asn1crypto import keys, x509
from cryptography import x509 as certificates
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore
from tests.statements.extraction.drawing import drawn, edited, written

from kontora.statements.document import Signature
from kontora.statements.extraction import open_document

PLAIN = drawn(written("saldo 12,50"))
SIGNED_AT = datetime(2020, 6, 1, 12, tzinfo=UTC)
LAST_DAY = datetime(2020, 12, 31, tzinfo=UTC)


def name(text: str) -> certificates.Name:
    return certificates.Name([certificates.NameAttribute(NameOID.COMMON_NAME, text)])


class Seal:
    """An issuer, and a signer that it has certified until `LAST_DAY`."""

    def __init__(self) -> None:
        issuer_key, self.key = (
            ec.generate_private_key(ec.SECP256R1()),
            ec.generate_private_key(ec.SECP256R1()),
        )
        self.issuer = self._certificate("Test issuer", issuer_key.public_key(), issuer_key, is_issuer=True)
        self.certificate = self._certificate("Test bank", self.key.public_key(), issuer_key, is_issuer=False)

    def _certificate(
        self,
        subject: str,
        key: ec.EllipticCurvePublicKey,
        issuer_key: ec.EllipticCurvePrivateKey,
        *,
        is_issuer: bool,
    ) -> certificates.Certificate:
        usage = certificates.KeyUsage(
            digital_signature=not is_issuer,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=is_issuer,
            crl_sign=is_issuer,
            encipher_only=False,
            decipher_only=False,
        )
        builder = certificates.CertificateBuilder(
            issuer_name=name("Test issuer"),
            subject_name=name(subject),
            public_key=key,
            serial_number=2 - is_issuer,
            not_valid_before=datetime(2020, 1, 1, tzinfo=UTC),
            not_valid_after=LAST_DAY,
        )
        builder = builder.add_extension(
            certificates.BasicConstraints(ca=is_issuer, path_length=None), critical=True
        )
        return builder.add_extension(usage, critical=True).sign(issuer_key, SHA256())

    @property
    def pinned(self) -> tuple[bytes, ...]:
        return (self.issuer.public_bytes(Encoding.PEM),)

    def sign(self, pdf: bytes, field: str = "Seal") -> bytes:
        key = self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        own, issuer = (
            x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in (self.certificate, self.issuer)
        )
        signer = signers.SimpleSigner(
            own, keys.PrivateKeyInfo.load(key), SimpleCertificateStore.from_certs([issuer])
        )
        metadata = signers.PdfSignatureMetadata(
            field_name=field, md_algorithm="sha256", reason="Issued", subfilter=fields.SigSeedSubFilter.PADES
        )
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, self._signed(pdf, signers.PdfSigner(metadata, signer))).result()

    async def _signed(self, pdf: bytes, signer: signers.PdfSigner) -> bytes:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        session = signer.init_signing_session(writer)
        session.system_time = SIGNED_AT
        prepared = session.prepare_tbs_document(validation_info=None, bytes_reserved=8192)
        digest, output = prepared.digest_tbs_document()
        attributes = signers.pdf_cms.PdfCMSSignedAttributes(signing_time=SIGNED_AT)
        done = await prepared.perform_signature(digest.document_digest, attributes)
        await done.post_signature_processing(output)
        output.seek(0)
        return bytes(output.read())


@pytest.fixture(scope="module")
def seal() -> Seal:
    return Seal()


@pytest.fixture(scope="module")
def signed(seal: Seal) -> bytes:
    return seal.sign(PLAIN)


def only(pdf: bytes, seal: Seal) -> Signature:
    (found,) = open_document(pdf, trusted_certificates=seal.pinned).signatures
    return found


def test_a_file_without_signatures_has_none():
    assert open_document(PLAIN).signatures == ()


def test_a_signature_of_a_pinned_issuer_is_good(seal: Seal, signed: bytes):
    assert only(signed, seal) == Signature(
        field="Seal",
        is_intact=True,
        is_valid=True,
        is_trusted=True,
        covers_all=True,
        changes="none",
        subject="Test bank",
        issuer="Test issuer",
        signed_at=SIGNED_AT,
        reason="Issued",
    )


def test_a_certificate_that_has_run_out_since_is_judged_at_the_time_of_signing(seal: Seal, signed: bytes):
    assert datetime.now(UTC) > LAST_DAY
    assert only(signed, seal).is_trusted


def test_a_signature_of_another_issuer_of_the_same_name_is_not_trusted(signed: bytes):
    found = only(signed, Seal())
    assert (found.is_intact, found.is_valid, found.is_trusted) == (True, True, False)


def test_without_pinned_certificates_nothing_is_trusted(signed: bytes):
    (found,) = open_document(signed).signatures
    assert not found.is_trusted


def test_one_changed_byte_breaks_the_signature(seal: Seal, signed: bytes):
    place = signed.index(b"/CreationDate") + 20
    changed = bytearray(signed)
    changed[place] ^= 1
    found = only(bytes(changed), seal)
    assert (found.is_intact, found.is_valid, found.is_trusted) == (False, False, False)


def test_an_update_after_signing_is_told(seal: Seal, signed: bytes):
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    content = writer.add_object(generic.StreamObject(stream_data=b"q Q"))
    page["/Contents"] = content
    writer.mark_update(writer.root["/Pages"]["/Kids"].raw_get(0))
    target = io.BytesIO()
    writer.write(target)
    found = only(target.getvalue(), seal)
    assert (found.is_intact, found.covers_all, found.changes) == (True, False, "other")


def test_a_second_signature_is_a_change_to_a_form_only(seal: Seal, signed: bytes):
    first, second = open_document(seal.sign(signed, "Second"), trusted_certificates=seal.pinned).signatures
    assert (first.field, first.covers_all, first.changes) == ("Seal", False, "form")
    assert (second.field, second.covers_all, second.changes) == ("Second", True, "none")


def test_a_file_saved_anew_has_no_good_signature(seal: Seal, signed: bytes):
    found = only(edited(signed, lambda file: None), seal)
    assert not found.is_intact


def test_a_signature_that_cannot_be_read_is_not_intact(seal: Seal, signed: bytes):
    def spoil(file: pikepdf.Pdf) -> None:
        file.Root.AcroForm.Fields[0].V.Contents = pikepdf.String("nothing")

    found = only(edited(signed, spoil), seal)
    assert (found.field, found.is_intact, found.is_valid, found.changes) == ("Seal", False, False, None)


def test_a_field_that_nobody_signed_is_no_signature(signed: bytes):
    def empty(file: pikepdf.Pdf) -> None:
        del file.Root.AcroForm.Fields[0].V

    assert open_document(edited(signed, empty)).signatures == ()


async def test_signatures_are_read_where_a_loop_is_running(seal: Seal, signed: bytes):
    assert only(signed, seal).is_trusted
