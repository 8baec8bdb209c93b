"""Signed requests: the digest of the body and the signature of the headers, by the party's certificate.

Source: Berlin Group 1.3.11, 12.2; draft-cavage-http-signatures-10. Example header:
keyId="SN=9FA1,CA=CN=D-TRUST",algorithm="rsa-sha256",headers="digest x-request-id",signature="..."
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from kontobank.api.answers import Refusal

_PART = re.compile(r'\s*([A-Za-z]+)="([^"]*)"\s*(?:,|$)')
_SMALLEST_RSA = 2048
_ALWAYS_SIGNED = ("digest", "x-request-id")
_SIGNED_IF_THERE = ("psu-id", "psu-corporate-id", "tpp-redirect-uri")


def check_signature(headers: Mapping[str, str], body: bytes, at: datetime) -> None:
    """Check digest, certificate and signature of a request.

    Raises: Refusal, 401 SIGNATURE_MISSING, SIGNATURE_INVALID, CERTIFICATE_INVALID or CERTIFICATE_EXPIRED.
    """
    signature = headers.get("signature")
    if signature is None:
        raise Refusal(401, "SIGNATURE_MISSING", "This bank takes signed requests only.", "Signature")
    _check_digest(headers.get("digest", ""), body)
    certificate = _certificate(headers.get("tpp-signature-certificate", ""))
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise Refusal(
            401,
            "CERTIFICATE_EXPIRED",
            "The signing certificate is not valid now.",
            "TPP-Signature-Certificate",
        )
    parts = dict(_PART.findall(signature))
    _check_key_id(parts.get("keyId", ""), certificate)
    names = parts.get("headers", "").lower().split()
    missing = [name for name in _ALWAYS_SIGNED if name not in names]
    missing += [name for name in _SIGNED_IF_THERE if name in headers and name not in names]
    if missing:
        raise Refusal(401, "SIGNATURE_INVALID", f"Not signed: {', '.join(missing)}.", "Signature")
    signed = "\n".join(f"{name}: {headers.get(name, '')}" for name in names).encode("latin-1", "replace")
    _verify(
        certificate,
        parts.get("algorithm", "").lower(),
        _decoded(parts.get("signature", ""), "Signature"),
        signed,
    )


def _check_digest(digest: str, body: bytes) -> None:
    name, _, value = digest.partition("=")
    algorithm = {"SHA-256": hashlib.sha256, "SHA-512": hashlib.sha512}.get(name.strip().upper())
    if algorithm is None:
        raise Refusal(401, "SIGNATURE_INVALID", "Digest must be SHA-256 or SHA-512.", "Digest")
    if value.strip() != base64.b64encode(algorithm(body).digest()).decode():
        raise Refusal(401, "SIGNATURE_INVALID", "Digest does not fit the body.", "Digest")


def _certificate(value: str) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(_decoded(value, "TPP-Signature-Certificate"))
    except ValueError as error:
        raise Refusal(
            401, "CERTIFICATE_INVALID", "The signing certificate cannot be read.", "TPP-Signature-Certificate"
        ) from error


def _decoded(value: str, path: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refusal(401, "SIGNATURE_INVALID", f"{path} is not base64.", path) from error


def _check_key_id(key_id: str, certificate: x509.Certificate) -> None:
    found = re.match(r"SN=([0-9A-Fa-f]+),CA=", key_id)
    if found is None or certificate.serial_number not in (int(found[1], 16), _decimal(found[1])):
        raise Refusal(
            401, "SIGNATURE_INVALID", "keyId does not name the serial number of the certificate.", "Signature"
        )


def _decimal(digits: str) -> int | None:
    return int(digits) if digits.isdecimal() else None


def _verify(certificate: x509.Certificate, algorithm: str, signature: bytes, signed: bytes) -> None:
    key = certificate.public_key()
    digest = hashes.SHA512() if algorithm.endswith("512") else hashes.SHA256()
    try:
        if (
            isinstance(key, rsa.RSAPublicKey)
            and key.key_size >= _SMALLEST_RSA
            and algorithm.startswith("rsa-")
        ):
            key.verify(signature, signed, padding.PKCS1v15(), digest)
            return
        if isinstance(key, ec.EllipticCurvePublicKey) and algorithm.startswith("ecdsa-"):
            key.verify(signature, signed, ec.ECDSA(digest))
            return
    except InvalidSignature as error:
        raise Refusal(
            401, "SIGNATURE_INVALID", "The signature does not fit the request.", "Signature"
        ) from error
    raise Refusal(401, "SIGNATURE_INVALID", "Key and algorithm do not fit.", "Signature")
