"""Both clients send documents over real HTTP, to a server that answers what the test tells it."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from tests.client.conftest import API_KEY, Caller, FakeServer

from kontora.client import (
    AsyncKontora,
    Complaint,
    DocumentRefused,
    KontoraApiError,
    LabelledMoneyTransaction,
    Loan,
    UploadedOwner,
    Vendor,
)

MakeCaller = Callable[..., Caller]
PERIOD = (date(2026, 5, 1), date(2026, 10, 31))
KEPT: dict[str, Any] = {"requestId": "8812345678901234567"}
SUMMED = {
    "content": {
        "ownerExternalId": "o-1",
        "start": "2026-05-01",
        "end": "2026-10-31",
        "responseTimestamp": "2026-11-02T10:00:00Z",
    }
}


def told(document: Any, status: int = 200, **headers: str) -> web.Response:
    return web.Response(
        status=status,
        body=json.dumps(document).encode(),
        headers={"Content-Type": "application/json", **headers},
    )


def lost(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def test_a_mapping_is_sent_as_json_with_amounts_that_stay_exact(
    server: FakeServer, caller: MakeCaller
) -> None:
    server.answers = [told(KEPT)]
    amounts = {"a": Decimal("-1E+2"), "b": Decimal("0.10"), "c": -15, "d": date(2026, 5, 22), "e": None}
    kept = await caller()("upload_owner", {"ownerExternalId": "Łoś", "amounts": amounts})
    assert kept == UploadedOwner(request_id="8812345678901234567")
    [(method, path, _, headers)] = server.asked
    assert (method, path, headers["Content-Type"]) == ("POST", "/v1/owner", "application/json")
    assert "Content-Encoding" not in headers
    assert json.loads(server.bodies[0]) == {
        "ownerExternalId": "Łoś",
        "amounts": {"a": "-100", "b": "0.10", "c": -15, "d": "2026-05-22", "e": None},
    }


@pytest.mark.parametrize("value", [float("nan"), Decimal("NaN"), {1, 2}])
async def test_what_has_no_place_in_json_is_told_before_anything_is_sent(
    server: FakeServer, caller: MakeCaller, value: object
) -> None:
    with pytest.raises((ValueError, TypeError)):
        await caller()("upload_owner", {"ownerExternalId": "o-1", "country": value})
    assert server.asked == []


@pytest.mark.parametrize("as_file", [True, False])
async def test_json_is_sent_as_it_is_and_packed_where_it_is_large(
    server: FakeServer, caller: MakeCaller, tmp_path: Path, as_file: bool
) -> None:
    server.answers = [told(KEPT)]
    small, large = b'{"ownerExternalId":  "o-1"}', b'{"ownerExternalId": "o-1"' + b" " * 70_000 + b"}"
    file = tmp_path / "o-1.json"
    call = caller()
    for content in (small, large):
        file.write_bytes(content)
        await call("upload_owner", file if as_file else content)
    assert server.bodies[0] == small
    packings = [headers.get("Content-Encoding") for _, _, _, headers in server.asked]
    assert packings == [None, "gzip"]
    # The server behind the test has unpacked it already.
    assert server.bodies[1] == large


async def test_a_file_that_is_packed_already_is_not_packed_again(
    server: FakeServer, caller: MakeCaller, tmp_path: Path
) -> None:
    server.answers = [told(KEPT)]
    file = tmp_path / "o-1.json.gz"
    file.write_bytes(gzip.compress(b'{"ownerExternalId": "o-1"}'))
    await caller()("upload_owner", file)
    assert server.asked[0][3]["Content-Encoding"] == "gzip"
    assert server.bodies[0] == b'{"ownerExternalId": "o-1"}'


@pytest.mark.parametrize("method", ["upload_owner", "label_external_data"])
async def test_a_document_that_is_not_there_is_told_before_anything_is_sent(
    server: FakeServer, caller: MakeCaller, tmp_path: Path, method: str
) -> None:
    with pytest.raises(FileNotFoundError):
        await caller()(method, tmp_path / "gone.json")
    assert server.asked == []


async def test_an_event_loop_goes_on_while_a_file_is_read(server: FakeServer, tmp_path: Path) -> None:
    server.answers = [told(KEPT)]
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    went_on, in_time = threading.Event(), []

    def write_once_the_loop_went_on() -> None:
        in_time.append(went_on.wait(5))
        pipe.write_bytes(b"{}")

    writer = threading.Thread(target=write_once_the_loop_went_on)
    writer.start()
    async with AsyncKontora(server.url, API_KEY) as kontora:
        upload = asyncio.create_task(kontora.upload_owner(pipe))
        await asyncio.sleep(0.05)
        went_on.set()
        assert (await upload).request_id == KEPT["requestId"]
    writer.join()
    assert in_time == [True]


async def test_an_upload_whose_answer_is_lost_is_sent_again_with_the_same_key(
    server: FakeServer, caller: MakeCaller
) -> None:
    server.answers = [lost, told(KEPT)]
    call = caller()
    await call("upload_owner", {"ownerExternalId": "o-1"})
    first, second = (headers["Idempotency-Key"] for _, _, _, headers in server.asked)
    await call("upload_owner", {"ownerExternalId": "o-1"})
    await call("upload_owner", {"ownerExternalId": "o-1"}, idempotency_key="mine")
    other, mine = (headers["Idempotency-Key"] for _, _, _, headers in server.asked[2:])
    assert first == second != other
    assert mine == "mine"


async def test_warnings_and_refusals_name_parts_by_path(server: FakeServer, caller: MakeCaller) -> None:
    warnings = [{"path": "accounts[0].iban", "message": "The check digits do not match."}]
    errors = [
        {"path": "accounts[1].currencyName", "message": "It is missing."},
        {"path": "x", "message": "?"},
    ]
    exception = {"name": "InvalidParameter", "message": "accounts[1].currencyName: It is missing."}
    server.answers = [
        told(KEPT | {"warnings": warnings}),
        told({"exception": exception, "errors": errors}, 400),
        told({"exception": exception}, 400),
    ]
    call = caller()
    kept = await call("upload_owner", b"{}")
    assert kept.warnings == (Complaint("accounts[0].iban", "The check digits do not match."),)
    with pytest.raises(DocumentRefused) as refused:
        await call("upload_owner", b"{}")
    assert refused.value.errors == (
        Complaint("accounts[1].currencyName", "It is missing."),
        Complaint("x", "?"),
    )
    assert str(refused.value) == "400 InvalidParameter: accounts[1].currencyName: It is missing."
    with pytest.raises(KontoraApiError) as plain:
        await call("upload_owner", b"{}")
    assert not isinstance(plain.value, DocumentRefused)


@pytest.mark.parametrize(
    ("method", "given", "answer"),
    [
        ("label_external_data", ({"accounts": []},), {"content": {"moneyTransactions": []}}),
        ("accounts_summary", ("o-1", *PERIOD, ["balance"]), SUMMED),
        ("owner_summary", ("o-1", *PERIOD, ["balance"]), SUMMED),
        ("correct_label", ("incoming",), {"correctionId": "7"}),
    ],
)
async def test_what_does_no_harm_twice_is_sent_again_after_a_lost_answer(
    server: FakeServer, caller: MakeCaller, method: str, given: tuple[Any, ...], answer: Any
) -> None:
    server.answers = [lost, told(answer)]
    await caller()(method, *given)
    assert len(server.asked) == 2 and server.bodies[0] == server.bodies[1]


async def test_labels_come_back_by_the_callers_ids(server: FakeServer, caller: MakeCaller) -> None:
    rows = [
        {"id": "t1", "labels": ["grocery"], "vendors": [{"label": "grocery", "name": "Biedronka"}]},
        {"id": "t2", "labels": []},
    ]
    server.answers = [told({"content": {"moneyTransactions": rows}})]
    assert await caller()("label_external_data", b'{"accounts": []}') == (
        LabelledMoneyTransaction(
            id="t1", labels=frozenset({"grocery"}), vendors=(Vendor("grocery", "Biedronka"),)
        ),
        LabelledMoneyTransaction(id="t2", labels=frozenset()),
    )
    assert server.asked[0][:2] == ("POST", "/v1/external-data-labeling")
    assert server.bodies == [b'{"accounts": []}']


async def test_a_correction_says_what_it_fits_and_what_it_changes(
    server: FakeServer, caller: MakeCaller
) -> None:
    server.answers = [told({"correctionId": "7"}, 201), told({})]
    call = caller()
    assert await call("correct_label", "outgoing", party="Wrona", add=("rent",)) == "7"
    assert json.loads(server.bodies[0]) == {
        "direction": "outgoing",
        "party": "Wrona",
        "add": ["rent"],
        "remove": [],
    }
    assert await call("delete_label_correction", "7") is None
    assert server.asked[1][:2] == ("DELETE", "/v1/label-correction?correctionId=7")


@pytest.mark.parametrize(
    ("method", "monthly", "path"),
    [
        ("accounts_summary", False, "/v1/accounts-summary"),
        ("accounts_summary", True, "/v1/accounts-summary-with-monthly"),
        ("owner_summary", False, "/v1/owner-summary"),
        ("owner_summary", True, "/v1/owner-summary-with-monthly"),
    ],
)
async def test_a_summary_is_asked_for_by_owner_period_and_categories(
    server: FakeServer, caller: MakeCaller, method: str, monthly: bool, path: str
) -> None:
    server.answers = [told(SUMMED)]
    found = await caller()(method, "o-1", *PERIOD, iter(["label:salary", "balance"]), monthly=monthly)
    assert (found.owner_external_id, found.start, found.end) == ("o-1", *PERIOD)
    assert server.asked[0][:2] == ("POST", path)
    assert json.loads(server.bodies[0]) == {
        "ownerExternalId": "o-1",
        "start": "2026-05-01",
        "end": "2026-10-31",
        "categories": ["label:salary", "balance"],
    }


async def test_a_score_is_asked_for_with_what_is_known_of_the_loan(
    server: FakeServer, caller: MakeCaller
) -> None:
    server.answers = [web.Response(body=b"<reply><models/></reply>"), web.Response(body=b"# Card: m-1\n")]
    call = caller()
    assert await call("scores", "o-1", loan=Loan(amount=Decimal("2E+4"), months=24)) == ()
    assert await call("score_model_card", "m 1") == "# Card: m-1\n"
    assert [asked[1] for asked in server.asked] == [
        "/v1/owner-scores.xml?ownerExternalId=o-1&loanAmount=20000&loanMonths=24",
        "/v1/score-model-card?model=m+1",
    ]
