"""Labels over the whole line: in results, owners' data and statements; corrected, switched on, and off."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from lxml import etree
from tests.harness.callers import Caller, Reply
from tests.harness.towns import Town
from tests.line.test_statements import issued, sent

JSON = {"Content-Type": "application/json"}
WAGE = "Wynagrodzenie za pracę"
LABELS_OF_A_WAGE = {"compensation", "salary", "regular wage"}
EMPLOYER = "NORDVIK LOGISTYKA SP. Z O.O. UL. MAGAZYNOWA 4 05-850 OŻARÓW"


def owner() -> str:
    """An owner of the test's own."""
    return f"labels-{secrets.token_hex(6)}"


def rows(body: str) -> list[Any]:
    """The money transactions of a reply."""
    return list(etree.fromstring(body.encode()).iter("moneyTransaction"))


def labels(row: Any) -> set[str]:
    return {label.text for label in row.iterfind("labels/label")}


def of_title(body: str, title: str) -> list[set[str]]:
    found = [labels(row) for row in rows(body) if row.findtext("title") == title]
    assert found, f"no money transaction is called {title}"
    return found


def data(caller: Caller, name: str) -> str:
    reply = caller.send("GET", "/v1/data.xml", {"ownerExternalId": name})
    assert reply.status == 200, reply.body
    return reply.body


def correct(caller: Caller, **said: Any) -> str:
    reply = caller.send("POST", "/v1/label-correction", headers=JSON, body=json.dumps(said).encode())
    assert reply.status == 201, reply.body
    return str(json.loads(reply.body)["correctionId"])


@contextmanager
def company(town: Town, *features: str) -> Iterator[tuple[Caller, str]]:
    """A caller for a new company with these features, and its name."""
    name = f"company-{secrets.token_hex(4)}-test"
    caller = Caller(town.kontora.url, town.site.add_client(name, features=features))
    try:
        yield caller, name
    finally:
        caller.close()


def imported(caller: Caller, login: str, name: str, country: str = "pl") -> Reply:
    started = caller.start(caller.session(login, name, country))
    reply = caller.ended(started.command_id)
    assert reply.state == "successful", reply.body
    return reply


def test_a_new_company_gets_labels_in_the_result_and_in_the_owners_data(town: Town) -> None:
    name = owner()
    result = imported(town.caller, "test1", name)
    for body in (result.body, data(town.caller, name)):
        assert all(found >= LABELS_OF_A_WAGE for found in of_title(body, WAGE))
        benefits = [found for row in rows(body) if "500+" in (found := labels(row))]
        assert benefits and all("welfare" in found for found in benefits)
        assert not any(
            labels(row) & {"child benefit", "social benefit", "own transfer"} for row in rows(body)
        )
        tags = [[child.tag for child in row] for row in rows(body)]
        assert all(row.index("labels") == len(row) - 1 for row in tags if "labels" in row)
        assert "<vendors>" not in body


def test_labels_stand_in_the_order_of_the_taxonomy(town: Town) -> None:
    result = imported(town.caller, "test1", owner())
    wages = [
        [label.text for label in row.iterfind("labels/label")]
        for row in rows(result.body)
        if row.findtext("title") == WAGE
    ]
    assert ["monthly", "compensation", "salary", "regular wage"] in wages


def test_without_the_feature_there_are_no_labels_and_switched_on_they_stand_on_history(town: Town) -> None:
    name = owner()
    with company(town, "pdf") as (caller, company_name):
        result = imported(caller, "test1", name)
        assert "<label" not in result.body and "<label" not in data(caller, name)
        with psycopg.connect(town.database_url) as db:
            db.execute("update client set features = '{labels}' where id = %s", (company_name,))
        # What a client may do is remembered for a second.
        deadline = time.monotonic() + 3
        while "<label>" not in (body := data(caller, name)) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert of_title(body, WAGE)[0] >= LABELS_OF_A_WAGE


def test_vendors_stand_beside_labels_where_they_are_switched_on(town: Town) -> None:
    name = owner()
    with company(town, "labels", "vendors") as (caller, _):
        body = imported(caller, "test1", name).body
        for told in (body, data(caller, name)):
            bought = [row for row in rows(told) if (row.findtext("title") or "").startswith("BIEDRONKA")]
            assert bought
            for row in bought:
                assert "grocery" in labels(row)
                (vendor,) = row.iterfind("vendors/vendor")
                assert (vendor.get("label"), vendor.text) == ("grocery", "Biedronka")


def test_a_correction_changes_history_at_once_and_another_companys_nothing(town: Town) -> None:
    with company(town, "labels") as (caller, _), company(town, "labels") as (rival, _):
        name = owner()
        imported(caller, "test1", name)
        imported(rival, "test1", name)
        before = of_title(data(caller, name), WAGE)
        said = {"party": EMPLOYER, "title": "wynagrodzenie", "direction": "incoming", "add": ["pension"]}
        correction = correct(caller, **said, remove=["compensation"])
        for body in (data(caller, name), imported(caller, "test1", owner()).body):
            for found in of_title(body, WAGE):
                assert "pension" in found and not found & LABELS_OF_A_WAGE
        assert of_title(data(rival, name), WAGE) == before
        listed = json.loads(rival.send("GET", "/v1/label-corrections").body)
        assert listed == {"corrections": []}
        path = "/v1/label-correction"
        assert rival.send("DELETE", path, {"correctionId": correction}).status == 404
        assert caller.send("DELETE", path, {"correctionId": correction}).status == 200
        assert of_title(data(caller, name), WAGE) == before


def test_a_statement_has_the_labels_of_the_import_for_the_same_money_transactions(town: Town) -> None:
    result = imported(town.caller, "test1", owner())
    account = etree.fromstring(result.body.encode()).find(".//account")
    assert account is not None
    of_bank = {_key(row): labels(row) for row in account.iter("moneyTransaction")}
    first = min(key[0] for key in of_bank)
    pdf = issued(town, "test1", kind="history", **{"from": first})
    in_xml = sent(town.caller, "/v1/statement.xml", pdf, ownerExternalId=owner())
    of_statement = {_key(row): labels(row) for row in rows(in_xml.body)}
    assert len(of_statement) > 50
    assert {key: of_bank.get(key) for key in of_statement} == of_statement
    in_json = json.loads(sent(town.caller, "/v1/pdf/statement", pdf, ownerExternalId=owner()).body)
    told = [item for one in in_json["accounts"] for item in one["moneyTransactions"]]
    assert [set(item["labels"]) for item in told] == [labels(row) for row in rows(in_xml.body)]
    assert "vendors" not in told[0]


def _key(row: Any) -> tuple[str, str, str, str]:
    day, amount = row.findtext("transactionOn"), row.findtext("currencyAmount")
    return day, amount, row.findtext("title") or "", row.findtext("currencyBalance") or ""


def test_a_confirmation_has_labels_too(town: Town) -> None:
    pdf = issued(town, "single", kind="confirmation", numbers=[1, 2])
    with company(town, "labels", "vendors", "pdf") as (caller, _):
        told = json.loads(sent(caller, "/v1/pdf/confirmation", pdf).body)["confirmations"]
        assert told and all({"labels", "vendors"} <= one.keys() for one in told)
    with company(town, "pdf") as (caller, _):
        told = json.loads(sent(caller, "/v1/pdf/confirmation", pdf).body)["confirmations"]
        assert told and not any({"labels", "vendors"} & one.keys() for one in told)


def uploaded(caller: Caller, name: str, *items: dict[str, Any], **fields: Any) -> None:
    account = {
        "iban": "PL26137013140000000000000001",
        "currencyName": "PLN",
        "moneyTransactions": [
            {"transactionOn": "2026-05-22", "currencyAmount": -15} | item for item in items
        ],
    }
    body = {"ownerExternalId": name, "accounts": [account]} | fields
    reply = caller.send("POST", "/v1/owner", headers=JSON, body=json.dumps(body).encode())
    assert reply.status == 200, reply.body


def test_data_of_a_country_without_rules_has_no_labels_and_no_error(town: Town) -> None:
    name = owner()
    uploaded(town.caller, name, {"title": "ZAKUPY", "party": "BIEDRONKA 123"}, country="de")
    body = data(town.caller, name)
    assert len(rows(body)) == 1 and "<label" not in body


def test_a_transfer_to_an_uploaded_account_of_the_same_owner_is_seen_in_the_owners_data(town: Town) -> None:
    name = owner()
    result = imported(town.caller, "test1", name)
    iban = etree.fromstring(result.body.encode()).findtext(".//account/iban")
    uploaded(town.caller, name, {"title": "x", "party": "Ktoś Inny", "partyIban": iban})
    (found,) = of_title(data(town.caller, name), "x")
    assert "internal" in found


def test_external_data_is_labelled_as_an_import_is_and_leaves_nothing_but_a_number(town: Town) -> None:
    result = imported(town.caller, "test1", owner())
    account = etree.fromstring(result.body.encode()).find(".//account")
    assert account is not None
    names = ("transactionOn", "currencyAmount", "title", "party", "partyIban", "kind")
    items = [
        {"id": str(place)} | {name: row.findtext(name) for name in names}
        for place, row in enumerate(account.iter("moneyTransaction"))
    ]
    owners = etree.fromstring(result.body.encode()).iterfind(".//owners/owner/name")
    asked = {
        "country": "pl",
        "owners": [{"name": one.text} for one in owners],
        "accounts": [{"iban": account.findtext("iban"), "moneyTransactions": items}],
    }
    before = stored(town)
    reply = town.caller.send(
        "POST", "/v1/external-data-labeling", headers=JSON, body=json.dumps(asked).encode()
    )
    assert reply.status == 200, reply.body
    told = json.loads(reply.body)["content"]["moneyTransactions"]
    assert [one["id"] for one in told] == [item["id"] for item in items]
    assert [set(one["labels"]) for one in told] == [labels(row) for row in account.iter("moneyTransaction")]
    after = stored(town)
    (event,) = set(after.pop("event")) - set(before.pop("event"))
    assert "external_data_labelled" in event and f'"money_transactions": {len(items)}' in event
    assert after == before
    deadline = time.monotonic() + 5
    while "external-data-labeling" not in (log := town.kontora.logged()) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert "external-data-labeling" in log and WAGE not in log


def stored(town: Town) -> dict[str, list[str]]:
    """Every row of every table, but for those of the queue, and the health of targets."""
    with psycopg.connect(town.database_url) as db:
        tables = db.execute(
            "select tablename from pg_tables where schemaname = 'public'"
            " and tablename not like 'procrastinate%' and tablename not like 'target%'"
        ).fetchall()
        return {
            name: sorted(row[0] for row in db.execute(f"select row_to_json(t)::text from {name} t"))
            for (name,) in tables
        }


def test_another_companys_owner_is_unknown(town: Town) -> None:
    name = owner()
    imported(town.caller, "test1", name)
    assert (
        town.rival.send("GET", "/v1/data.xml", {"ownerExternalId": name}).failure == "InvalidOwnerExternalId"
    )
