"""Corrections of labels and labelling of external data over HTTP: shapes to the letter, refusals by path."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from tests.api.conftest import KEY, OTHER_KEY, Reply, RunningApi
from tests.labels.building import OWN

from kontora.commands.answers import Client
from kontora.commands.label_corrections import Said
from kontora.errors import LabelCorrectionLimitExceeded, LabelsFailed

JSON = {"Content-Type": "application/json"}
CORRECTION = "/v1/label-correction"
EXTERNAL = "/v1/external-data-labeling"
SAID: dict[str, Any] = {"party": "Jan Kruk", "direction": "outgoing", "add": ["rent"], "remove": ["internal"]}


def post(api: RunningApi, path: str, document: Any, *, key: str = KEY) -> Reply:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return api.send("POST", path, key=key, body=body, headers=JSON)


def exception(reply: Reply) -> tuple[int, str]:
    return reply.status, json.loads(reply.body)["exception"]["name"]


def paths(reply: Reply) -> list[str]:
    assert exception(reply) == (400, "InvalidParameter")
    return [one["path"] for one in json.loads(reply.body)["errors"]]


def external(*items: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"country": "pl", "accounts": [{"iban": OWN, "moneyTransactions": list(items)}]} | fields


def row(name: str = "t1", **fields: Any) -> dict[str, Any]:
    told = {"id": name, "transactionOn": "2026-05-17", "currencyAmount": -15.00, "party": "BIEDRONKA 123"}
    return told | fields


def test_a_correction_is_kept_listed_and_taken_back(api: RunningApi) -> None:
    added = post(api, CORRECTION, SAID)
    assert (added.status, json.loads(added.body)) == (201, {"correctionId": "1"})
    assert api.labels.said == [Said("Jan Kruk", None, False, ("rent",), ("own transfer",))]
    listed = json.loads(api.get("/v1/label-corrections").body)
    assert listed == {
        "corrections": [
            {
                "correctionId": "1",
                "party": "Jan Kruk",
                "title": None,
                "direction": "outgoing",
                "add": ["rent"],
                "remove": ["own transfer"],
                "madeAt": "2026-11-20T10:00:00Z",
            }
        ]
    }
    removed = api.send("DELETE", f"{CORRECTION}?correctionId=1")
    assert (removed.status, removed.body) == (200, b"{}")
    assert exception(api.send("DELETE", f"{CORRECTION}?correctionId=1")) == (404, "InvalidCorrectionId")


@pytest.mark.parametrize(
    ("names", "direction", "meant"),
    [
        (["salary", "extra pay"], "incoming", ("salary", "bonus")),
        (["500+", "child benefit"], "incoming", ("child benefit",)),
        (["bank"], "incoming", ("loan payout",)),
        (["bank", "credit card"], "outgoing", ("loan repayment", "credit card repayment")),
    ],
)
def test_labels_are_given_by_our_names_or_by_those_that_clients_know(
    api: RunningApi, names: list[str], direction: str, meant: tuple[str, ...]
) -> None:
    assert post(api, CORRECTION, {"title": "x", "direction": direction, "add": names}).status == 201
    assert api.labels.said[0].add == meant


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"direction": None}, ["direction"]),
        ({"direction": "sideways"}, ["direction"]),
        ({"party": None}, ["party"]),
        ({"party": ""}, ["party"]),
        ({"party": "x" * 501}, ["party"]),
        ({"title": "!!"}, ["title"]),
        ({"add": None, "remove": []}, ["add"]),
        ({"add": "rent"}, ["add"]),
        ({"add": ["rent"] * 21}, ["add"]),
        ({"add": ["gorcery", "salary"]}, ["add[0]", "add[1]"]),
        ({"add": ["monthly"]}, ["add[0]"]),
        ({"remove": ["repayment"]}, ["remove[0]"]),
        ({"add": ["mortgage"], "remove": ["loan"]}, ["remove"]),
    ],
)
def test_a_correction_that_cannot_be_is_refused_by_path(
    api: RunningApi, change: dict[str, Any], wrong: list[str]
) -> None:
    reply = post(api, CORRECTION, SAID | change)
    assert paths(reply) == wrong
    assert api.labels.said == []
    assert b"gorcery" not in reply.body and b"sideways" not in reply.body


def test_a_name_of_several_labels_is_refused_with_their_names(api: RunningApi) -> None:
    reply = post(api, CORRECTION, SAID | {"remove": ["repayment"]})
    assert "loan repayment, payday loan repayment" in json.loads(reply.body)["errors"][0]["message"]


@pytest.mark.parametrize("path", [CORRECTION, EXTERNAL])
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b'{"a":1,"a":2}', b"\xff", b"[" * 50_000])
def test_a_body_that_is_no_such_object_is_refused(api: RunningApi, path: str, body: bytes) -> None:
    assert exception(post(api, path, body)) == (400, "InvalidParameter")


@pytest.mark.parametrize("path", [CORRECTION, EXTERNAL])
def test_a_body_of_another_type_is_refused(api: RunningApi, path: str) -> None:
    reply = api.send("POST", path, body=b"a=b", headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert exception(reply) == (415, "UnsupportedMediaType")


def test_fields_that_are_not_known_are_ignored(api: RunningApi) -> None:
    assert post(api, CORRECTION, SAID | {"note": "x"}).status == 201
    assert post(api, EXTERNAL, external(row(bookedOn="2026-05-18", status="DONE"), more=1)).status == 200
    assert api.get("/v1/label-corrections?x=1").status == 200


@pytest.mark.parametrize("given", ["", "x", "-1", "9" * 20, "٣"])
def test_an_id_that_is_none_is_unknown(api: RunningApi, given: str) -> None:
    reply = api.send("DELETE", f"{CORRECTION}?correctionId={quote(given)}")
    assert exception(reply) == ((404, "InvalidCorrectionId") if given else (400, "InvalidParameter"))


def test_limits_and_failures_have_their_names(api: RunningApi) -> None:
    api.labels.failure = LabelCorrectionLimitExceeded()
    assert exception(post(api, CORRECTION, SAID)) == (400, "LabelCorrectionLimitExceeded")
    api.labels.failure = LabelsFailed()
    assert exception(post(api, EXTERNAL, external(row()))) == (500, "LabelsFailed")


def test_without_labels_none_of_it_is_available(api: RunningApi) -> None:
    assert exception(post(api, CORRECTION, SAID, key=OTHER_KEY)) == (400, "CommandNotAvailable")
    assert exception(post(api, EXTERNAL, external(row()), key=OTHER_KEY)) == (400, "CommandNotAvailable")
    assert api.labels.said == api.labels.labelled == []


def test_external_data_is_labelled_in_the_order_of_the_request(api: RunningApi) -> None:
    bonus = row("b", currencyAmount="100.00", title="premia", party="Firma")
    reply = post(api, EXTERNAL, external(row("a"), bonus, row("c", party=None)))
    assert reply.status == 200
    assert json.loads(reply.body) == {
        "content": {
            "moneyTransactions": [
                {"id": "a", "labels": ["grocery"]},
                {"id": "b", "labels": ["compensation", "extra pay"]},
                {"id": "c", "labels": []},
            ]
        }
    }


def test_vendors_are_told_where_they_are_switched_on(api: RunningApi) -> None:
    api.directory.add(KEY, Client("acme-test", "test", ("127.0.0.1",), features=("labels", "vendors")))
    (told,) = json.loads(post(api, EXTERNAL, external(row())).body)["content"]["moneyTransactions"]
    assert told == {
        "id": "t1",
        "labels": ["grocery"],
        "vendors": [{"label": "grocery", "name": "Biedronka"}],
    }


def test_owners_and_numbers_count_and_the_country_is_poland_unless_given(api: RunningApi) -> None:
    items = (row("a", party="Kowalski Jan"), row("b", party="Anna", partyIban=OWN))
    body = external(*items, owners=[{"name": "Jan Kowalski"}])
    del body["country"]
    told = json.loads(post(api, EXTERNAL, body).body)["content"]["moneyTransactions"]
    assert [one["labels"] for one in told] == [["internal"], ["internal"]]
    assert api.labels.labelled[0].country == "pl"


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"country": "pl"}, ["accounts"]),
        (external(row(), country="de"), ["country"]),
        (external(row("a"), row("a")), ["accounts[0].moneyTransactions[1].id"]),
        (external(row(transactionOn="2026-13-45")), ["accounts[0].moneyTransactions[0].transactionOn"]),
        (external(row(currencyAmount="NaN")), ["accounts[0].moneyTransactions[0].currencyAmount"]),
        (external(row(currencyAmount="1e400")), ["accounts[0].moneyTransactions[0].currencyAmount"]),
        (
            external({"id": "a"}),
            [f"accounts[0].moneyTransactions[0].{n}" for n in ("transactionOn", "currencyAmount")],
        ),
        (external(row(title="x" * 2001)), ["accounts[0].moneyTransactions[0].title"]),
        (external(*(row(str(n)) for n in range(10_001))), ["accounts"]),
    ],
)
def test_external_data_that_cannot_be_is_refused_by_path(
    api: RunningApi, body: dict[str, Any], wrong: list[str]
) -> None:
    assert paths(post(api, EXTERNAL, body)) == wrong
    assert api.labels.labelled == []


def test_ten_thousand_money_transactions_are_labelled_and_a_body_over_the_limit_is_not_read(
    api: RunningApi,
) -> None:
    reply = post(api, EXTERNAL, external(*(row(str(n)) for n in range(10_000))))
    assert len(json.loads(reply.body)["content"]["moneyTransactions"]) == 10_000
    assert exception(post(api, EXTERNAL, b" " * (10 * 1024 * 1024 + 1))) == (413, "BodyTooLarge")
