from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from kontobank.polish_api.signatures import check_party_signature
from kontora.connectors.bank_jws import (
    BankKey,
    JoseHeader,
    base64url,
    check_detached_signature,
    detached_signature,
    parse_bank_keys,
    read_bank_keys,
)
from kontora.connectors.bank_signing import SealKey
from kontora.connectors.standards.polish_api.practice_seal import practice_seal
from kontora.errors import BankChanged, ConfigurationError

# RFC 7515, appendix A.3, with its content detached as in appendix F.
RFC_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}
RFC_BODY = b'{"iss":"joe",\r\n "exp":1300819380,\r\n "http://example.com/is_root":true}'
RFC_SIGNATURE = (
    "eyJhbGciOiJFUzI1NiJ9.."
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
)
BODY = b'{"a": "\xc5\xbb\xc3\xb3\xc5\x82w", "b": 1}'
SEAL = practice_seal()
KEYS = (BankKey(SEAL.certificate.public_key()),)


@pytest.fixture(scope="module")
def rsa_seal() -> SealKey:
    return SealKey(SEAL.certificate, rsa.generate_private_key(65537, 2048))


def header_of(signature: str) -> dict[str, object]:
    head = signature.partition(".")[0]
    return dict(json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4))))


def test_the_signature_of_the_standards_own_example_is_accepted() -> None:
    keys = parse_bank_keys(json.dumps({"keys": [RFC_KEY]}).encode())
    check_detached_signature(RFC_SIGNATURE, RFC_BODY, keys)
    with pytest.raises(BankChanged, match="not the bank's"):
        check_detached_signature(RFC_SIGNATURE, RFC_BODY + b" ", keys)


@given(st.binary(max_size=300))
def test_any_body_is_signed_and_checked_byte_by_byte(body: bytes) -> None:
    signature = detached_signature(body, SEAL, JoseHeader(x5c=True))
    check_detached_signature(signature, body, KEYS)
    check_party_signature(signature, body)
    with pytest.raises(BankChanged):
        check_detached_signature(signature, body + b"\x00", KEYS)


@pytest.mark.parametrize("algorithm", ["RS256", "RS512", "PS256", "PS384"])
def test_rsa_keys_sign_as_the_bank_wants(rsa_seal: SealKey, algorithm: str) -> None:
    signature = detached_signature(BODY, rsa_seal, JoseHeader(rsa_algorithm=algorithm))
    assert header_of(signature)["alg"] == algorithm
    keys = (BankKey(rsa_seal.key.public_key()),)
    check_detached_signature(signature, BODY, keys)
    with pytest.raises(BankChanged):
        check_detached_signature(signature, BODY, KEYS)


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()])
def test_every_curve_of_jws_signs(curve: ec.EllipticCurve) -> None:
    seal = SealKey(SEAL.certificate, ec.generate_private_key(curve))
    signature = detached_signature(BODY, seal, JoseHeader())
    check_detached_signature(signature, BODY, (BankKey(seal.key.public_key()),))


def test_a_curve_that_jws_does_not_know_is_the_operators_matter() -> None:
    seal = SealKey(SEAL.certificate, ec.generate_private_key(ec.SECP256K1()))
    with pytest.raises(ConfigurationError, match="P-256"):
        detached_signature(BODY, seal, JoseHeader())


def test_the_members_of_the_header_are_what_the_bank_wants() -> None:
    usual = header_of(detached_signature(BODY, SEAL, JoseHeader()))
    assert set(usual) == {"alg", "kid", "x5t#S256"}
    assert usual["kid"] == usual["x5t#S256"]
    header = JoseHeader(
        kid="serial",
        x5c=True,
        x5t=False,
        x5u="https://kontora.example/seal.pem",
        unencoded=True,
        fixed={"typ": "JOSE", "cty": "json"},
    )
    all_of_it = header_of(detached_signature(BODY, SEAL, header))
    assert set(all_of_it) == {"alg", "typ", "cty", "kid", "x5c", "x5u", "b64", "crit"}
    assert all_of_it["kid"] == f"{SEAL.certificate.serial_number:x}"
    assert (all_of_it["b64"], all_of_it["crit"]) == (False, ["b64"])
    assert "kid" not in header_of(detached_signature(BODY, SEAL, JoseHeader(kid=None)))


def test_a_body_that_is_signed_as_it_is_is_checked_as_it_is() -> None:
    signature = detached_signature(BODY, SEAL, JoseHeader(unencoded=True, x5c=True))
    check_detached_signature(signature, BODY, KEYS)
    check_party_signature(signature, BODY)


def signed_by_hand(members: dict[str, object], content: bytes) -> str:
    """Sign this content under this header, whatever it says."""
    head = base64url(json.dumps(members).encode())
    assert isinstance(SEAL.key, ec.EllipticCurvePrivateKey)
    signature = SEAL.key.sign(head.encode() + b"." + content, ec.ECDSA(hashes.SHA256()))
    first, second = decode_dss_signature(signature)
    return f"{head}..{base64url(first.to_bytes(32) + second.to_bytes(32))}"


def test_content_in_standard_base64_is_another_content() -> None:
    body = b"\xfb\xff\xfe>>>???"
    right = signed_by_hand({"alg": "ES256"}, base64url(body).encode())
    check_detached_signature(right, body, KEYS)
    wrong = signed_by_hand({"alg": "ES256"}, base64.b64encode(body))
    with pytest.raises(BankChanged):
        check_detached_signature(wrong, body, KEYS)


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ({"alg": "none"}, "not accepted"),
        ({"alg": "HS256"}, "not accepted"),
        ({"alg": ["ES256"]}, "not accepted"),
        ({}, "not accepted"),
        ({"alg": "ES384"}, "not the bank's"),
        ({"alg": "ES256", "crit": ["exp"]}, "demands"),
        ({"alg": "ES256", "crit": []}, "demands"),
        ({"alg": "ES256", "crit": "b64"}, "demands"),
        ({"alg": "ES256", "b64": False}, "does not declare"),
        ({"alg": "ES256", "b64": "no"}, "does not declare"),
    ],
)
def test_a_header_that_is_not_understood_is_refused(members: dict[str, object], told: str) -> None:
    with pytest.raises(BankChanged, match=told):
        check_detached_signature(signed_by_hand(members, base64url(BODY).encode()), BODY, KEYS)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "a",
        "a.b.c",
        "..",
        "e30..",
        "!!!..AAAA",
        "e30=..AAAA",
        "W10..AAAA",
        "e30..AA+A",
        "e30..AAAA.x",
    ],
)
def test_what_is_no_detached_signature_is_refused(value: str | None) -> None:
    with pytest.raises(BankChanged):
        check_detached_signature(value, BODY, KEYS)


def test_a_key_that_the_signature_brings_along_counts_nothing() -> None:
    stranger = SealKey(SEAL.certificate, ec.generate_private_key(ec.SECP256R1()))
    signature = detached_signature(BODY, stranger, JoseHeader(x5c=True))
    with pytest.raises(BankChanged, match="not the bank's"):
        check_detached_signature(signature, BODY, KEYS)


def test_a_named_key_is_the_only_one_that_counts() -> None:
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    kid = str(header_of(detached_signature(BODY, SEAL, JoseHeader()))["kid"])
    right = BankKey(KEYS[0].key, "another")
    check_detached_signature(detached_signature(BODY, SEAL, JoseHeader()), BODY, (BankKey(other), right))
    with pytest.raises(BankChanged):
        check_detached_signature(
            detached_signature(BODY, SEAL, JoseHeader()), BODY, (BankKey(other, kid), right)
        )


def test_small_rsa_keys_of_a_bank_are_not_trusted() -> None:
    small = SealKey(SEAL.certificate, rsa.generate_private_key(65537, 1024))
    signature = detached_signature(BODY, small, JoseHeader())
    with pytest.raises(BankChanged):
        check_detached_signature(signature, BODY, (BankKey(small.key.public_key()),))


def test_the_keys_of_a_bank_are_read_from_pem_and_jwks(tmp_path: Path, rsa_seal: SealKey) -> None:
    pem = SEAL.certificate.public_bytes(serialization.Encoding.PEM)
    assert len(parse_bank_keys(pem + pem)) == 2
    spki = rsa_seal.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    assert len(parse_bank_keys(spki)) == 1
    numbers = rsa_seal.key.public_key().public_numbers()
    assert isinstance(numbers, rsa.RSAPublicNumbers)
    jwk = {"kty": "RSA", "e": base64url(numbers.e.to_bytes(3)), "n": base64url(numbers.n.to_bytes(256))}
    encryption = {**jwk, "use": "enc"}
    (tmp_path / "keys").write_text(json.dumps({"keys": [jwk, encryption, {"kty": "oct", "k": "AA"}]}))
    (key,) = read_bank_keys(tmp_path / "keys")
    assert key.key.public_numbers() == numbers


@pytest.mark.parametrize(
    "data", [b"", b"nothing", b"{", b"{}", b'{"keys": 1}', b'{"keys": ["a"]}', b'{"keys": []}', b"\xff"]
)
def test_keys_that_are_none_are_the_operators_matter(data: bytes) -> None:
    with pytest.raises(ConfigurationError):
        parse_bank_keys(data)


def test_a_missing_file_of_keys_is_the_operators_matter(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_bank_keys(tmp_path / "missing")
