"""KontoBank against the Berlin Group's file: consents, accounts and card accounts."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench import stand

from tools.conformance.fuzz import Fuzzing, Known, fuzzed
from tools.conformance.prism import OPERATIONS
from tools.conformance.report import Check

PATHS = "^/v1/(consents|accounts|card-accounts)"
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
LOGIN = "many"
SLACK = 1.05  # schemathesis stops early where it runs out of ideas


async def checks(specification: Path, where: Path, *, cases: int, seed: int) -> list[Check]:
    """Fuzz every operation, with a valid consent and without; each must have succeeded at least once."""
    async with stand.bank(where) as bank:
        fuzzing = Fuzzing(
            name="KontoBank against the file",
            description=str(specification),
            url=bank.url,
            paths=PATHS,
            checks=CHECKS,
            cases_each=math.ceil(SLACK * cases / len(OPERATIONS)),
            seed=seed,
            known=await _known(bank),
        )
        found = await fuzzed(fuzzing, where)
        log = await bank.log()
    answered = {call["operation"] for call in log["log"] if call["status"] < 300}
    faults = [
        *found.faults,
        *(f"{operation} never answered 2xx" for *_, operation in OPERATIONS if operation not in answered),
        *(f"{count} answers {status}" for status, count in log["by_status"].items() if int(status) >= 500),
    ]
    done = f"{found.operations} operations, {found.cases} cases, {_statuses(log)}"
    return [Check(fuzzing.name, done, tuple(faults), found.cases)]


def _statuses(log: dict) -> str:
    counts = log["by_status"]
    return ", ".join(f"{status}: {counts[status]}" for status in sorted(counts))


async def _known(bank: stand.Bank) -> list[Known]:
    """Return ids that exist: of a consent that stays valid, one that is deleted, and one that waits."""
    kept, dropped = await bank.consent(LOGIN), await bank.consent(LOGIN)
    present = (["127.0.0.1"], 0.7)
    reading = {"header.Consent-ID": ([kept["consentId"]], 0.8), "header.PSU-IP-Address": present}
    item = {
        **reading,
        "path.account-id": (kept["accountIds"][:1], 0.9),
        "path.transactionId": (kept["transactionIds"][:1], 0.9),
    }
    account = {**reading, "path.account-id": (kept["accountIds"], 0.8)}
    until = (datetime.now(UTC).date() + timedelta(days=30)).isoformat()
    waiting = {
        "path.consentId": ([kept["waitingConsentId"]], 0.8),
        "path.authorisationId": ([kept["waitingAuthorisationId"]], 0.8),
    }
    return [
        Known("^/v1/accounts$", reading),
        Known("^/v1/accounts/.+/transactions/", item),
        Known("^/v1/accounts/[^/]+(/balances|/transactions)?$", account),
        Known("^/v1/card-accounts$", reading),
        Known("^/v1/card-accounts/", {**reading, "path.account-id": (kept["cardAccountIds"], 0.8)}),
        Known("^/v1/consents/[^/]+/authorisations", waiting),
        Known("^/v1/consents/[^/]+(/status)?$", {"path.consentId": ([kept["consentId"]], 0.8)}, "GET"),
        Known("^/v1/consents/[^/]+$", {"path.consentId": ([dropped["consentId"]], 0.8)}, "DELETE"),
        Known(
            "^/v1/consents$",
            {
                "header.PSU-IP-Address": present,
                "header.PSU-ID": (["test1"], 0.5),
                "body.validUntil": ([until], 0.9),
                "body.frequencyPerDay": ([1, 4], 0.9),
            },
        ),
    ]
