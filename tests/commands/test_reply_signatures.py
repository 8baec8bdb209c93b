"""Keys of signed replies: made once, given, rotated, published; or refused with what is wrong."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from kontora.commands.reply_signatures import ReplyKeys, key_id, new_reply_key, parse_reply_keys
from kontora.engine import reply_keys
from kontora.errors import ConfigurationError
from kontora.settings import Settings

OLD, NEW = new_reply_key(), new_reply_key()
BODY = b'{"content":{}}'


def public_part(pem: str) -> str:
    return (
        serialization.load_pem_private_key(pem.encode(), None)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def verified(keys: ReplyKeys, signer: ReplyKeys, body: bytes = BODY) -> bool:
    """Tell whether one of the published keys, found by its id, made the signature."""
    made = signer.sign(BODY)
    for key in keys.published:
        if key_id(key) == made.key_id:
            try:
                key.verify(base64.b64decode(made.base64), body, padding.PKCS1v15(), hashes.SHA256())
            except InvalidSignature:
                return False
            return True
    return False


def test_the_first_start_makes_a_key_that_only_we_can_read_and_later_ones_keep_it(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    first = reply_keys(settings)
    file = tmp_path / "data" / "reply-keys.pem"
    assert file.stat().st_mode & 0o777 == 0o600
    assert first.published[0].key_size == 3072
    assert reply_keys(settings).jwks() == first.jwks()
    file.chmod(0o640)
    with pytest.raises(ConfigurationError, match="can be read by others"):
        reply_keys(settings)


def test_a_signature_holds_for_its_exact_body_alone() -> None:
    keys = parse_reply_keys(NEW)
    assert verified(keys, keys)
    assert not verified(keys, keys, BODY + b" ")


@pytest.mark.parametrize("old", [OLD, public_part(OLD)], ids=["private", "public"])
def test_after_a_rotation_the_newest_signs_and_old_signatures_still_hold(old: str) -> None:
    before, after = parse_reply_keys(OLD), parse_reply_keys(NEW + "\n" + old)
    assert after.sign(BODY).key_id == parse_reply_keys(NEW).sign(BODY).key_id
    assert verified(after, before) and verified(after, after)
    assert not verified(parse_reply_keys(NEW), before)
    ids = [key["kid"] for key in json.loads(after.jwks())["keys"]]
    assert ids == [after.sign(BODY).key_id, before.sign(BODY).key_id]


def test_only_public_members_are_published() -> None:
    (key,) = json.loads(parse_reply_keys(NEW).jwks())["keys"]
    assert set(key) == {"kty", "n", "e", "kid", "alg", "use"}
    assert "PRIVATE" not in repr(parse_reply_keys(NEW))


def test_the_id_of_a_key_is_its_thumbprint_as_rfc_7638_has_it() -> None:
    modulus = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCi"
        "FV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb"
        "9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls"
        "1jF44-csFCur-kEgU8awapJzKnqDKgw"
    )
    number = int.from_bytes(base64.urlsafe_b64decode(modulus + "=="))
    key = rsa.RSAPublicNumbers(65537, number).public_key()
    assert key_id(key) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def _private(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, password: bytes | None = None) -> str:
    hiding: serialization.KeySerializationEncryption = (
        serialization.NoEncryption() if password is None else serialization.BestAvailableEncryption(password)
    )
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, hiding).decode()


def _curve() -> str:
    return _private(ec.generate_private_key(ec.SECP256R1()))


def _loaded(pem: str) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


@pytest.mark.parametrize(
    ("pem", "told"),
    [
        ("", "1 to 20 keys"),
        ("no keys", "1 to 20 keys"),
        (NEW * 21, "1 to 20 keys"),
        (public_part(NEW), "must be a private one"),
        (NEW + NEW, "there twice"),
        (NEW + public_part(NEW), "there twice"),
        (_private(rsa.generate_private_key(65537, 2048)), "3072 bits"),
        (_curve(), "no RSA key"),
        (_private(_loaded(NEW), b"secret"), "cannot be read"),
        (NEW.replace(NEW.splitlines()[3], ""), "cannot be read"),
    ],
)
def test_keys_that_cannot_sign_are_refused_with_what_is_wrong(pem: str, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told) as refused:
        parse_reply_keys(pem)
    assert "MII" not in str(refused.value)


def test_a_file_of_ones_own_is_read_and_one_that_is_not_there_is_told(tmp_path: Path) -> None:
    file = tmp_path / "own.pem"
    with pytest.raises(ConfigurationError, match="cannot be read"):
        reply_keys(Settings(data_dir=tmp_path, reply_keys_file=file))
    file.write_text(NEW)
    file.chmod(0o644)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        reply_keys(Settings(data_dir=tmp_path, reply_keys_file=file))
    file.chmod(0o600)
    found = reply_keys(Settings(data_dir=tmp_path, reply_keys_file=file))
    assert found.jwks() == parse_reply_keys(NEW).jwks()
    assert not (tmp_path / "reply-keys.pem").exists()
