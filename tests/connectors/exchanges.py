"""Recorded conversations with banks: record them, and play them again.

python -m tests.connectors.exchanges            # records those of KontoBank again, and their imports
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from tests.connectors.walking import PSU, practice_bank, read_everything

from kontora.connectors import banks
from kontora.connectors.bank_http import BankHttp
from kontora.connectors.bank_line import BankCall, BankLine, BankReply
from kontora.connectors.bank_reach import Reach
from kontora.connectors.catalogue import Catalogue, Target
from kontora.connectors.protocol import Access, Answer, Connector, CredentialKind, Secret, SignInRequest
from kontora.connectors.target import Surroundings
from kontora.model import Import

HOST = "https://bank.invalid"
NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
SINCE = date(2026, 1, 1)
FOLDER = Path(banks.__path__[0])
KONTOBANK_LOGINS = {
    "KontoBankApi": ("test1", "coowners", "pending", "camt", "methods", "relative", "company", "noiban"),
    "KontoBankApi_cz": ("test1",),
    "KontoBankApi_es": ("test1",),
}


class Turn(msgspec.Struct, frozen=True):
    """One call and what was answered."""

    operation: str
    method: str
    path: str
    status: int
    content_type: str
    body: str


class Exchange(msgspec.Struct, frozen=True):
    """A whole conversation: the answers of the owner step by step, and every call."""

    target: str
    recorded_at: datetime
    now: datetime
    since: date
    steps: tuple[tuple[tuple[str, str], ...], ...]
    turns: tuple[Turn, ...]


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
        path = call.url.removeprefix(self._base_url)
        self.turns.append(Turn(call.operation, call.method, path, reply.status, kind, body))
        return reply


class ReplayingLine:
    """Answers as recorded: the first turn not yet played with this operation, method and path."""

    def __init__(self, target: str, turns: Sequence[Turn]) -> None:
        self.target = target
        self.reach = Reach.of([HOST])
        self.left = list(turns)

    async def send(self, call: BankCall) -> BankReply:
        self.reach.checked(call.url)
        path = call.url.removeprefix(HOST)
        for turn in self.left:
            if (turn.operation, turn.method, turn.path) == (call.operation, call.method, path):
                self.left.remove(turn)
                return BankReply(
                    turn.status, {"Content-Type": turn.content_type}, turn.body.encode(), call.url
                )
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
    target = Catalogue.load(practice=True, practice_bank_url=HOST).target(exchange.target)
    line = ReplayingLine(target.name, exchange.turns)
    path = urlsplit(target.base_url).path
    connector = target.facts.connector(
        Surroundings(
            line=line, base_url=HOST + path, practice=target.facts.practice, now=lambda: exchange.now
        )
    )
    access = await _signed_in(connector, exchange.steps)
    brought = await read_everything(connector, target, access, exchange.since, exchange.now)
    return brought, line.left


async def _signed_in(connector: Connector, steps: Sequence[Sequence[tuple[str, str]]]) -> Access:
    access = None
    for step in steps:
        answers = [Answer(CredentialKind(kind), Secret(value)) for kind, value in step]
        access = (await connector.sign_in(SignInRequest(psu=PSU), answers, access)).access
    assert access is not None and access.signed_in
    return access


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
    connector = target.facts.connector(
        Surroundings(line=line, base_url=target.base_url, practice=True, now=lambda: NOW)
    )
    steps: list[tuple[tuple[str, str], ...]] = []
    access, answers = None, list[Answer]()
    while access is None or not access.signed_in:
        step = await connector.sign_in(SignInRequest(psu=PSU), answers, access)
        steps.append(tuple((answer.kind.value, answer.value.reveal()) for answer in answers))
        values = {"STATIC_LOGIN": login, "CHOICE": "sms"}
        answers = [Answer(one.kind, Secret(values.get(one.kind, "Test123"))) for one in step.challenges]
        access = step.access
    await read_everything(connector, target, access, SINCE, NOW)
    await http.close()
    recorded = Exchange(
        target.name, datetime.now(UTC).replace(microsecond=0), NOW, SINCE, tuple(steps), tuple(line.turns)
    )
    folder = FOLDER / f"{target.country}_{target.institution.name.partition('_')[0].lower()}" / "exchanges"
    folder.mkdir(exist_ok=True)
    path = folder / f"{login}.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(recorded), indent=1) + b"\n")
    brought, _ = await replayed(recorded)
    expected_import(path).write_bytes(rendered(brought))


def main() -> None:
    with practice_bank("--now", NOW.isoformat(), "--seed", "1") as url:
        catalogue = Catalogue.load(practice=True, practice_bank_url=url)
        for name, logins in KONTOBANK_LOGINS.items():
            for login in logins:
                asyncio.run(record(url, catalogue.target(name), login))


if __name__ == "__main__":
    main()
