"""Detached JWS signatures: the bank's own on answers, and those of third parties, which it checks.

Source: RFC 7515, appendix F; RFC 7517; RFC 7518, 3.4.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from kontobank.api.answers import Refusal

_KID = "kontobank-1"
_SIZE = 32
_SMALLEST_RSA = 2048


class BankSeal:
    """The bank's key, made when the program starts."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._head = encoded(msgspec.json.encode({"alg": "ES256", "kid": _KID}))

    def jwks(self) -> dict[str, Any]:
        """Return the public key as a JSON Web Key Set."""
        numbers = self._key.public_key().public_numbers()
        point = {name: encoded(value.to_bytes(_SIZE)) for name, value in (("x", numbers.x), ("y", numbers.y))}
        return {"keys": [{"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": _KID, **point}]}

    def signature(self, body: bytes) -> str:
        """Return the signature of the exact bytes of a body."""
        signed = f"{self._head}.{encoded(body)}".encode()
        first, second = decode_dss_signature(self._key.sign(signed, ec.ECDSA(hashes.SHA256())))
        return f"{self._head}..{encoded(first.to_bytes(_SIZE) + second.to_bytes(_SIZE))}"


def check_party_signature(value: str | None, body: bytes) -> x509.Certificate:
    """Check a third party's signature with the certificate in its `x5c`, and return that certificate.

    Who signed it is not looked at: this bank knows no authority.
    Raises: Refusal, 400 SIGNATURE_MISSING or SIGNATURE_INVALID.
    """
    if value is None:
        raise Refusal(400, "SIGNATURE_MISSING", "X-JWS-SIGNATURE is missing.")
    parts = value.split(".")
    if len(parts) != 3 or parts[1]:
        raise _invalid("X-JWS-SIGNATURE is not a detached JWS.")
    header = _json(parts[0])
    certificate = _certificate(header.get("x5c"))
    names = header.get("crit")
    if names is not None and names != ["b64"]:
        raise _invalid("crit names something that is not known here.")
    content = body if header.get("b64") is False else encoded(body).encode()
    _verify(certificate, str(header.get("alg")), decoded(parts[2]), parts[0].encode() + b"." + content)
    return certificate


def encoded(data: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Return the bytes of base64url without padding. Raises: Refusal."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise _invalid("X-JWS-SIGNATURE is not base64url.") from error
    if encoded(data) != text:
        raise _invalid("X-JWS-SIGNATURE is not base64url.")
    return data


def _json(text: str) -> dict[str, Any]:
    try:
        header = msgspec.json.decode(decoded(text))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _invalid("The header of the signature is not JSON.") from error
    if not isinstance(header, dict):
        raise _invalid("The header of the signature is not an object.")
    return header


def _certificate(chain: object) -> x509.Certificate:
    if not isinstance(chain, list) or not chain or not isinstance(chain[0], str):
        raise _invalid("x5c is missing: this bank wants the certificate in the header of the signature.")
    try:
        return x509.load_der_x509_certificate(base64.b64decode(chain[0], validate=True))
    except (binascii.Error, ValueError) as error:
        raise _invalid("x5c holds no certificate.") from error


def _verify(certificate: x509.Certificate, algorithm: str, signature: bytes, signed: bytes) -> None:
    key = certificate.public_key()
    try:
        if (
            algorithm == "ES256"
            and isinstance(key, ec.EllipticCurvePublicKey)
            and len(signature) == 2 * _SIZE
        ):
            numbers = int.from_bytes(signature[:_SIZE]), int.from_bytes(signature[_SIZE:])
            key.verify(encode_dss_signature(*numbers), signed, ec.ECDSA(hashes.SHA256()))
            return
        if isinstance(key, rsa.RSAPublicKey) and key.key_size >= _SMALLEST_RSA:
            if algorithm == "RS256":
                key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
                return
            if algorithm == "PS256":
                pss = padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256.digest_size)
                key.verify(signature, signed, pss, hashes.SHA256())
                return
    except InvalidSignature as error:
        raise _invalid("The signature does not fit the body.") from error
    raise _invalid("Key and algorithm do not fit.")


def _invalid(text: str) -> Refusal:
    return Refusal(400, "SIGNATURE_INVALID", text)
