"""Kontora against its own description: with both factors, with a key only, and with a stranger's."""

from __future__ import annotations

import base64
import json
import math
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from bench import http, stand

from kontora import main
from kontora.client import AsyncKontora
from kontora.commands.features import LABELS, MULTIPLE, PDF, SCORE, VENDORS
from kontora.settings import Settings
from tools.conformance.fuzz import Fuzzed, Fuzzing, Known, Values, fuzzed
from tools.conformance.report import Check

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "allow_header_conformance",
    "negative_data_rejection",
    "ignored_auth",
    "missing_required_header",
    "unsupported_method",
)
FORGOTTEN = "single.2"
CLIENT, RETURN = "bench-0", "http://127.0.0.1:1/return"
REUSED, GIVEN_UP = "coowners", ("coowners.2", "coowners.3", "coowners.4")
_SUMMED = {
    "body.ownerExternalId": "owner-test1",
    "body.start": "2026-05-01",
    "body.end": "2026-10-31",
}
CORRECTIONS = 12
_CORRECTED = {
    "direction": ("outgoing",),
    "party": ("Sklep Pod Lipą", "PL26137013140000000000000001"),
    "title": ("zakupy", "czynsz za maj"),
    "add[*]": ("grocery", "food with delivery"),
    "remove[*]": ("rent", "leisure"),
}
_UPLOADED = {
    "ownerExternalId": ("owner-uploaded", "owner-test1"),
    "country": ("pl", "es", "de"),
    "accounts[*].currencyBalance": (120, 0, "-17.50"),
    "accounts[*].currencyFundsAvailable": (120, 0),
    "accounts[*].moneyTransactions[*].transactionOn": ("2026-05-22", "2026-06-01"),
    "accounts[*].moneyTransactions[*].bookedOn": ("2026-06-02",),
    "accounts[*].moneyTransactions[*].currencyAmount": (-15, "2800.00"),
    "accounts[*].moneyTransactions[*].currencyBalance": (105, "0.10"),
    "creditCards[*].currencyBalance": (-300, "-1.25"),
    "creditCards[*].limit": (5000,),
    "creditCards[*].moneyTransactions[*].transactionOn": ("2026-05-22",),
    "creditCards[*].moneyTransactions[*].bookedOn": ("2026-06-02",),
    "creditCards[*].moneyTransactions[*].currencyAmount": (-15, "-0.01"),
}
LOGINS = ("test1", "single", "methods", "nobody")


async def checks(where: Path, *, cases: int, seed: int) -> list[Check]:
    """Fuzz a running Kontora whose client has sessions, commands and data."""
    async with (
        stand.bank(where) as bank,
        stand.kontora(where, bank.url, clients=2) as server,
        aiohttp.ClientSession() as http_client,
    ):
        async with http_client.get(f"{server.url}/openapi.json") as reply:
            document = await reply.json()
        operations = [
            f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods
        ]
        log = where / "kontora.log"
        known = [*_known(await _prepared(server, http_client)), *await _documents(bank, http_client)]
        before = len(log.read_text().splitlines())
        description = where / "openapi.json"
        description.write_text(json.dumps(document))
        with_input = sum(
            bool(operation.get("parameters") or operation.get("requestBody"))
            for methods in document["paths"].values()
            for operation in methods.values()
        )
        each = math.ceil(cases / with_input)
        both = Fuzzing(
            name="Kontora with both factors",
            description=str(description),
            url=server.url,
            paths=".",
            checks=CHECKS,
            cases_each=each,
            seed=seed,
            headers={"X-Api-Key": server.keys[0]},
            known=known,
            options=("--exclude-path", "/practice/clock"),
        )
        stranger = Fuzzing(
            name="Kontora without a key",
            description=str(description),
            url=server.url,
            paths=".",
            checks=CHECKS[:5],
            cases_each=math.ceil(each / 6),
            seed=seed + 1,
            headers={"X-Api-Key": secrets.token_hex(32)},
            known=known,
        )
        clock = Fuzzing(
            name="Kontora's practice clock",
            description=str(description),
            url=server.url,
            paths="^/practice/clock$",
            checks=CHECKS,
            cases_each=each,
            seed=seed + 2,
            headers={"X-Api-Key": server.keys[1]},
        )
        found = [await _check(fuzzing, where, http_client) for fuzzing in (both, stranger, clock)]
        return [*found, _answers(log, operations, before)]


def _answers(log: Path, operations: Sequence[str], before: int) -> Check:
    """Read Kontora's own log: what was answered, and whether every operation succeeded at least once.

    `before`: lines about what was prepared; it does not count.
    """
    answered: set[str] = set()
    statuses: Counter[int] = Counter()
    unsound = []
    for line in log.read_text().splitlines()[before:]:
        event = json.loads(line)
        if event.get("event") == "request":
            statuses[event["status"]] += 1
            if event["status"] < 300:
                answered.add(f"{event['method']} {event['route']}")
        elif event.get("level") in {"error", "critical"}:
            unsound.append(f"logged: {line[:500]}")
    done = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
    missing = [f"{operation} never answered 2xx" for operation in operations if operation not in answered]
    return Check("Kontora's answers", done, (*missing, *unsound))


async def _check(fuzzing: Fuzzing, where: Path, http_client: aiohttp.ClientSession) -> Check:
    found: Fuzzed = await fuzzed(fuzzing, where)
    faults = list(found.faults)
    async with http_client.get(f"{fuzzing.url}/v1/health") as reply:
        if reply.status != 200:
            faults.append(f"afterwards /v1/health answers {reply.status}")
    return Check(
        fuzzing.name, f"{found.operations} operations, {found.cases} cases", tuple(faults), found.cases
    )


@dataclass(frozen=True)
class Prepared:
    """What the client has: sessions for each kind of use, and commands that are final."""

    default: stand.Session
    alias: stand.Session
    single: stand.Session
    leaving: stand.Session
    open: stand.Session
    commands: tuple[str, ...]
    redirection: str
    reused: str
    given_up: tuple[str, ...]
    corrections: tuple[str, ...]


async def _prepared(server: stand.Server, http_client: aiohttp.ClientSession) -> Prepared:
    """Register what the new endpoints need, sign owners in, and import."""
    key = server.keys[0]
    settings = Settings(database_url=server.database_url, data_dir=server.folder / "data", practice=True)
    async with main.administer(settings) as administration:
        features = (MULTIPLE, PDF, LABELS, VENDORS, SCORE)
        await administration.set_client(CLIENT, redirect_uris=(RETURN,), features=features)
    link = f"{server.url}/v1/signin/redirection"
    async with http_client.post(link, json={"redirectUri": RETURN}, headers={"X-Api-Key": key}) as reply:
        redirection = (await reply.json())["redirectionId"]
    async with AsyncKontora(server.url, key) as client:
        reused, *given_up = [
            (await client.mock_session(login, multiple_access=True)).multiple_access_id or ""
            for login in (REUSED, *GIVEN_UP)
        ]
    corrections = [await _corrected(server, http_client, number) for number in range(CORRECTIONS)]
    connection = await http.Connection.open(server.url)
    imported, refused, default, alias, single, leaving, _ = [
        await stand.sign_in(server, connection, login, key, f"owner-{login}")
        for login in ("test1", "company-off", "many", "many.2", "single", "test", FORGOTTEN)
    ]
    commands = [
        await stand.start(server, connection, session, "default-import") for session in (imported, refused)
    ]
    await stand.finished(server, connection, key, commands[0], every_seconds=0.1)
    opened = await stand.open_session(server, connection, "KontoBankApi", key)
    connection.close()
    return Prepared(
        default,
        alias,
        single,
        leaving,
        opened,
        tuple(commands),
        redirection,
        reused,
        tuple(given_up),
        tuple(corrections),
    )


async def _corrected(server: stand.Server, http_client: aiohttp.ClientSession, number: int) -> str:
    """Say a correction of the client's, to be taken back; return its id."""
    said = {"party": f"Sklep numer {number}", "direction": "outgoing", "add": ["grocery"]}
    headers = {"X-Api-Key": server.keys[0]}
    async with http_client.post(f"{server.url}/v1/label-correction", json=said, headers=headers) as reply:
        return (await reply.json())["correctionId"]


async def _documents(bank: stand.Bank, http_client: aiohttp.ClientSession) -> list[Known]:
    """Return genuine documents of the practice bank, as Base64, where a file is asked for."""
    orders = {
        "^/v1/(statement|pdf/statement)": {"login": "single"},
        "^/v1/pdf/confirmation": {"login": "single", "kind": "confirmation", "numbers": [1]},
    }
    found = []
    for path, order in orders.items():
        async with http_client.post(f"{bank.url}/control/statement", json=order) as reply:
            reply.raise_for_status()
            encoded = base64.b64encode(await reply.read()).decode()
        found.append(Known(path, {"body.pdfAsBase64": ([encoded], 0.8)}))
    return found


def _known(prepared: Prepared) -> list[Known]:
    """Return ids and pairs that are real, where they make sense."""
    poll = {"path.id": (prepared.commands, 0.8)}
    credential = {"body.credentialKind": ("STATIC_LOGIN", "STATIC_PASSWORD"), "body.credential": ("test1",)}
    return [
        Known("^/v1/command/[{]id[}]", poll),
        Known("^/v1/command/default-import", _pair(prepared.default)),
        Known("^/v1/default-import", _pair(prepared.alias)),
        Known("^/v1/command/import-", _pair(prepared.single)),
        Known("^/v1/command/sign-out", _pair(prepared.leaving)),
        Known(
            "^/v1/command/enter-credential",
            _pair(prepared.open) | {name: (values, 0.8) for name, values in credential.items()},
        ),
        Known("^/v1/data", {"query.ownerExternalId": (["owner-test1"], 0.7)}, "GET"),
        Known("^/v1/pdf/statements", {"query.ownerExternalId": (["owner-test1"], 0.7)}, "GET"),
        Known("^/v1/data", {"query.ownerExternalId": ([f"owner-{FORGOTTEN}"], 0.8)}, "DELETE"),
        Known("^/v1/(owner-|profile)", {"query.ownerExternalId": (["owner-test1"], 0.8)}, "GET"),
        Known("^/v1/(accounts|owner)-summary", {name: ([value], 0.9) for name, value in _SUMMED.items()}),
        Known("^/v1/owner$", _fields(_UPLOADED, 0.9), "POST"),
        Known("^/v1/label-correction$", _fields(_CORRECTED, 0.95), "POST"),
        Known("^/v1/label-correction$", {"query.correctionId": (prepared.corrections, 0.8)}, "DELETE"),
        Known("^/v1/mock-session", {"body.login": (LOGINS, 0.9), "body.country": (["pl", "cz"], 0.9)}),
        Known("^/v1/session", {"body.target": (["KontoBankApi"], 0.7)}),
        Known("^/v1/signin/redirection$", {"body.redirectUri": ([RETURN], 0.9)}),
        Known("^/v1/signin/redirection-status", {"query.redirectionId": ([prepared.redirection], 0.7)}),
        Known("^/v1/command/reuse-", {"body.multipleAccessId": ([prepared.reused], 0.7)}),
        Known("^/v1/command/delete-multiple", {"body.multipleAccessId": (prepared.given_up, 0.7)}),
    ]


def _fields(values: Mapping[str, Sequence[str | int]], share: float) -> dict[str, Values]:
    """Return what is known of a body's fields; this share of requests takes it."""
    return {f"body.{name}": (known, share) for name, known in values.items()}


def _pair(session: stand.Session) -> dict[str, tuple[Sequence[str], float]]:
    return {
        "body.sessionId": ([session.id], 0.95),
        "body.sessionIdSignature": ([session.signature], 0.95),
    }
