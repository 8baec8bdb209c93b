"""Conversations with banks, recorded or composed after a standard: record them, and play them again.

python -m tests.connectors.exchanges            # records those of KontoBank again, and their imports
python -m tests.connectors.composed             # composes those of real banks again, and their imports
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
from tests.connectors.walking import PSU, practice_bank, read_everything, visit_pages

from kontobank.polish_api.signatures import BankSeal
from kontora.connectors import banks
from kontora.connectors.bank_http import BankHttp
from kontora.connectors.bank_jws import BankKey, parse_bank_keys
from kontora.connectors.bank_line import BankCall, BankLine, BankReply
from kontora.connectors.bank_reach import Reach
from kontora.connectors.catalogue import Catalogue, Target, found_facts
from kontora.connectors.protocol import Access, Answer, Connector, CredentialKind, Secret, SignInRequest
from kontora.connectors.standards.polish_api.practice_seal import practice_seal
from kontora.connectors.target import Surroundings
from kontora.connectors.target_settings import TargetSettings
from kontora.model import Import

HOST = "https://bank.invalid"
NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
SINCE = date(2026, 1, 1)
BACK = "https://kontora.example/back"
STATE = "state-1"
# Stands in a body for the id of the request that it answers.
REQUEST_ID = "{request-id}"
FOLDER = Path(banks.__path__[0])
KONTOBANK_LOGINS = {
    "KontoBankApi": ("test1", "coowners", "pending", "camt", "methods", "relative", "company", "noiban"),
    "KontoBankApi_cz": ("test1",),
    "KontoBankApi_es": ("test1",),
    "KontoBank": ("test1", "ask-method", "company", "empty"),
    "KontoBank_cz": ("test1",),
    "KontoBank_es": ("test1",),
    "KontoBankPolishApi": ("test1", "coowners", "pending", "company", "noiban", "empty"),
}


class Turn(msgspec.Struct, frozen=True, omit_defaults=True):
    """One call and what was answered.

    `asked`: what of its body tells it from others of the same path. `location`, `set_cookies`: headers of
    pages.
    """

    operation: str
    method: str
    path: str
    status: int
    content_type: str
    body: str
    asked: dict[str, str] = {}
    location: str = ""
    set_cookies: tuple[str, ...] = ()


class Exchange(msgspec.Struct, frozen=True, omit_defaults=True):
    """A whole conversation: the answers of the owner step by step, and every call.

    `source`: how it came to be, where it was not recorded. `browser`: the owner goes to the bank's pages.
    """

    target: str
    now: datetime
    since: date
    steps: tuple[tuple[tuple[str, str], ...], ...]
    turns: tuple[Turn, ...]
    recorded_at: datetime | None = None
    source: str = ""
    exercised: str = ""
    browser: bool = False


def asked_of(call: BankCall) -> dict[str, str]:
    """Return what of a JSON body tells calls to the same path apart."""
    if call.headers.get("Content-Type") != "application/json" or "X-JWS-SIGNATURE" not in call.headers:
        return {}
    body = msgspec.json.decode(call.body)
    return {name: body[name] for name in ("grant_type", "accountNumber", "pageId") if name in body}


class RecordingLine:
    """Sends over another line, and remembers."""

    def __init__(self, line: BankLine, base_url: str) -> None:
        self.target, self.reach = line.target, line.reach
        self._line, self._base_url = line, base_url
        self.turns: list[Turn] = []

    async def send(self, call: BankCall) -> BankReply:
        reply = await self._line.send(call)
        body = reply.body.decode().replace(self._base_url, HOST)
        kind = reply.headers.get("Content-Type", "")
        if request_id := call.headers.get("X-REQUEST-ID"):
            body = body.replace(request_id, REQUEST_ID)
        path = call.url.removeprefix(self._base_url)
        self.turns.append(
            Turn(
                operation=call.operation,
                method=call.method,
                path=path,
                status=reply.status,
                content_type=kind,
                body=body,
                asked=asked_of(call),
                location=reply.headers.get("Location", "").replace(self._base_url, HOST),
                set_cookies=reply.set_cookies,
            )
        )
        return reply


class ReplayingLine:
    """Answers as recorded: the first turn not yet played with this operation, method, path and question.

    The bank's signature is made anew, by a key of the replay's own.
    """

    def __init__(self, target: str, turns: Sequence[Turn]) -> None:
        self.target = target
        self.reach = Reach.of([HOST])
        self.left = list(turns)
        self._seal = BankSeal()

    @property
    def keys(self) -> tuple[BankKey, ...]:
        return parse_bank_keys(msgspec.json.encode(self._seal.jwks()))

    async def send(self, call: BankCall) -> BankReply:
        self.reach.checked(call.url)
        path = call.url.removeprefix(HOST)
        for turn in self.left:
            if (turn.operation, turn.method, turn.path, turn.asked) == (
                call.operation,
                call.method,
                path,
                asked_of(call),
            ):
                self.left.remove(turn)
                body = turn.body.replace(REQUEST_ID, call.headers.get("X-REQUEST-ID", "")).encode()
                headers = {"Content-Type": turn.content_type, "X-JWS-SIGNATURE": self._seal.signature(body)}
                if turn.location:
                    headers["Location"] = turn.location
                return BankReply(turn.status, headers, body, call.url, turn.set_cookies)
        raise AssertionError(f"{call.operation} {path} was not recorded")


def exchanges() -> list[Path]:
    """Return every recorded exchange of every bank."""
    return sorted(
        path for path in FOLDER.glob("*/exchanges/*.json") if not path.name.endswith(".import.json")
    )


def read_exchange(path: Path) -> Exchange:
    return msgspec.json.decode(path.read_bytes(), type=Exchange)


def expected_import(path: Path) -> Path:
    return path.with_suffix(".import.json")


async def replayed(exchange: Exchange) -> tuple[Import, list[Turn]]:
    """Play an exchange; return the import, and the turns that nobody asked for."""
    facts = next(one for one in found_facts() if one.name == exchange.target)
    line = ReplayingLine(facts.name, exchange.turns)
    connector = facts.connector(
        Surroundings(
            line=line,
            base_url=HOST + facts.base_url,
            practice=facts.practice,
            client_id=None if facts.practice else "PSDPL-KNF-1",
            seal=practice_seal(),
            bank_keys=line.keys,
            now=lambda: exchange.now,
        )
    )
    access = await _signed_in(connector, exchange)
    target = Target(facts, HOST, line.reach, TargetSettings())
    brought = await read_everything(connector, target, access, exchange.since, exchange.now)
    return brought, line.left


async def _signed_in(connector: Connector, exchange: Exchange) -> Access:
    access = None
    request = _request(browser=exchange.browser)
    for step in exchange.steps:
        answers = [Answer(CredentialKind(kind), Secret(value)) for kind, value in step]
        access = (await connector.sign_in(request, answers, access)).access
    assert access is not None and access.signed_in
    return access


def _request(*, browser: bool) -> SignInRequest:
    return SignInRequest(psu=PSU, redirect_uri=BACK, state=STATE) if browser else SignInRequest(psu=PSU)


def rendered(brought: Import) -> bytes:
    """Return an import as the golden files hold it: indented JSON, the bank's raw items left out."""

    def plain(items: Sequence[object]) -> tuple[object, ...]:
        return tuple(msgspec.structs.replace(item, raw=None) for item in items)  # type: ignore[type-var]

    def without_raw(places: Sequence[object] | None) -> object:
        if places is None:
            return None
        return tuple(
            msgspec.structs.replace(place, money_transactions=plain(place.money_transactions))  # type: ignore[attr-defined, type-var]
            for place in places
        )

    whole = msgspec.structs.replace(
        brought, accounts=without_raw(brought.accounts), credit_cards=without_raw(brought.credit_cards)
    )
    return msgspec.json.format(msgspec.json.encode(whole), indent=1) + b"\n"


async def record(url: str, target: Target, login: str) -> None:
    """Record a sign-in and import of one login, beside the bank."""
    http = BankHttp()
    line = RecordingLine(http.line(target.name, target.reach), url)
    keys = await _published_keys(http, target) if target.seals_bodies else ()
    connector = target.facts.connector(
        Surroundings(line=line, base_url=target.base_url, practice=True, bank_keys=keys, now=lambda: NOW)
    )
    steps: list[tuple[tuple[str, str], ...]] = []
    access, answers = None, list[Answer]()
    while access is None or not access.signed_in:
        step = await connector.sign_in(_request(browser=target.seals_bodies), answers, access)
        steps.append(tuple((answer.kind.value, answer.value.reveal()) for answer in answers))
        values = {"STATIC_LOGIN": login, "CHOICE": "sms"}
        for one in step.challenges:
            if one.kind is CredentialKind.REDIRECT:
                values["REDIRECT"] = await visit_pages(one.url or "", login, BACK)
        answers = [Answer(one.kind, Secret(values.get(one.kind, "Test123"))) for one in step.challenges]
        access = step.access
    await read_everything(connector, target, access, SINCE, NOW)
    await http.close()
    recorded = Exchange(
        target=target.name,
        now=NOW,
        since=SINCE,
        steps=tuple(steps),
        turns=tuple(line.turns),
        recorded_at=datetime.now(UTC).replace(microsecond=0),
        browser=target.seals_bodies,
    )
    folder = FOLDER / f"{target.country}_{target.institution.name.partition('_')[0].lower()}" / "exchanges"
    await keep(recorded, folder / f"{login if target.facts.psd2 else f'web-{login}'}.json")


async def keep(exchange: Exchange, path: Path) -> None:
    """Write an exchange, and the import that it gives, beside the bank."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(exchange), indent=1) + b"\n")
    brought, _ = await replayed(exchange)
    expected_import(path).write_bytes(rendered(brought))


async def _published_keys(http: BankHttp, target: Target) -> tuple[BankKey, ...]:
    line = http.line(target.name, target.reach)
    reply = await line.send(BankCall("getKeys", "GET", f"{target.base_url}/keys.json"))
    return parse_bank_keys(reply.body)


def main(*names: str) -> None:
    with practice_bank("--now", NOW.isoformat(), "--seed", "1") as url:
        catalogue = Catalogue.load(practice=True, practice_bank_url=url)
        for name, logins in KONTOBANK_LOGINS.items():
            if names and name not in names:
                continue
            for login in logins:
                asyncio.run(record(url, catalogue.target(name), login))


if __name__ == "__main__":
    main(*sys.argv[1:])
