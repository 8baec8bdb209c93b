"""A double of the sign-in server: the conversation's protocol, over states that a test chose."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import mimetypes
import secrets
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from jinja2 import Environment, FileSystemLoader
from tests.browser.fake_pdf import FakePdf
from tests.browser.states import STATES, State

import kontora.widget.texts as catalogues
from kontora.widget.assets import SCRIPT, SCRIPT_NAMES

WIDGET = Path(catalogues.__file__).parent
POLL_SECONDS = 1.0
BOOLEANS = {
    "showFavicons": False,
    "showTargetMissingOption": True,
    "showTargetMissingForm": True,
    "showDefaultTarget": True,
    "showBetaQualityLabels": True,
    "showScreenshots": True,
    "dynamicHeight": False,
    "layout": False,
    "screenshotZoomIn": False,
    "autoImport": False,
}
BANKS = (
    ("KontoBank", "KontoBank", "pl", ["Individual", "Corporate"], True),
    ("Zolty", "Bank Żółty Łoś", "pl", ["Individual"], False),
    ("Alior", "Bank Pod Lipami", "pl", ["Individual", "SoleTrader"], False),
    ("Spolka", "Spółdzielczy Bank Wiejski", "pl", ["Individual"], True),
    ("Ceska", "Česká kampelička", "cz", ["Individual"], False),
    ("Banco", "Banco de la Encina", "es", ["Individual", "Corporate"], False),
    ("Stumbras", "Stumbro bankas", "lt", ["Individual"], False),
    ("Ozols", "Ozola banka", "lv", ["Individual"], True),
)


def base64url(data: bytes) -> str:
    """Without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unbase64url(text: str) -> bytes:
    """The bytes again."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Conversation:
    """One conversation: its script (states to come), the state now, and what the owner answered."""

    token: str
    script: list[State]
    step: int = 0
    state: State = field(default_factory=lambda: dict(STATES["choose"]))
    answers: list[dict[str, str]] = field(default_factory=list)
    private_key: ec.EllipticCurvePrivateKey | None = None
    chosen: list[dict[str, Any]] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def go_to(self, state: State) -> State:
        """Take a state, with a one-time key for its answers."""
        with self.changed:
            self.step += 1
            self.private_key = ec.generate_private_key(ec.SECP256R1())
            numbers = self.private_key.public_key().public_numbers()
            jwk = {
                "kty": "EC",
                "crv": "P-256",
                "x": base64url(numbers.x.to_bytes(32, "big")),
                "y": base64url(numbers.y.to_bytes(32, "big")),
            }
            self.state = {
                **state,
                "step": self.step,
                "stepToken": secrets.token_urlsafe(16),
                "publicKey": jwk,
            }
            self.changed.notify_all()
            return self.state

    def go_on(self) -> State:
        """Take the next state of the script."""
        return self.go_to(self.script.pop(0) if self.script else STATES["signed-in"])

    def opened(self, body: dict[str, Any]) -> dict[str, str]:
        """Decrypt the answers, as the contract says, and return them by kind."""
        assert self.private_key is not None
        theirs = body["ephemeralKey"]
        numbers = ec.EllipticCurvePublicNumbers(
            int.from_bytes(unbase64url(theirs["x"]), "big"),
            int.from_bytes(unbase64url(theirs["y"]), "big"),
            ec.SECP256R1(),
        )
        shared = self.private_key.exchange(ec.ECDH(), numbers.public_key())
        salt = self.state["stepToken"].encode()
        key = HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"kontora credential v1").derive(shared)
        token_hash = base64url(hashlib.sha256(self.token.encode()).digest())
        found = {}
        for index, answer in enumerate(body["answers"]):
            sealed = unbase64url(answer["cipherText"])
            bound = f"{token_hash}.{self.step}.{index}.{answer['kind']}".encode()
            found[answer["kind"]] = AESGCM(key).decrypt(sealed[:12], sealed[12:], bound).decode()
        return found


class FakeSignIn:
    """The server, and what a test asks of it."""

    def __init__(self) -> None:
        self.conversations: dict[str, Conversation] = {}
        self.script: list[State] = []
        self.origins: list[str] = []
        self.frame_ancestors = ""
        self.requests: list[tuple[str, str]] = []
        self.bodies: list[bytes] = []
        self.queries: list[dict[str, str]] = []
        self.down = False
        self.pdf = FakePdf()
        self._templates = Environment(loader=FileSystemLoader(WIDGET / "templates"), autoescape=True)

    @property
    def last(self) -> Conversation:
        """The newest conversation."""
        return list(self.conversations.values())[-1]

    def page(self, query: dict[str, str], is_popup: bool) -> bytes:
        """The widget's page; `show` names the state it begins with, `script` of a test what follows."""
        conversation = Conversation(secrets.token_urlsafe(16), list(self.script))
        self.conversations[conversation.token] = conversation
        self.queries.append(query)
        show = query.get("show", "choose")
        state = conversation.go_to(STATES[show])
        locale = query.get("locale")
        options: dict[str, Any] = {
            name: query.get(name, str(default)).lower() == "true" for name, default in BOOLEANS.items()
        }
        options |= {"country": query.get("country"), "target": query.get("target"), "isPopup": is_popup}
        options["styles"] = {name[7:-1]: value for name, value in query.items() if name.startswith("styles[")}
        start = {
            "token": conversation.token,
            "lang": catalogues.language_of(locale),
            "texts": dict(catalogues.texts_of(locale)),
            "clientName": "Lipa Kredyt",
            "origins": self.origins,
            "options": options,
            "countries": sorted({bank[2] for bank in BANKS}),
            "targets": [
                {
                    "name": f"{name}Api",
                    "institution": name,
                    "officialName": official_name,
                    "loginName": None,
                    "country": country,
                    "beta": beta,
                    "accountTypes": types,
                    "favicon": "/assets/signin/icon.svg" if name == "KontoBank" else None,
                }
                for name, official_name, country, types, beta in BANKS
            ],
            "state": state,
        }
        html = self._templates.get_template("signin.html").render(
            lang=start["lang"], texts=start["texts"], start=start, assets="/assets"
        )
        return html.encode()

    def pdf_page(self, query: dict[str, str]) -> bytes:
        """The PDF widget's page."""
        return self.pdf.page(self._templates, query, self.origins)

    def other_page(self, template: str, **values: Any) -> bytes:
        """One of the small pages, in the language of `values`."""
        locale = values.pop("locale", "en")
        return (
            self._templates.get_template(template)
            .render(
                lang=catalogues.language_of(locale),
                texts=catalogues.texts_of(locale),
                assets="/assets",
                **values,
            )
            .encode()
        )

    def talk(self, verb: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Answer a request of the conversation."""
        conversation = self.conversations.get(body.get("token", ""))
        if conversation is None:
            return 404, {"exception": "InvalidSessionId", "message": "Session expired."}
        if verb == "choose":
            conversation.chosen.append(body)
            return 200, conversation.go_on()
        if verb == "back":
            return 200, conversation.go_to(STATES["choose"])
        if verb == "answer":
            if body["step"] != conversation.step:
                return 409, {"exception": "InvalidArgument", "state": conversation.state}
            conversation.answers.append(conversation.opened(body))
            return 200, conversation.go_on()
        with conversation.changed:
            if body.get("after") == conversation.step:
                conversation.changed.wait(POLL_SECONDS)
            return 200, conversation.state


def _handler(fake: FakeSignIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

        def _send(self, status: int, kind: str, body: bytes, **headers: str) -> None:
            self.send_response(status)
            if "gzip" in self.headers.get("Accept-Encoding", "") and len(body) > 200:
                body = gzip.compress(body, 6)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("X-Content-Type-Options", "nosniff")
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        def _html(self, body: bytes, **headers: str) -> None:
            policy = (
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                "connect-src 'self'; base-uri 'none'; form-action 'none'; "
                f"frame-ancestors {fake.frame_ancestors or ' '.join(fake.origins) or 'none'}"
            )
            self._send(
                200,
                "text/html; charset=utf-8",
                body,
                Content_Security_Policy=policy,
                Referrer_Policy="no-referrer",
                Cache_Control="no-store",
                **headers,
            )

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            fake.requests.append(("GET", self.path))
            query = dict(parse_qsl(url.query, keep_blank_values=True))
            if url.path.startswith("/assets/"):
                name = url.path.removeprefix("/assets/")
                file = WIDGET / "assets" / (SCRIPT if name in SCRIPT_NAMES else name)
                if not file.is_file():
                    self._send(404, "text/plain", b"no such asset")
                    return
                kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
                self._send(200, f"{kind}; charset=utf-8", file.read_bytes())
            elif url.path in ("/signin/", "/popup/signin/", "/"):
                self._html(fake.page(query, url.path.startswith("/popup/")))
            elif url.path == "/pdf/":
                self._html(fake.pdf_page(query))
            elif url.path.startswith("/signin/redirect/"):
                # A bank may cut its window off from the one that opened it.
                cut = {"Cross_Origin_Opener_Policy": "same-origin"} if url.path.endswith("/cut") else {}
                self._html(b"<!doctype html><title>Bank</title><h1>KontoBank</h1>", **cut)
            elif url.path == "/signin/callback":
                fake.last.go_on()
                self._html(fake.other_page("closed.html", outcome=query.get("outcome", "done")))
            elif url.path == "/refused":
                self._html(fake.other_page("refused.html", reason=query.get("reason", "unknownClient")))
            else:
                self._send(404, "text/plain", b"no such page")

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            fake.requests.append(("POST", self.path))
            fake.bodies.append(raw)
            if fake.down:
                self._send(503, "application/json", b'{"exception": "StoreUnavailable", "message": "down"}')
                return
            if self.path == "/pdf/files":
                status, told = fake.pdf.take(self.headers["Content-Type"], raw, self.headers["X-Visit-Token"])
            elif self.path == "/pdf/finish":
                status, told = fake.pdf.finish(raw)
            else:
                status, told = fake.talk(self.path.rsplit("/", 1)[-1], json.loads(raw))
            self._send(status, "application/json", json.dumps(told).encode())

    return Handler


def _client_handler(pages: dict[str, str]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            body = pages.get(urlsplit(self.path).path, "").encode()
            self.send_response(200 if body else 204)  # 204: the icon that browsers ask for
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that leaves breaks its long polls; any other error is the double's own."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Serve on a free port of 127.0.0.1 in threads of its own; gives the origin."""
    server = _QuietServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def fake_signin() -> Iterator[tuple[FakeSignIn, str]]:
    """Run the double; gives it and its origin."""
    fake = FakeSignIn()
    with serving(_handler(fake)) as origin:
        yield fake, origin


@contextmanager
def client_site(pages: dict[str, str]) -> Iterator[str]:
    """Run a client's web site, on an origin of its own; pages can be added while it runs."""
    with serving(_client_handler(pages)) as origin:
        yield origin
