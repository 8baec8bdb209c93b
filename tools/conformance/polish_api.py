"""Kontora and KontoBank against PolishAPI's own file: `python -m tools.conformance.polish_api`.

Whole sign-ins and imports run over real HTTP, and every request and answer is checked; then the exchanges
beside the banks.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse
from tests.connectors.exchanges import REQUEST_ID, exchanges, read_exchange
from tests.connectors.walking import PSU, practice_bank, read_everything, sign_in_at_pages

from kontora.connectors.bank_http import BankHttp
from kontora.connectors.bank_jws import parse_bank_keys
from kontora.connectors.bank_line import BankCall, BankLine, BankReply
from kontora.connectors.catalogue import Catalogue, Target
from kontora.connectors.protocol import ABSENT_PSU, Grant, SignInRequest, SignsOut
from kontora.connectors.target import Surroundings
from kontora.errors import KontoraError
from tools.conformance.report import Check
from tools.conformance.swagger import NoSpecification, read_specification

ROOT = Path(__file__).resolve().parents[2]
SPECIFICATION = ROOT.parent / "shared" / "specs" / "polishapi" / "polishapi-2.1.2.json"
VARIABLE = "POLISH_API_SPEC"
_LOGINS = (
    *("test1", "coowners", "many", "large", "pending", "company", "history", "noiban", "empty", "refresh"),
    *("company-off", "down", "revoked", "quota", "fail-SessionExpired", "fail-ServiceTemporarilyUnavailable"),
)


@dataclass
class Findings:
    """What was checked, by operation and status, and what does not conform."""

    checked: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


class CheckingLine:
    """Sends over another line, and checks every request and answer of the standard."""

    def __init__(self, line: BankLine, description: OpenAPI, findings: Findings) -> None:
        self.target, self.reach = line.target, line.reach
        self._line, self._description, self._findings = line, description, findings

    async def send(self, call: BankCall) -> BankReply:
        """Send one request."""
        reply = await self._line.send(call)
        if call.method == "POST":
            check_call(self._description, call, self._findings)
            check_answer(self._description, urlsplit(call.url).path, reply.status, reply.body, self._findings)
            if reply.status == 200 and "X-JWS-SIGNATURE" not in reply.headers:
                self._findings.faults.append(f"{call.operation}: the answer is not signed")
        return reply


def check_call(description: OpenAPI, call: BankCall, findings: Findings) -> None:
    """Check a request, and what OpenAPI 3 does not: the token, and the id that stands there twice."""
    request = _request(urlsplit(call.url).path, call.headers, call.body)
    where = f"{call.operation} request"
    findings.checked[where] += 1
    try:
        description.validate_request(request)
    except OpenAPIError as error:
        findings.faults.append(f"{where}: {_said(error)}")
    header = json.loads(call.body)["requestHeader"]
    if header["requestId"] != call.headers["X-REQUEST-ID"] or uuid.UUID(header["requestId"]).version != 1:
        findings.faults.append(f"{where}: X-REQUEST-ID is not requestId, or no UUID of version 1")
    token = header.get("token")
    if token is not None and call.headers.get("Authorization") != f"Bearer {token}":
        findings.faults.append(f"{where}: Authorization is not the token of the body")


def check_answer(description: OpenAPI, path: str, status: int, body: bytes, findings: Findings) -> None:
    """Check an answer."""
    where = f"{path.rpartition('/')[2]} {status}"
    findings.checked[where] += 1
    try:
        description.validate_response(_request(path, {}, b"{}"), MockResponse(body, status_code=status))
    except OpenAPIError as error:
        findings.faults.append(f"{where}: {_said(error)}")


def _request(path: str, headers: Mapping[str, str], body: bytes) -> MockRequest:
    return MockRequest("", "post", path, headers=dict(headers), data=body)


def _said(error: BaseException) -> str:
    """Return the whole chain of an error: the last cause names the field."""
    said = [str(error)]
    cause = error.__cause__
    if cause is not None:
        said += [_said(cause)]
    said += [str(one.message) for one in getattr(error, "schema_errors", ())]
    return " <- ".join(said)


async def walk(description: OpenAPI, findings: Findings) -> None:
    """Sign in, import, import without the owner, and sign out, for every login."""
    http = BankHttp()
    with practice_bank() as url:
        target = Catalogue.load(practice=True, practice_bank_url=url).target("KontoBankPolishApi")
        for login in _LOGINS:
            line = CheckingLine(http.line(target.name, target.reach), description, findings)
            try:
                await _one(target, line, login)
            except KontoraError as failure:
                findings.checked[f"ended as {failure.name}"] += 1
    await http.close()


async def _one(target: Target, line: CheckingLine, login: str) -> None:
    now = datetime.now(UTC)
    since = now.date() - timedelta(days=400)
    keys = await line.send(BankCall("getKeys", "GET", f"{target.base_url}/keys.json"))
    connector = target.facts.connector(
        Surroundings(line=line, base_url=target.base_url, practice=True, bank_keys=parse_bank_keys(keys.body))
    )
    request = SignInRequest(
        psu=PSU, redirect_uri="https://kontora.example/back", state="s-1", since=since, recurring=True
    )
    access = await sign_in_at_pages(connector, login, request)
    for psu in (PSU, ABSENT_PSU):
        await read_everything(connector, target, access, since, now, psu)
    if isinstance(connector, SignsOut):
        await connector.sign_out(Grant(access, psu=ABSENT_PSU))


def check_exchanges(description: OpenAPI, findings: Findings) -> None:
    """Check the answers in the exchanges beside the banks of this standard."""
    for path in exchanges():
        for turn in read_exchange(path).turns:
            if "/v2_1_2.1/" in turn.path:
                body = turn.body.replace(REQUEST_ID, str(uuid.uuid1())).encode()
                before = len(findings.faults)
                check_answer(
                    description, f"/polish{turn.path.removeprefix('/polish')}", turn.status, body, findings
                )
                if len(findings.faults) > before:
                    findings.faults[-1] = f"{path.relative_to(ROOT)}: {findings.faults[-1]}"


async def run(specification: Path) -> Findings:
    """Run all checks.

    Raises: NoSpecification, if the standard's file is not there.
    """
    description = OpenAPI.from_dict(read_specification(specification))
    findings = Findings()
    await walk(description, findings)
    check_exchanges(description, findings)
    return findings


async def checks(specification: Path) -> list[Check]:
    """Run all checks, for the table of `python -m tools.conformance`.

    Raises: NoSpecification.
    """
    findings = await run(specification)
    count = sum(findings.checked.values())
    done = f"{len(_LOGINS)} sign-ins and the exchanges of the banks, {count} requests and answers"
    return [Check("PolishAPI", done, tuple(findings.faults))]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the checks and print what was found; 1 where something does not conform, 2 where it is unknown."""
    parser = argparse.ArgumentParser(prog="python -m tools.conformance.polish_api", description=__doc__)
    parser.add_argument("--spec", type=Path, default=Path(os.environ.get(VARIABLE, SPECIFICATION)))
    options = parser.parse_args(arguments)
    try:
        findings = asyncio.run(run(options.spec))
    except NoSpecification as missing:
        print(missing)
        return 2
    for name, count in sorted(findings.checked.items()):
        print(f"{count:6} {name}")
    print(f"{len(findings.faults)} violations")
    for fault in findings.faults[:50]:
        print(fault)
    return 1 if findings.faults else 0


if __name__ == "__main__":
    sys.exit(main())
