"""Detached JWS signatures over the exact bytes of a body: made for requests, checked on answers.

Source: RFC 7515 (appendix F: detached content), RFC 7517, RFC 7518, RFC 7797 (`b64`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from kontora.connectors.bank_signing import SealKey
from kontora.errors import BankChanged, ConfigurationError

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "256": hashes.SHA256(),
    "384": hashes.SHA384(),
    "512": hashes.SHA512(),
}
_CURVES: dict[str, tuple[ec.EllipticCurve, str]] = {
    "P-256": (ec.SECP256R1(), "ES256"),
    "P-384": (ec.SECP384R1(), "ES384"),
    "P-521": (ec.SECP521R1(), "ES512"),
}
_ALGORITHMS = frozenset(f"{family}{size}" for family in ("RS", "PS", "ES") for size in _HASHES)
_SMALLEST_RSA_BITS = 2048
_LONGEST_SIGNATURE = 32 * 1024
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey


@dataclass(frozen=True, slots=True, kw_only=True)
class JoseHeader:
    """What a bank wants in the header of a signature, as data.

    `rsa_algorithm`: for RSA keys (`RS256`, `PS256`); elliptic keys have one of their own. `kid`: which
    name of the certificate stands in `kid`: `thumbprint` (base64url of its SHA-256), `serial` (its number
    in lower-case hex); `None`: no `kid`. `x5c`: send the certificate; `x5t`: its SHA-256 (`x5t#S256`);
    `x5u`: where it can be fetched. `unencoded`: RFC 7797, `b64` is false and named in `crit`.
    `fixed`: further members with one value, e.g. `{"typ": "JOSE"}`.
    """

    rsa_algorithm: str = "RS256"
    kid: str | None = "thumbprint"
    x5c: bool = False
    x5t: bool = True
    x5u: str | None = None
    unencoded: bool = False
    fixed: Mapping[str, str] | None = None

    def members(self, key: SealKey) -> dict[str, Any]:
        """Return the members for a key."""
        der = key.certificate.public_bytes(serialization.Encoding.DER)
        thumbprint = base64url(hashlib.sha256(der).digest())
        names = {"thumbprint": thumbprint, "serial": f"{key.certificate.serial_number:x}"}
        members: dict[str, Any] = {"alg": _algorithm(key, self.rsa_algorithm), **(self.fixed or {})}
        if self.kid is not None:
            members["kid"] = names[self.kid]
        if self.x5t:
            members["x5t#S256"] = thumbprint
        if self.x5c:
            members["x5c"] = [base64.b64encode(der).decode()]
        if self.x5u is not None:
            members["x5u"] = self.x5u
        if self.unencoded:
            members |= {"b64": False, "crit": ["b64"]}
        return members


@dataclass(frozen=True, slots=True)
class BankKey:
    """A public key of a bank; `kid` is its name, if it has one."""

    key: PublicKey
    kid: str | None = None


def base64url(data: bytes) -> str:
    """Return base64url without padding. Source: RFC 7515, section 2."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def detached_signature(body: bytes, key: SealKey, header: JoseHeader) -> str:
    """Sign the exact bytes of a body: `base64url(header)..base64url(signature)`."""
    members = header.members(key)
    head = base64url(msgspec.json.encode(members))
    signed = _signed(head, body, encoded=not header.unencoded)
    return f"{head}..{base64url(_sign(key, members['alg'], signed))}"


def check_detached_signature(value: str | None, body: bytes, keys: Sequence[BankKey]) -> None:
    """Make sure that one of the bank's keys signed these bytes. Keys in the signature itself count nothing.

    Raises: BankChanged, if the signature is missing, malformed, or of another key or body.
    """
    if value is None:
        raise BankChanged("the answer is not signed")
    head, _, rest = value.partition(".")
    content, separator, tail = rest.partition(".")
    if content or not separator or len(value) > _LONGEST_SIGNATURE:
        raise BankChanged("the signature is not a detached JWS")
    members, signature = _header(_decoded(head)), _decoded(tail)
    algorithm, kid = members.get("alg"), members.get("kid")
    if not isinstance(algorithm, str) or algorithm not in _ALGORITHMS:
        raise BankChanged("the signature is of a kind that is not accepted")
    if "crit" in members and members["crit"] != ["b64"]:
        raise BankChanged("the signature demands something that is not known here")
    encoded = members.get("b64", True)
    if not isinstance(encoded, bool) or (not encoded and "crit" not in members):
        raise BankChanged("the signature has a `b64` that it does not declare")
    signed = _signed(head, body, encoded=encoded)
    named = [key for key in keys if kid is not None and key.kid == kid]
    if not any(_verified(key.key, algorithm, signature, signed) for key in named or keys):
        raise BankChanged("the signature is not the bank's, or not of this answer")


def parse_bank_keys(data: bytes) -> tuple[BankKey, ...]:
    """Read the public keys of a bank: PEM certificates or public keys, or a JSON Web Key Set.

    Raises: ConfigurationError, if there is none that can be used.
    """
    try:
        found = _jwks(data) if data.lstrip()[:1] == b"{" else _pem(data)
    except (ValueError, TypeError, KeyError, AttributeError, UnsupportedAlgorithm) as error:
        raise ConfigurationError("The keys of the bank are neither PEM nor a JSON Web Key Set.") from error
    if not found:
        raise ConfigurationError("Among the keys of the bank is none that can be used.")
    return found


@lru_cache(maxsize=256)
def read_bank_keys(file: Path) -> tuple[BankKey, ...]:
    """Read the keys of a bank from a file; once, for they are replaced by a restart.

    Raises: ConfigurationError, if there is none that can be used.
    """
    try:
        return parse_bank_keys(file.read_bytes())
    except OSError as error:
        raise ConfigurationError(f"The keys of the bank cannot be read from {file}.") from error
    except ConfigurationError as error:
        raise ConfigurationError(f"{file}: {error.message}") from error


def _jwks(data: bytes) -> tuple[BankKey, ...]:
    keys = []
    for jwk in msgspec.json.decode(data)["keys"]:
        if jwk.get("use", "sig") != "sig":
            continue
        kid = jwk.get("kid")
        if jwk["kty"] == "EC" and jwk["crv"] in _CURVES:
            numbers = ec.EllipticCurvePublicNumbers(
                _number(jwk["x"]), _number(jwk["y"]), _CURVES[jwk["crv"]][0]
            )
            keys.append(BankKey(numbers.public_key(), kid))
        elif jwk["kty"] == "RSA":
            keys.append(BankKey(rsa.RSAPublicNumbers(_number(jwk["e"]), _number(jwk["n"])).public_key(), kid))
    return tuple(keys)


def _pem(data: bytes) -> tuple[BankKey, ...]:
    if b"BEGIN CERTIFICATE" in data:
        found = []
        for certificate in x509.load_pem_x509_certificates(data):
            key = certificate.public_key()
            if isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
                found.append(BankKey(key))
        return tuple(found)
    alone = serialization.load_pem_public_key(data)
    return (BankKey(alone),) if isinstance(alone, rsa.RSAPublicKey | ec.EllipticCurvePublicKey) else ()


def _number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def _decoded(text: str) -> bytes:
    """Decode base64url, and nothing that merely looks like it: standard base64 is another alphabet."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BankChanged("the signature is not base64url") from error
    if not text or base64url(data) != text:
        raise BankChanged("the signature is not base64url")
    return data


def _header(data: bytes) -> dict[str, Any]:
    try:
        members = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BankChanged("the header of the signature is not JSON") from error
    if not isinstance(members, dict):
        raise BankChanged("the header of the signature is not an object")
    return members


def _signed(head: str, body: bytes, *, encoded: bool) -> bytes:
    return head.encode() + b"." + (base64url(body).encode() if encoded else body)


def _algorithm(key: SealKey, rsa_algorithm: str) -> str:
    if isinstance(key.key, rsa.RSAPrivateKey):
        return rsa_algorithm
    for curve, algorithm in _CURVES.values():
        if key.key.curve.name == curve.name:
            return algorithm
    raise ConfigurationError("The seal's key is on a curve that JWS does not know: use P-256.")


def _sign(key: SealKey, algorithm: str, signed: bytes) -> bytes:
    digest = _HASHES[algorithm[2:]]
    if isinstance(key.key, rsa.RSAPrivateKey):
        return key.key.sign(signed, _padding(algorithm, digest), digest)
    size = (key.key.curve.key_size + 7) // 8
    first, second = decode_dss_signature(key.key.sign(signed, ec.ECDSA(digest)))
    return first.to_bytes(size) + second.to_bytes(size)


def _verified(key: PublicKey, algorithm: str, signature: bytes, signed: bytes) -> bool:
    digest = _HASHES[algorithm[2:]]
    try:
        if isinstance(key, rsa.RSAPublicKey):
            if algorithm[:2] == "ES" or key.key_size < _SMALLEST_RSA_BITS:
                return False
            key.verify(signature, signed, _padding(algorithm, digest), digest)
            return True
        size = (key.curve.key_size + 7) // 8
        if (key.curve.name, algorithm) not in {(curve.name, name) for curve, name in _CURVES.values()}:
            return False
        if len(signature) != 2 * size:
            return False
        first, second = int.from_bytes(signature[:size]), int.from_bytes(signature[size:])
        key.verify(encode_dss_signature(first, second), signed, ec.ECDSA(digest))
    except InvalidSignature:
        return False
    return True


def _padding(algorithm: str, digest: hashes.HashAlgorithm) -> padding.AsymmetricPadding:
    if algorithm.startswith("PS"):
        return padding.PSS(padding.MGF1(digest), digest.digest_size)
    return padding.PKCS1v15()
