"""Signing requests to banks that demand it (QSealC): Digest, Signature, TPP-Signature-Certificate."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from kontora.errors import ConfigurationError

SIGNED_HEADERS = ("digest", "x-request-id", "psu-id", "psu-corporate-id", "date", "tpp-redirect-uri")


@dataclass(frozen=True, slots=True)
class SealFiles:
    """PEM files of the QSealC and its key, and which headers the bank wants signed, in order.

    A header that a request does not carry is left out of its signature.
    """

    certificate: Path
    key: Path
    headers: tuple[str, ...] = SIGNED_HEADERS


@dataclass(frozen=True, slots=True)
class SealKey:
    """A loaded QSealC and its key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = field(repr=False)


@lru_cache(maxsize=256)
def read_seal(files: SealFiles) -> SealKey:
    """Read a QSealC and its key; once, for they are replaced by a restart.

    Raises: ConfigurationError, if they cannot be used or do not belong together.
    """
    try:
        certificate = x509.load_pem_x509_certificate(files.certificate.read_bytes())
        key = serialization.load_pem_private_key(files.key.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise ConfigurationError(
            f"{files.certificate} and its key cannot be used: they must be PEM and unencrypted."
        ) from error
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise ConfigurationError(f"{files.key} must be an RSA or elliptic curve key.")
    if key.public_key() != certificate.public_key():
        raise ConfigurationError(f"{files.key} is not the key of {files.certificate}.")
    return SealKey(certificate, key)


class Seal:
    """A loaded QSealC that signs requests.

    Source: Berlin Group XS2A, section 12 (draft-cavage-http-signatures).
    """

    def __init__(self, files: SealFiles) -> None:
        seal = read_seal(files)
        certificate = seal.certificate
        self._key = seal.key
        self._headers = files.headers
        self._certificate = base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()
        issuer = certificate.issuer.rfc4514_string().replace('"', "'")
        self._key_id = f"SN={certificate.serial_number:x},CA={issuer}"

    def headers(self, headers: Mapping[str, str], body: bytes) -> dict[str, str]:
        """Return the three headers to add to a request with these headers and this body."""
        digest = "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode()
        present = {name.lower(): value for name, value in headers.items()} | {"digest": digest}
        signed = [name for name in self._headers if name in present]
        text = "\n".join(f"{name}: {present[name]}" for name in signed).encode()
        if isinstance(self._key, rsa.RSAPrivateKey):
            algorithm, signature = "rsa-sha256", self._key.sign(text, padding.PKCS1v15(), hashes.SHA256())
        else:
            algorithm, signature = "ecdsa-sha256", self._key.sign(text, ec.ECDSA(hashes.SHA256()))
        return {
            "Digest": digest,
            "Signature": (
                f'keyId="{self._key_id}",algorithm="{algorithm}",headers="{" ".join(signed)}",'
                f'signature="{base64.b64encode(signature).decode()}"'
            ),
            "TPP-Signature-Certificate": self._certificate,
        }
