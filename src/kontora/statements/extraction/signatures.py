"""Digital signatures: whether they hold, what they cover, and whose they are. Nothing is fetched."""

from __future__ import annotations

import io
from collections.abc import Coroutine, Iterator
from datetime import datetime
from functools import cache
from typing import Any

import pikepdf
from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation.pdf_embedded import (
    EmbeddedPdfSignature,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from kontora.statements.document import Signature
from kontora.statements.extraction.naming import name_of, plain

MAX_FIELDS = 1000
MAX_DEPTH = 20
MAX_SIGNATURES = 20

_CHANGES = {
    ModificationLevel.NONE: "none",
    ModificationLevel.LTA_UPDATES: "lta",
    ModificationLevel.FORM_FILLING: "form",
}
_USES = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)


def read_signatures(
    pdf: bytes, file: pikepdf.Pdf, secret: bytes | None, trusted_certificates: tuple[bytes, ...]
) -> tuple[Signature, ...]:
    """Examine every signed field, in signing order; empty, if there is none.

    `trusted_certificates`: PEM. Certificates are judged at the time that the signature gives: an old
    statement stays good after its bank's certificate has run out. One that cannot be read is not intact.
    """
    fields = list(_signed_fields(file))
    if not fields:
        return ()
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        if reader.encrypted:
            reader.decrypt(secret or b"")
        embedded = reader.embedded_signatures[:MAX_SIGNATURES]
    except Exception:  # noqa: BLE001 - whatever a library throws at a broken one is the same finding
        return tuple(_unreadable(field) for field in fields)
    found = [_examined(signature, trusted_certificates) for signature in embedded]
    read = {signature.field for signature in found}
    return (*found, *(_unreadable(field) for field in fields if field not in read))


def _examined(embedded: EmbeddedPdfSignature, trusted: tuple[bytes, ...]) -> Signature:
    field = plain(str(embedded.field_name))
    try:
        status = _status(embedded, trusted)
        subject, issuer = embedded.signer_cert.subject, embedded.signer_cert.issuer
        return Signature(
            field=field,
            is_intact=bool(status.intact),
            is_valid=bool(status.intact and status.valid),
            is_trusted=bool(status.intact and status.valid and status.trusted),
            covers_all=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
            changes=_changes(status.modification_level),
            subject=_common_name(subject),
            issuer=_common_name(issuer),
            signed_at=_signed_at(embedded),
            reason=_text(embedded.sig_object.get("/Reason")),
        )
    except Exception:  # noqa: BLE001 - whatever a library throws at a broken one is the same finding
        return _unreadable(field)


def _status(embedded: EmbeddedPdfSignature, trusted: tuple[bytes, ...]) -> Any:
    moment = _signed_at(embedded) or embedded.signer_cert.not_valid_before
    roots = [certificate for one in trusted for certificate in _certificates(one)]
    context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=moment)
    if embedded.sig_object_type == "/DocTimeStamp":
        return _finished(async_validate_pdf_timestamp(embedded, context))
    return _finished(
        async_validate_pdf_signature(embedded, context, key_usage_settings=_USES),
    )


def _finished(work: Coroutine[Any, Any, Any]) -> Any:
    """Run what is asynchronous only for fetching, which is off: it never waits.

    A loop would need sockets of its own, which the child that reads PDFs is not allowed.
    """
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    finally:
        work.close()
    raise RuntimeError("a signature's check wants to wait")


@cache
def _certificates(written: bytes) -> tuple[x509.Certificate, ...]:
    return tuple(x509.Certificate.load(body) for _, _, body in pem.unarmor(written, multiple=True))


def _changes(level: ModificationLevel | None) -> str | None:
    return None if level is None else _CHANGES.get(level, "other")


def _common_name(name: x509.Name) -> str | None:
    found = name.native.get("common_name")
    return None if found is None else _text(found)


def _signed_at(embedded: EmbeddedPdfSignature) -> datetime | None:
    at = embedded.self_reported_timestamp
    return at if at is not None and at.tzinfo is not None else None


def _text(value: object) -> str | None:
    return None if value is None else plain(str(value)[:200])


def _unreadable(field: str) -> Signature:
    return Signature(
        field=field,
        is_intact=False,
        is_valid=False,
        is_trusted=False,
        covers_all=False,
        changes=None,
        subject=None,
        issuer=None,
        signed_at=None,
    )


def _signed_fields(file: pikepdf.Pdf) -> Iterator[str]:
    """Give the full names of the fields that hold a signature."""
    form = file.Root.get("/AcroForm")
    fields = form.get("/Fields") if isinstance(form, pikepdf.Dictionary) else None
    waiting = [(field, "", "", 0) for field in fields] if isinstance(fields, pikepdf.Array) else []
    for _ in range(MAX_FIELDS):
        if not waiting:
            return
        field, prefix, kind, depth = waiting.pop(0)
        if not isinstance(field, pikepdf.Dictionary) or depth > MAX_DEPTH:
            continue
        own = plain(str(field.get("/T", "")))
        name = f"{prefix}.{own}" if prefix and own else prefix or own
        kind = name_of(field.get("/FT")) or kind
        if kind == "Sig" and "/V" in field:
            yield name
        kids = field.get("/Kids")
        if isinstance(kids, pikepdf.Array):
            waiting += [(kid, name, kind, depth + 1) for kid in kids]
