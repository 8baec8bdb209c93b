"""Both clients send files over real HTTP, to a server that answers what the test tells it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from tests.client.conftest import API_KEY, Caller, FakeServer
from tests.client.test_statement_replies import rendered
from tests.commands.scripted_reader import CONFIRMATION, FINDING, PDF, confirmations, reading

from kontora.client import KontoraApiError, KontoraUnreachable, PdfLayout, StatementRefused
from kontora.wire import statement_json

MakeCaller = Callable[..., Caller]


def told(body: bytes, status: int = 200, **headers: str) -> web.Response:
    return web.Response(status=status, body=body, headers={"Content-Type": "application/json", **headers})


def refused(status: int, name: str, *found: Any, more: Any = None, **headers: str) -> web.Response:
    return told(statement_json.render_refusal(name, "Why.", found, more=more or {}), status, **headers)


def lost(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def confirmed() -> web.Response:
    recognised = reading(layout="mbank-confirmation").recognised
    return told(
        statement_json.render_confirmations(recognised, confirmations(CONFIRMATION).confirmations, ())
    )


async def test_a_file_is_sent_with_all_that_is_said_of_it(server: FakeServer, caller: MakeCaller) -> None:
    server.answers = [told(rendered())]
    statement = await caller()(
        "statement", PDF, "o-1", file_name="maj.pdf", password="hasło", accept_inconsistent=True
    )
    assert statement.period_end == date(2026, 5, 31)
    [(method, path, _, headers)] = server.asked
    assert (method, path, headers["X-Api-Key"]) == ("POST", "/v1/pdf/statement", API_KEY)
    sent = json.loads(server.bodies[0])
    assert base64.b64decode(sent.pop("pdfAsBase64")) == PDF
    assert sent == {
        "ownerExternalId": "o-1",
        "fileName": "maj.pdf",
        "password": "hasło",
        "acceptInconsistent": True,
        "evidence": False,
    }


@pytest.mark.parametrize(("given", "name"), [(None, "wyciąg.pdf"), ("maj.pdf", "maj.pdf")])
async def test_a_path_is_read_and_tells_its_name_unless_another_is_given(
    server: FakeServer, caller: MakeCaller, tmp_path: Path, given: str | None, name: str
) -> None:
    server.answers = [told(rendered())]
    file = tmp_path / "wyciąg.pdf"
    file.write_bytes(PDF)
    await caller()("statement", file, "o-1", file_name=given, trusted=True)
    sent = json.loads(server.bodies[0])
    assert (base64.b64decode(sent["pdfAsBase64"]), sent["fileName"]) == (PDF, name)
    assert server.asked[0][1] == "/v1/pdf/statement-trusted"


async def test_a_file_that_is_not_there_is_told_before_anything_is_sent(
    server: FakeServer, caller: MakeCaller, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError):
        await caller()("statement", tmp_path / "gone.pdf", "o-1")
    assert server.asked == []


@pytest.mark.parametrize("method", ["statement", "confirmations"])
async def test_a_refusal_is_raised_with_what_was_found_and_the_evidence(
    server: FakeServer, caller: MakeCaller, method: str
) -> None:
    evidence = statement_json.evidence(b"%PDF-evidence")
    server.answers = [refused(422, "PdfVerificationFailed", FINDING, more=evidence)]
    with pytest.raises(StatementRefused) as refusal:
        await caller()(method, PDF, evidence=True)
    assert refusal.value.name == "PdfVerificationFailed"
    assert [(one.name, one.severity) for one in refusal.value.failed_verifications] == [("metadata", "LOW")]
    assert refusal.value.evidence_pdf == b"%PDF-evidence"
    assert json.loads(server.bodies[0])["evidence"] is True
    assert len(server.asked) == 1


async def test_a_statement_whose_answer_is_lost_is_not_sent_again(
    server: FakeServer, caller: MakeCaller
) -> None:
    server.answers = [lost, told(rendered())]
    with pytest.raises(KontoraUnreachable):
        await caller()("statement", PDF, "o-1")
    assert len(server.asked) == 1


async def test_confirmations_whose_answer_is_lost_are_sent_again(
    server: FakeServer, caller: MakeCaller
) -> None:
    server.answers = [lost, confirmed()]
    found = await caller()("confirmations", PDF)
    assert found.confirmations[0].booking_status == "booked"
    assert [asked[1] for asked in server.asked] == ["/v1/pdf/confirmation"] * 2


async def test_a_statement_that_found_no_place_is_sent_again_after_the_time_that_was_told(
    server: FakeServer, caller: MakeCaller
) -> None:
    server.answers = [refused(429, "JobsQuotaExceeded", **{"Retry-After": "3"}), told(rendered())]
    call = caller()
    assert (await call("statement", PDF, "o-1")).id == "7"
    assert [round(pause) for pause in call.pauses] == [3]
    assert server.bodies[0] == server.bodies[1]


async def test_a_body_over_the_limit_is_no_refusal_of_the_file(
    server: FakeServer, caller: MakeCaller
) -> None:
    server.answers = [refused(413, "BodyTooLarge")]
    with pytest.raises(KontoraApiError) as refusal:
        await caller()("statement", PDF)
    assert not isinstance(refusal.value, StatementRefused)


async def test_the_list_is_asked_for_by_owner_and_by_id(server: FakeServer, caller: MakeCaller) -> None:
    server.answers = [told(b'{"statements": []}')]
    call = caller()
    assert await call("statements", "o 1") == ()
    assert await call("statements", "o 1", include_pdf=True, statement_id="7") == ()
    assert [asked[1] for asked in server.asked] == [
        "/v1/pdf/statements?ownerExternalId=o+1&includePdf=false",
        "/v1/pdf/statements?ownerExternalId=o+1&includePdf=true&statementId=7",
    ]


async def test_the_catalogue_of_documents_is_read(server: FakeServer, caller: MakeCaller) -> None:
    layout = {"layout": "a-list", "documentType": "HISTORY", "title": "Lista", "isConsistent": False}
    bank = {"name": "A", "officialName": "Bank A", "country": "pl"}
    catalog = {
        "targets": [{**bank, "layouts": [{**layout, "grade": "measured", "isConsistent": None}]}],
        "assumed": [{**bank, "layouts": [{**layout, "grade": "assumed"}]}],
    }
    server.answers = [told(json.dumps(catalog).encode())]
    found = await caller()("pdf_catalog", "pl")
    assert server.asked[0][:2] == ("GET", "/v1/pdf-catalog?country=pl")
    [target] = found.targets
    assert (target.name, target.official_name, target.country) == ("A", "Bank A", "pl")
    assert target.layouts == (
        PdfLayout(layout="a-list", document_type="HISTORY", title="Lista", grade="measured"),
    )
    assert found.assumed[0].layouts[0].is_consistent is False
