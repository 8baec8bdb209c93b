"""Verify signed replies with the keys that the server publishes.

Source: docs/analytics.md, Check the signature; RFC 7517 for the keys, RFC 7638 for their ids.
"""

from __future__ import annotations

import base64
import binascii
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from kontora.client.analytics_model import ReplySignature
from kontora.client.failures import SignatureInvalid
from kontora.client.json_documents import Fields, parse_object
from kontora.client.replies import HttpReply

ALGORITHM = "SHA256withRSA"
_LEAST_BITS, _MOST_BITS = 2048, 16_384


def verified(reply: HttpReply, jwks: bytes) -> ReplySignature:
    """Return the signature of a reply, once it is verified with the published key that it names.

    Raises: SignatureInvalid; UnexpectedReply, if the keys cannot be read.
    """
    signature, key_id = reply.headers.get("signature"), reply.headers.get("signature-key-id")
    if signature is None or key_id is None:
        raise SignatureInvalid("The reply has no signature, though one was asked for.")
    key = _published(jwks, key_id)
    if key_id != _thumbprint(key):
        raise SignatureInvalid(
            "The id of the key is not its thumbprint, so it would not tell which key it was."
        )
    try:
        plain = base64.b64decode(signature, validate=True)
        key.verify(plain, reply.body, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise SignatureInvalid("The signature of the reply does not fit its bytes.") from error
    pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return ReplySignature(body=reply.body, signature=plain, key_id=key_id, public_key=pem)


def _published(jwks: bytes, key_id: str) -> rsa.RSAPublicKey:
    for key in parse_object(jwks).objects("keys"):
        if key.optional("kid") == key_id:
            return _public_key(key)
    raise SignatureInvalid("The key that the signature names is not among those that the server publishes.")


def _public_key(key: Fields) -> rsa.RSAPublicKey:
    exponent, modulus = _number(key, "e"), _number(key, "n")
    if key.text("kty") != "RSA" or not _LEAST_BITS <= modulus.bit_length() <= _MOST_BITS:
        raise SignatureInvalid("The key of the signature is no RSA key of a size to rely on.")
    try:
        return rsa.RSAPublicNumbers(exponent, modulus).public_key()
    except ValueError as error:
        raise SignatureInvalid("The key of the signature is malformed.") from error


def _thumbprint(key: rsa.RSAPublicKey) -> str:
    numbers = key.public_numbers()
    members = f'{{"e":"{_written(numbers.e)}","kty":"RSA","n":"{_written(numbers.n)}"}}'
    return _url_safe(hashlib.sha256(members.encode()).digest())


def _written(number: int) -> str:
    return _url_safe(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _url_safe(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _number(key: Fields, name: str) -> int:
    text = key.optional(name) or ""
    try:
        return int.from_bytes(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise SignatureInvalid("The key of the signature is malformed.") from error
