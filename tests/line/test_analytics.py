"""Analytics over the whole line: owners of the practice bank imported, labelled, summed up and scored."""

from __future__ import annotations

import asyncio
import base64
import json
import secrets
import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree
from tests.harness.callers import Caller, Reply
from tests.harness.towns import Town
from tests.line.conftest import OpenTown

from kontora.commands.reply_signatures import new_reply_key
from kontora.scores.model_file import DEFAULT
from kontora.store.database import Database

TODAY = date.today()
SUMMARIES = (
    "accounts-summary",
    "accounts-summary-with-monthly",
    "owner-summary",
    "owner-summary-with-monthly",
)
QUESTIONS = ("owner-income-confirmation", "owner-features", "profile", "owner-scores.xml")


@pytest.fixture(scope="session")
def wage_earner(town: Town) -> str:
    """An owner with a wage, imported once for all tests of this file."""
    owner = f"wage-{secrets.token_hex(4)}"
    assert town.imported("wage-earner", owner).state == "successful"
    return owner


def asked(owner: str, *categories: str, **changes: str) -> dict[str, Any]:
    period = {"start": str(TODAY - timedelta(days=180)), "end": str(TODAY)}
    return {"ownerExternalId": owner, "categories": categories} | period | changes


def summed(caller: Caller, path: str, request: dict[str, Any]) -> Reply:
    headers = {"Content-Type": "application/json"}
    return caller.send("POST", f"/v1/{path}", headers=headers, body=json.dumps(request).encode())


def content(reply: Reply) -> Any:
    assert reply.status == 200, reply.body
    return json.loads(reply.body)["content"]


def question(caller: Caller, path: str, owner: str, **headers: str) -> Reply:
    return caller.send("GET", f"/v1/{path}", {"ownerExternalId": owner}, headers)


def test_the_summary_agrees_with_the_owners_data(town: Town, wage_earner: str) -> None:
    told = content(
        summed(town.caller, "accounts-summary-with-monthly", asked(wage_earner, "allTransactions"))
    )
    data = etree.fromstring(
        town.caller.send("GET", "/v1/data.xml", {"ownerExternalId": wage_earner}).body.encode()
    )
    by_iban = {one.findtext("iban"): one for one in data.iter("account")}
    assert len(told["accounts"]) >= len(by_iban) > 0
    for account in told["accounts"]:
        if account["kind"] == "CREDIT_CARD":
            continue
        rows = [
            row
            for row in by_iban[account["iban"]].iter("moneyTransaction")
            if row.findtext("status") == "DONE"
            and told["start"] <= row.findtext("transactionOn") <= told["end"]
        ]
        everything = account["categories"][0]["all"]
        assert everything["count"] == len(rows)
        assert everything["total"] == pytest.approx(
            sum(float(row.findtext("currencyAmount")) for row in rows)
        )
        assert account["activeDays"] == len({row.findtext("transactionOn") for row in rows})
        assert sum(month["categories"][0]["all"]["count"] for month in account["months"]) == len(rows)


def test_a_wage_is_found_in_the_summary_in_income_in_features_in_the_profile_and_in_the_score(
    town: Town, wage_earner: str
) -> None:
    summary = content(summed(town.caller, "owner-summary", asked(wage_earner, "label:salary")))
    (currency,) = summary["currencies"]
    salaries = currency["categories"][0]["incoming"]
    assert salaries["count"] >= 5
    income = content(question(town.caller, "owner-income-confirmation", wage_earner))["incomes"][0]
    assert income["periods"][3]["salary"] >= salaries["average"] * 0.9
    features = content(question(town.caller, "owner-features", wage_earner))["features"]
    values = {one["name"]: one["value"] for one in features}
    assert values["salaryCount90d"] >= 3
    profile = content(question(town.caller, "profile", wage_earner))
    assert "regularEarner" in [one["name"] for one in profile["segments"]]
    reply = question(town.caller, "owner-scores.xml", wage_earner)
    assert reply.status == 200, reply.body
    model = etree.fromstring(reply.body.encode()).find("models/model")
    assert model is not None and 0 < float(model.findtext("scores/score/value")) < 1
    assert len(model.findall("explanations/explanation")) > 3


def test_a_signed_confirmation_holds_for_its_bytes_as_sent(
    town: Town, wage_earner: str, tmp_path: Path
) -> None:
    reply = question(
        town.caller, "owner-income-confirmation", wage_earner, **{"Accept-Signature": "SHA256withRSA"}
    )
    stranger = Caller(town.kontora.url, None, source="127.0.0.2")
    keys = stranger.send("GET", "/.well-known/jwks.json")
    stranger.close()
    (key,) = [one for one in json.loads(keys.body)["keys"] if one["kid"] == reply.headers["Signature-Key-Id"]]
    numbers = {name: int.from_bytes(base64.urlsafe_b64decode(key[name] + "==")) for name in ("e", "n")}
    signature = base64.b64decode(reply.headers["Signature"], validate=True)
    rsa.RSAPublicNumbers(**numbers).public_key().verify(
        signature, reply.body.encode(), padding.PKCS1v15(), hashes.SHA256()
    )
    (tmp_path / "body").write_text(reply.body)
    digest = subprocess.run(
        ["openssl", "dgst", "-sha256", "body"], check=True, cwd=tmp_path, capture_output=True, text=True
    )
    assert len(digest.stdout.split()[-1]) == 64


def test_a_model_and_keys_of_ones_own_take_the_place_of_those_that_come_along(
    open_town: OpenTown, tmp_path: Path
) -> None:
    model = json.loads(DEFAULT.read_bytes()) | {"id": "mine-1"}
    (tmp_path / "mine.json").write_text(json.dumps(model))
    (tmp_path / "mine.md").write_text("# Model card: mine-1\n")
    (tmp_path / "keys.pem").write_text(new_reply_key() + new_reply_key())
    (tmp_path / "keys.pem").chmod(0o600)
    town = open_town(score_model=str(tmp_path / "mine.json"), reply_keys_file=str(tmp_path / "keys.pem"))
    town.imported("wage-earner", "o-1")
    scores = question(town.caller, "owner-scores.xml", "o-1")
    assert scores.found(r'<model id="([^"]+)"') == "mine-1"
    assert (
        town.caller.send("GET", "/v1/score-model-card", {"model": "mine-1"}).body == "# Model card: mine-1\n"
    )
    keys = json.loads(town.caller.send("GET", "/.well-known/jwks.json").body)["keys"]
    signed = question(
        town.caller, "owner-income-confirmation", "o-1", **{"Accept-Signature": "SHA256withRSA"}
    )
    assert keys[0]["kid"] == signed.headers["Signature-Key-Id"]
    assert len(keys) == 2


def test_another_company_sees_nothing_of_it(town: Town, wage_earner: str) -> None:
    for path in SUMMARIES:
        reply = summed(town.rival, path, asked(wage_earner, "allTransactions"))
        assert (reply.status, reply.failure) == (404, "InvalidOwnerExternalId"), path
    for path in QUESTIONS:
        reply = question(town.rival, path, wage_earner)
        assert (reply.status, reply.failure) == (404, "InvalidOwnerExternalId"), path


def test_a_client_without_labels_or_scores_is_told_so(town: Town, wage_earner: str) -> None:
    key = town.site.add_client("plain-test", features=("pdf",))
    plain = Caller(town.kontora.url, key)
    for path in SUMMARIES:
        reply = summed(plain, path, asked(wage_earner, "allTransactions"))
        assert (reply.status, reply.failure) == (400, "CommandNotAvailable"), path
    for path in QUESTIONS:
        assert question(plain, path, wage_earner).failure == "CommandNotAvailable", path
    assert plain.send("GET", "/v1/score-model-card").failure == "CommandNotAvailable"
    plain.close()


def test_income_is_billed_once_and_each_score_by_itself(town: Town) -> None:
    owner = f"billed-{secrets.token_hex(4)}"
    town.imported("pensioner", owner)
    before = asyncio.run(counted(town))
    for _ in range(3):
        assert question(town.caller, "owner-income-confirmation", owner).status == 200
        assert question(town.caller, "owner-scores.xml", owner).status == 200
    after = asyncio.run(counted(town))
    assert after["income_read"] - before.get("income_read", 0) == 3
    assert after["income_confirmed"] - before.get("income_confirmed", 0) == 1
    assert after["score_calculated"] - before.get("score_calculated", 0) == 3


async def counted(town: Town) -> dict[str, int]:
    """Count events by kind."""
    database = await Database.open(town.database_url)
    try:
        async with database.connection() as db:
            cursor = await db.execute("select kind, count(*) from event group by kind")
            return {row[0]: row[1] for row in await cursor.fetchall()}
    finally:
        await database.close()


@pytest.mark.parametrize(
    ("login", "segment"),
    [
        ("pensioner", "pensioner"),
        ("sole-trader", "selfEmployed"),
        ("over-indebted", "borrower"),
    ],
)
def test_the_stories_of_the_practice_bank_show_in_the_profile(town: Town, login: str, segment: str) -> None:
    owner = f"{login}-{secrets.token_hex(4)}"
    town.imported(login, owner)
    segments = content(question(town.caller, "profile", owner))["segments"]
    assert segment in [one["name"] for one in segments], segments
