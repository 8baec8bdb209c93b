"""The bank's certificates for its seal: a practice issuer, and the seal, with keys that are no secret.

The keys follow from published words, so everybody can seal as this bank does. Whoever trusts the issuer
trusts everybody: only practice installations may. Certificates are the same bytes every time.
Source: RFC 5280; RFC 6979 (signatures without chance).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_ISSUER, _SEAL = "KontoBank practice issuer 1", "KontoBank practice seal 1"
_SINCE, _UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2056, 1, 1, tzinfo=UTC)
# How many private keys the curve P-256 has, and one more. Source: FIPS 186-5; SP 800-186, 3.2.1.3.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@dataclass(frozen=True)
class PracticeSeal:
    """The key of the seal, its certificate, and the one of its issuer."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    issuer: x509.Certificate


@cache
def practice_seal() -> PracticeSeal:
    """Make the seal and its issuer: always the same."""
    issuer_key, key = _key(_ISSUER), _key(_SEAL)
    issuer_name, name = _name(_ISSUER), _name(_SEAL)
    issuer = (
        _certificate(issuer_name, issuer_name, issuer_key, issuer_key, serial=1)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
        .sign(issuer_key, hashes.SHA256(), ecdsa_deterministic=True)
    )
    certificate = (
        _certificate(issuer_name, name, issuer_key, key, serial=2)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage("digital_signature", "content_commitment"), critical=True)
        .sign(issuer_key, hashes.SHA256(), ecdsa_deterministic=True)
    )
    return PracticeSeal(key, certificate, issuer)


def issuer_pem() -> str:
    """Return the issuer's certificate as PEM, for those who want to check the seal."""
    return practice_seal().issuer.public_bytes(serialization.Encoding.PEM).decode()


def _key(words: str) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(hashlib.sha512(words.encode()).digest())
    return ec.derive_private_key(number % (_ORDER - 1) + 1, ec.SECP256R1())


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "PL"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "KontoBank S.A."),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _certificate(
    issuer: x509.Name,
    subject: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    key: ec.EllipticCurvePrivateKey,
    *,
    serial: int,
) -> x509.CertificateBuilder:
    of_issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    return (
        x509.CertificateBuilder()
        .issuer_name(issuer)
        .subject_name(subject)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(_SINCE)
        .not_valid_after(_UNTIL)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(of_issuer, critical=False)
    )


def _usage(*allowed: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{usage: usage in allowed for usage in _USAGES})
