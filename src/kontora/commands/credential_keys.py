"""The one-time keys under which the owner's answers travel: ECDH on P-256, HKDF-SHA256, AES-256-GCM."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from kontora.commands.conversation_tokens import new_token, padded, unpadded
from kontora.errors import InvalidParameter

INFO = b"kontora credential v1"
IV_BYTES = 12
COORDINATE_BYTES = 32


class PublicKey(msgspec.Struct, frozen=True):
    """The public half as the page gets it, and the step's token: the salt of the key derivation."""

    x: str
    y: str
    step_token: str

    def jwk(self) -> dict[str, str]:
        """Return the key as a JWK."""
        return {"kty": "EC", "crv": "P-256", "x": self.x, "y": self.y}


def new_pair() -> tuple[PublicKey, bytes]:
    """Make the pair of one step; return its public half, and the private one to be sealed at once."""
    private = ec.generate_private_key(ec.SECP256R1())
    numbers = private.public_key().public_numbers()
    x, y = (unpadded(number.to_bytes(COORDINATE_BYTES, "big")) for number in (numbers.x, numbers.y))
    return PublicKey(x, y, new_token()), private.private_bytes(
        Encoding.DER, PrivateFormat.PKCS8, NoEncryption()
    )


def read_ephemeral(jwk: Mapping[str, object]) -> tuple[bytes, bytes]:
    """Return the coordinates of the page's own key.

    Raises: InvalidParameter, if it is no point of P-256.
    """
    try:
        if jwk.get("kty") != "EC" or jwk.get("crv") != "P-256":
            raise ValueError("another curve")
        x, y = padded(str(jwk["x"])), padded(str(jwk["y"]))
        _public(x, y)
    except (KeyError, ValueError) as error:
        raise InvalidParameter("ephemeralKey must be a JWK of a point on P-256.") from error
    return x, y


def _public(x: bytes, y: bytes) -> ec.EllipticCurvePublicKey:
    if len(x) != COORDINATE_BYTES or len(y) != COORDINATE_BYTES:
        raise ValueError("coordinates of another length")
    numbers = ec.EllipticCurvePublicNumbers(
        int.from_bytes(x, "big"), int.from_bytes(y, "big"), ec.SECP256R1()
    )
    return numbers.public_key()


class AnswerKey:
    """Opens the answers of one step. `token_digest`: of the conversation's token."""

    def __init__(
        self,
        private_der: bytes,
        ephemeral: tuple[bytes, bytes],
        *,
        step_token: str,
        token_digest: bytes,
        step: int,
    ) -> None:
        private = load_der_private_key(private_der, None)
        if not isinstance(private, ec.EllipticCurvePrivateKey):
            raise TypeError("the key of a step is another kind of key")
        shared = private.exchange(ec.ECDH(), _public(*ephemeral))
        self._cipher = AESGCM(HKDF(SHA256(), 32, step_token.encode(), INFO).derive(shared))
        self._bound = f"{unpadded(token_digest)}.{step}"

    def open(self, place: int, kind: str, cipher_text: bytes) -> str:
        """Return the plain answer that stands at this place, from 0.

        Raises: InvalidParameter, if it was encrypted for another step, kind or key.
        """
        try:
            bound = f"{self._bound}.{place}.{kind}".encode()
            plain = self._cipher.decrypt(cipher_text[:IV_BYTES], cipher_text[IV_BYTES:], bound)
            return plain.decode()
        except (InvalidTag, UnicodeDecodeError):
            # The cause is dropped: it could hold what was decrypted.
            raise InvalidParameter("An answer cannot be decrypted. Load the page again.") from None
