"""Starting the bank: where it may run, certificates, signatures, limits, the command line."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import ssl
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import msgspec
import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from tests.kontobank.party import WHOLE, Party, RunningBank

from kontobank.cli import main
from kontobank.scenario_table import as_markdown
from kontobank.scenarios import listed
from kontobank.settings import NotAllowedHere, Settings, check_surroundings

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("value", ["production", "Production", " PRODUCTION "])
def test_the_practice_bank_never_runs_in_production(value: str) -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "kontobank", "serve", "--port", "0"],
        env={**os.environ, "KONTOBANK_ENVIRONMENT": value},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert finished.returncode == 2
    assert "never runs in production" in finished.stderr
    assert finished.stdout == ""


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "bank.example"])
def test_the_bank_is_not_reached_from_other_machines_unless_allowed(host: str) -> None:
    with pytest.raises(NotAllowedHere, match="--allow-remote"):
        check_surroundings(Settings(host=host), {})
    check_surroundings(Settings(host=host, allow_remote=True), {})


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_loopback_addresses_are_allowed(host: str) -> None:
    check_surroundings(Settings(host=host), {"KONTOBANK_ENVIRONMENT": "test"})


def test_half_of_a_certificate_is_refused() -> None:
    for settings in (Settings(tls_key=Path("k")), Settings(client_ca=Path("c"))):
        with pytest.raises(NotAllowedHere):
            check_surroundings(settings, {})


def test_the_page_of_the_documentation_is_the_table_of_the_program() -> None:
    assert (ROOT / "docs" / "kontobank.md").read_text("utf-8") == as_markdown()


def test_the_command_lists_every_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenarios", "--json"]) == 0
    rows = msgspec.json.decode(capsys.readouterr().out)
    assert [row["login"] for row in rows] == [scenario.name for scenario in listed()]
    assert {row["failure"] for row in rows} >= {None, "IO", "InvalidCredentials", "BankChanged"}
    assert main(["scenarios"]) == 0
    assert "Test123" in capsys.readouterr().out


async def test_headers_without_end_are_cut_off(running_bank: RunningBank) -> None:
    host, _, port = running_bank.url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"GET /v1/accounts HTTP/1.1\r\n" + b"".join(b"x-%d: y\r\n" % n for n in range(500)))
    with pytest.raises(ConnectionError):
        await writer.drain()
        if await asyncio.wait_for(reader.read(), 5) == b"":
            raise ConnectionResetError
    writer.close()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


async def test_a_client_certificate_opens_the_api_and_the_pages_need_none(
    authority: trustme.CA, tmp_path: Path, start_bank: Callable[..., RunningBank]
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    issued = authority.issue_cert("127.0.0.1")
    issued.private_key_pem.write_to_path(str(tmp_path / "key.pem"))
    issued.cert_chain_pems[0].write_to_path(str(tmp_path / "cert.pem"))
    bank = start_bank(
        "--tls-certificate", str(tmp_path / "cert.pem"), "--tls-key", str(tmp_path / "key.pem"),
        "--client-ca", str(tmp_path / "ca.pem"),
    )  # fmt: skip
    plain, known, stranger = (ssl.create_default_context(cafile=str(tmp_path / "ca.pem")) for _ in range(3))
    authority.issue_cert("party.example").configure_cert(known)
    trustme.CA().issue_cert("party.example").configure_cert(stranger)

    assert bank.url.startswith("https://")
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=plain)) as http:
        refused = await Party(http, bank.url).consent("single")
        assert (refused.status, refused.code) == (401, "CERTIFICATE_MISSING")
        assert (await Party(http, bank.url).get("/pages/style.css")).status == 200
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=known)) as http:
        assert (await Party(http, bank.url).consent("single")).status == 201
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=stranger)) as http:
        with pytest.raises(aiohttp.ClientError):
            await Party(http, bank.url).consent("single")


class Signer:
    """A signing certificate of a third party."""

    def __init__(self, days: int = 30) -> None:
        self.key = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Party")])
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(0x9FA1)
            .not_valid_before(datetime.now(UTC) - timedelta(days=60))
            .not_valid_after(datetime.now(UTC) + timedelta(days=days))
            .sign(self.key, hashes.SHA256())
        )

    def headers(self, body: bytes, **other: str) -> dict[str, str]:
        """Return the headers of a signed request."""
        digest = "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode()
        signed = {"digest": digest, "x-request-id": str(uuid4()), "psu-id": "single"}
        text = "\n".join(f"{name}: {value}" for name, value in signed.items()).encode()
        signature = base64.b64encode(self.key.sign(text, padding.PKCS1v15(), hashes.SHA256())).decode()
        parts = {"keyId": "SN=9FA1,CA=CN=Party", "algorithm": "rsa-sha256", "headers": " ".join(signed)}
        der = self.certificate.public_bytes(serialization.Encoding.DER)
        return {
            **signed,
            "signature": ",".join(f'{k}="{v}"' for k, v in {**parts, "signature": signature}.items()),
            "tpp-signature-certificate": base64.b64encode(der).decode(),
            "psu-ip-address": "192.0.2.7",
            "tpp-redirect-preferred": "false",
            "content-type": "application/json",
            **other,
        }


async def test_signed_requests_are_taken_and_others_refused(
    http: aiohttp.ClientSession, start_bank: Callable[..., RunningBank]
) -> None:
    url = start_bank("--require-signature").url
    body, signer = msgspec.json.encode(WHOLE), Signer()
    good = signer.headers(body)

    async def send(headers: dict[str, str], content: bytes = body) -> tuple[int, Any]:
        async with http.post(f"{url}/v1/consents", data=content, headers=headers) as reply:
            told = await reply.json()
            return reply.status, told["tppMessages"][0]["code"] if "tppMessages" in told else None

    assert await send(good) == (201, None)
    assert await send({k: v for k, v in good.items() if k != "signature"}) == (401, "SIGNATURE_MISSING")
    assert await send(good, body + b" ") == (401, "SIGNATURE_INVALID")
    assert await send({**good, "psu-id": "many"}) == (401, "SIGNATURE_INVALID")
    assert await send({**good, "tpp-redirect-uri": "https://a.example/"}) == (401, "SIGNATURE_INVALID")
    assert await send({**good, "signature": good["signature"].replace("9FA1", "9FA2")}) == (
        401,
        "SIGNATURE_INVALID",
    )
    assert await send({**good, "tpp-signature-certificate": "AAAA"}) == (401, "CERTIFICATE_INVALID")
    stranger = Signer().headers(body)["tpp-signature-certificate"]
    assert await send({**good, "tpp-signature-certificate": stranger}) == (401, "SIGNATURE_INVALID")
    assert await send(Signer(days=-1).headers(body)) == (401, "CERTIFICATE_EXPIRED")
