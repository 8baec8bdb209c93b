"""The bank's electronic seal on a document. Source: ETSI EN 319 142-1, PAdES B-B."""

from __future__ import annotations

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko_certvalidator.registry import SimpleCertificateStore

from kontobank.statements.practice_keys import practice_seal

FIELD = "KontoBankSeal"
_RESERVED_BYTES = 8192


class _Update(IncrementalPdfFileWriter):
    """An update that leaves the document's information alone: the library would write this machine's time."""

    def _update_meta(self) -> None:
        pass


def seal(pdf: bytes, at: datetime) -> bytes:
    """Put the bank's seal on a document, as an update of the file: every byte before stays.

    The work is done in a thread, because the library wants an event loop of its own.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _sealed(pdf, at)).result()


async def _sealed(pdf: bytes, at: datetime) -> bytes:
    writer = _Update(io.BytesIO(pdf))
    session = _signer().init_signing_session(writer)
    session.system_time = at
    prepared = session.prepare_tbs_document(validation_info=None, bytes_reserved=_RESERVED_BYTES)
    digest, output = prepared.digest_tbs_document()
    attributes = PdfCMSSignedAttributes(signing_time=at)
    done = await prepared.perform_signature(digest.document_digest, attributes)
    await done.post_signature_processing(output)
    output.seek(0)
    return bytes(output.read())


@cache
def _signer() -> PdfSigner:
    found = practice_seal()
    key = found.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    certificate, issuer = (
        asn1_x509.Certificate.load(one.public_bytes(Encoding.DER))
        for one in (found.certificate, found.issuer)
    )
    certificates = SimpleCertificateStore.from_certs([issuer])  # type: ignore[no-untyped-call]  # not annotated
    signer = SimpleSigner(certificate, keys.PrivateKeyInfo.load(key), certificates)
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        reason="Dokument wydany przez KontoBank S.A.",
        subfilter=SigSeedSubFilter.PADES,
    )
    return PdfSigner(metadata, signer)
