"""A double of the PDF widget's server: what becomes of a file stands in its name."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from jinja2 import Environment

import kontora.widget.texts as catalogues

TOKEN = "pdf-visit-of-a-test"
PASSWORD = "s3cret"
BANKS = (
    ("Alior", "Bank Pod Lipami", "pl", ["Wyciąg z rachunku bankowego"]),
    ("KontoBank", "KontoBank", "pl", ["Wyciąg z rachunku bankowego", "Historia rachunku"]),
    ("Zolty", "Bank Żółty Łoś", "pl", ["Zestawienie operacji"]),
)


@dataclass
class FakePdf:
    """The server: the files that came, and what a test asks of it. `held`: answers wait for it, if set."""

    files: list[dict[str, Any]] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    held: threading.Event | None = None

    def page(self, templates: Environment, query: dict[str, str], origins: list[str]) -> bytes:
        """The widget's page."""
        locale = query.get("locale")
        start = {
            "token": TOKEN,
            "lang": catalogues.language_of(locale),
            "texts": dict(catalogues.texts_of(locale)),
            "clientName": "Lipa Kredyt",
            "origins": origins,
            "ownerExternalId": query.get("ownerExternalId", "kontomatik-1"),
            "options": {
                "country": query.get("country"),
                "target": query.get("target"),
                "showFavicons": True,
                "showDefaultTarget": True,
                "dynamicHeight": query.get("dynamicHeight") == "true",
                "styles": {name[7:-1]: value for name, value in query.items() if name.startswith("styles[")},
            },
            "countries": ["pl"],
            "targets": [
                {
                    "name": name,
                    "institution": name,
                    "officialName": official_name,
                    "country": country,
                    "accountTypes": [],
                    "favicon": "/assets/signin/icon.svg" if name == "KontoBank" else None,
                    "documents": documents,
                }
                for name, official_name, country, documents in BANKS
            ],
        }
        html = templates.get_template("pdf.html").render(
            lang=start["lang"], texts=start["texts"], start=start, assets="/assets"
        )
        return html.encode()

    def take(self, content_type: str, body: bytes, token: str) -> tuple[int, dict[str, Any]]:
        """Answer a file: `refused-<Name>.pdf` is refused so, `locked.pdf` wants a password."""
        fields = _form(content_type, body) | {"token": token}
        self.files.append(fields)
        if self.held is not None:
            self.held.wait(10)
        name = fields["fileName"]
        if name.startswith("refused-"):
            failure = name.removeprefix("refused-").removesuffix(".pdf")
            return 422, {"exception": failure, "message": f"{failure} happened."}
        if name == "locked.pdf" and fields.get("password") != PASSWORD:
            return 422, {"exception": "PdfEncrypted", "message": "The file is protected by a password."}
        return 200, {
            "statementId": str(1000 + len(self.files)),
            "target": fields["target"],
            "officialName": "KontoBank",
            "fileName": name,
            "isConsistent": True,
            "count": 42,
        }

    def finish(self, body: bytes) -> tuple[int, dict[str, Any]]:
        """End the visit."""
        self.ended.append(json.loads(body)["token"])
        return 200, {}


def _form(content_type: str, body: bytes) -> dict[str, Any]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message: Message = BytesParser(policy=HTTP).parsebytes(head + body)
    found: dict[str, Any] = {}
    for part in message.walk():
        name = part.get_param("name", header="content-disposition")
        if isinstance(name, str):
            content = part.get_payload(decode=True) or b""
            assert isinstance(content, bytes)
            if name == "pdf":
                found |= {"fileName": part.get_filename(), "pdf": content}
            else:
                found[name] = content.decode()
    return found
