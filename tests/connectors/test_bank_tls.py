from __future__ import annotations

import base64
import datetime
import hashlib
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from tests.connectors.scripted import FAST, no_sleep

from kontora.connectors.bank_http import BankHttp
from kontora.connectors.bank_line import BankCall
from kontora.connectors.bank_reach import Reach
from kontora.connectors.bank_signing import Seal, SealFiles
from kontora.connectors.bank_tls import TlsFiles
from kontora.errors import IO, BankCertificateRefused, ConfigurationError

NOW = datetime.datetime.now(datetime.UTC)
DAY = datetime.timedelta(days=1)


@dataclass
class Authorities:
    folder: Path
    ours: trustme.CA
    foreign: trustme.CA

    @property
    def bundle(self) -> Path:
        path = self.folder / "ca.pem"
        self.ours.cert_pem.write_to_path(path)
        return path

    def client(self, authority: trustme.CA) -> TlsFiles:
        leaf = authority.issue_cert("PSDPL-KNF-1234567890")
        certificate, key = self.folder / "qwac.pem", self.folder / "qwac.key"
        certificate.write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
        leaf.private_key_pem.write_to_path(key)
        return TlsFiles(certificate, key, self.bundle)


@pytest.fixture
def authorities(tmp_path: Path) -> Authorities:
    return Authorities(tmp_path, trustme.CA(), trustme.CA())


@asynccontextmanager
async def tls_bank(
    leaf: trustme.LeafCert, client_authority: trustme.CA | None = None, newest: ssl.TLSVersion | None = None
) -> AsyncIterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(context)
    if client_authority is not None:
        client_authority.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
    if newest is not None:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = newest

    async def hello(_: web.Request) -> web.StreamResponse:
        return web.Response(text="hello")

    app = web.Application()
    app.router.add_get("/", hello)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    try:
        yield f"https://localhost:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@contextmanager
def refusing_bank(
    leaf: trustme.LeafCert, client_authority: trustme.CA, newest: ssl.TLSVersion
) -> Iterator[str]:
    """A bank that tells why it refuses a certificate; asyncio's servers hang up without the TLS alert."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(context)
    client_authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    context.maximum_version = newest

    def refuse(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False) as secured:
            with suppress(OSError):
                secured.do_handshake()
            # Closing with unread data would reset the connection, and the alert would be lost.
            secured.settimeout(5)
            with suppress(OSError):
                socket.socket.shutdown(secured, socket.SHUT_WR)
                while socket.socket.recv(secured, 4096):
                    pass

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(5)
        thread = threading.Thread(target=refuse, args=(listening,))
        thread.start()
        yield f"https://localhost:{listening.getsockname()[1]}"
        thread.join()


async def get(base: str, tls: TlsFiles) -> bytes:
    client = BankHttp(caps=FAST, sleep=no_sleep)
    try:
        line = client.line("Bank", Reach.of([base], practice=True), tls=tls)
        return (await line.send(BankCall("test", "GET", base + "/"))).body
    finally:
        await client.close()


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize(
    "case", ["good", "wrong host", "unknown authority", "expired", "not yet valid", "TLS 1.1", "TLS 1.2"]
)
async def test_only_a_valid_certificate_over_tls_1_2_or_newer_is_talked_to(
    authorities: Authorities, case: str
) -> None:
    times = {"expired": (NOW - 9 * DAY, NOW - DAY), "not yet valid": (NOW + DAY, NOW + 9 * DAY)}
    start, end = times.get(case, (NOW - DAY, NOW + 9 * DAY))
    authority = authorities.foreign if case == "unknown authority" else authorities.ours
    host = "other.example" if case == "wrong host" else "localhost"
    leaf = authority.issue_cert(host, not_before=start, not_after=end)
    newest = {"TLS 1.1": ssl.TLSVersion.TLSv1_1, "TLS 1.2": ssl.TLSVersion.TLSv1_2}.get(case)
    async with tls_bank(leaf, newest=newest) as base:
        if case in {"good", "TLS 1.2"}:
            assert await get(base, TlsFiles(ca_bundle=authorities.bundle)) == b"hello"
        else:
            with pytest.raises(IO):
                await get(base, TlsFiles(ca_bundle=authorities.bundle))


async def test_authorities_named_by_the_environment_are_not_trusted(
    authorities: Authorities, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authorities.bundle))
    async with tls_bank(authorities.ours.issue_cert("localhost")) as base:
        with pytest.raises(IO):
            await get(base, TlsFiles())


async def test_the_client_certificate_is_presented_to_a_bank_that_wants_one(authorities: Authorities) -> None:
    async with tls_bank(authorities.ours.issue_cert("localhost"), authorities.ours) as base:
        assert await get(base, authorities.client(authorities.ours)) == b"hello"


@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("certificate", ["none", "foreign"])
async def test_a_refused_client_certificate_is_the_operators_matter(
    authorities: Authorities, newest: ssl.TLSVersion, certificate: str
) -> None:
    tls = TlsFiles(ca_bundle=authorities.bundle)
    if certificate == "foreign":
        tls = authorities.client(authorities.foreign)
    leaf = authorities.ours.issue_cert("localhost")
    with refusing_bank(leaf, authorities.ours, newest) as base, pytest.raises(BankCertificateRefused):
        await get(base, tls)


async def test_a_key_of_another_certificate_is_refused_at_the_start(authorities: Authorities) -> None:
    tls = authorities.client(authorities.ours)
    assert tls.key is not None
    authorities.ours.issue_cert("x").private_key_pem.write_to_path(tls.key)
    client = BankHttp()
    with pytest.raises(ConfigurationError, match="belong together"):
        client.line("Bank", Reach.of(["https://bank.example"]), tls=tls)
    await client.close()


@pytest.fixture(params=[trustme.KeyType.RSA, trustme.KeyType.ECDSA])
def seal_files(authorities: Authorities, request: pytest.FixtureRequest) -> SealFiles:
    leaf = authorities.ours.issue_cert("PSDPL-KNF-1234567890", key_type=request.param)
    certificate, key = authorities.folder / "seal.pem", authorities.folder / "seal.key"
    leaf.cert_chain_pems[0].write_to_path(certificate)
    leaf.private_key_pem.write_to_path(key)
    return SealFiles(certificate, key)


def test_a_signature_covers_digest_and_the_headers_of_the_request(seal_files: SealFiles) -> None:
    added = Seal(seal_files).headers({"X-Request-ID": "r1", "PSU-ID": "anna", "Accept": "x"}, b"{}")
    assert added["Digest"] == "SHA-256=" + base64.b64encode(hashlib.sha256(b"{}").digest()).decode()
    parts = dict(part.split("=", 1) for part in added["Signature"].rsplit(",", 3)[1:])
    assert parts["headers"] == '"digest x-request-id psu-id"'
    certificate = x509.load_der_x509_certificate(base64.b64decode(added["TPP-Signature-Certificate"]))
    signed = f"digest: {added['Digest']}\nx-request-id: r1\npsu-id: anna".encode()
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(
            base64.b64decode(parts["signature"].strip('"')), signed, padding.PKCS1v15(), hashes.SHA256()
        )
    assert f"SN={certificate.serial_number:x},CA=" in added["Signature"]


def test_a_seal_whose_key_does_not_fit_is_refused(authorities: Authorities, seal_files: SealFiles) -> None:
    authorities.ours.issue_cert("x").private_key_pem.write_to_path(seal_files.key)
    with pytest.raises(ConfigurationError, match="not the key"):
        Seal(seal_files)
