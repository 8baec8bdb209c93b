"""The client against a real Kontora and a real practice bank, over real HTTP."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import urllib3
from tests.client.conftest import PROMPT, ran
from tests.harness.processes import Site

from kontora.client import (
    AsyncKontora,
    CommandFailed,
    DefaultImport,
    Kontora,
    KontoraApiError,
    Session,
    StatementRefused,
)

pytestmark = pytest.mark.xdist_group("client")


def test_a_default_import_returns_everything(kontora: Kontora) -> None:
    seen: list[str] = []
    session = kontora.mock_session("test1", "pl", "o-1")
    result = kontora.default_import(session, on_progress=lambda told: seen.append(told.state))
    assert {owner.kind for owner in result.owners} == {"OWNER", "CO_OWNER"}
    assert len(result.accounts[0].money_transactions) == 72
    assert result.credit_cards is not None and len(result.credit_cards) == 1
    assert (seen[0], seen[-1]) == ("setup", "successful")
    assert session.owner_external_id == "o-1"


async def test_both_clients_read_the_same(url: str, key: str, kontora: Kontora) -> None:
    async with AsyncKontora(url, key, pacing=PROMPT) as other:
        session = await other.mock_session("coowners", "pl", "o-2")
        result = await other.default_import(session)
        data = await other.data("o-2")
        assert data == kontora.data("o-2")
        assert await other.health()
    assert data.targets[0].accounts == result.accounts
    assert data.created_at is not None


def test_an_owner_is_gone_once_deleted(kontora: Kontora) -> None:
    kontora.default_import(kontora.mock_session("test", "pl", "o-3"))
    kontora.delete_data("o-3")
    with pytest.raises(KontoraApiError) as refused:
        kontora.data("o-3")
    assert refused.value.name == "InvalidOwnerExternalId"


def test_single_commands_return_their_part(kontora: Kontora) -> None:
    session = kontora.mock_session("test1", "pl", "o-4")
    [account] = kontora.import_accounts(session)
    assert account.money_transactions == ()
    assert len(kontora.import_owners(session)) == 2
    assert len(kontora.import_account_transactions(session, account.iban)) == 72
    [card] = kontora.import_credit_cards(session)
    assert kontora.import_credit_card_transactions(session, card.card_id)
    kontora.sign_out(session)


def test_an_owner_signs_in_step_by_step(kontora: Kontora) -> None:
    session = kontora.open_session("KontoBankApi", "o-5", ip="203.0.113.7")
    [password] = kontora.enter_credential(session, "STATIC_LOGIN", "test")
    assert (password.kind, password.asterisked) == ("STATIC_PASSWORD", True)
    [code] = kontora.enter_credential(session, "STATIC_PASSWORD", "Test123")
    assert code.kind == "SMS_CODE"
    assert kontora.enter_credential(session, "SMS_CODE", "Test123") == ()
    assert kontora.default_import(session).accounts


def test_the_same_idempotency_key_starts_one_command(kontora: Kontora) -> None:
    session = kontora.mock_session("test", "pl", "o-6")
    first = kontora.start(session, DefaultImport(), idempotency_key="once")
    second = kontora.start(session, DefaultImport(), idempotency_key="once")
    assert first.id == second.id
    assert kontora.wait(first.id).state == "successful"
    with pytest.raises(KontoraApiError) as refused:
        kontora.default_import(session)
    assert refused.value.name == "DefaultImportAlreadyExecuted"


def test_what_the_bank_refuses_is_named(kontora: Kontora) -> None:
    with pytest.raises(KontoraApiError) as refused:
        kontora.mock_session("fail-InvalidCredentials")
    assert refused.value.name == "InvalidCredentials"
    with pytest.raises(CommandFailed) as failed:
        kontora.default_import(kontora.mock_session("fail-SessionExpired"))
    assert failed.value.name == "SessionExpired"
    assert kontora.status(failed.value.command_id).state == "error"


async def test_statements_and_confirmations_are_read_alike_by_both_clients(
    url: str, key: str, kontora: Kontora, site: Site
) -> None:
    pdf, confirming = issued(site, month="2026-10"), issued(site, kind="confirmation", numbers=[1])
    with pytest.raises(StatementRefused) as refusal:
        kontora.statement(pdf + b"\n% edited\n%%EOF\n", "pdf-1", evidence=True)
    assert refusal.value.name == "PdfVerificationFailed"
    assert refusal.value.failed_verifications
    assert (refusal.value.evidence_pdf or b"").startswith(b"%PDF")
    found = kontora.statement(pdf, "pdf-1", file_name="may.pdf")
    assert found.is_consistent and found.accounts[0].money_transactions
    (kept,) = kontora.statements("pdf-1", include_pdf=True)
    assert (kept.id, kept.file_name, kept.pdf) == (found.id, "may.pdf", pdf)
    (confirmed,) = kontora.confirmations(confirming).confirmations
    assert confirmed.booking_status == "booked"
    async with AsyncKontora(url, key, pacing=PROMPT) as other:
        again = await other.statement(pdf, "pdf-2")
        assert again.accounts == found.accounts
        assert [one.id for one in await other.statements("pdf-2")] == [again.id]
        assert (await other.confirmations(confirming)).confirmations == (confirmed,)


def test_a_file_is_sent_by_its_path_and_the_list_names_it(
    kontora: Kontora, site: Site, tmp_path: Path
) -> None:
    file = tmp_path / "wyciąg za maj.pdf"
    file.write_bytes(issued(site, month="2026-09"))
    found = kontora.statement(file, "pdf-3")
    (kept,) = kontora.statements("pdf-3", statement_id=found.id)
    assert (kept.file_name, kept.pdf) == ("wyciąg za maj.pdf", None)
    assert found.owners and found.accounts[0].iban.startswith("PL")
    [data] = kontora.data("pdf-3").targets
    assert data.name == found.target
    assert data.accounts[0].money_transactions == found.accounts[0].money_transactions


def test_the_catalogue_of_documents_keeps_apart_what_is_only_assumed(kontora: Kontora) -> None:
    catalog = kontora.pdf_catalog("pl")
    layouts = {layout.layout: layout for target in catalog.targets for layout in target.layouts}
    assumed = {layout.layout: layout for target in catalog.assumed for layout in target.layouts}
    assert layouts["kontobank-statement"].grade == "measured"
    assert layouts["mbank-confirmation"].is_consistent is None
    assert assumed["mbank-list"].is_consistent is False
    assert layouts.keys().isdisjoint(assumed)
    assert kontora.pdf_catalog("de").targets == ()


def issued(site: Site, **order: object) -> bytes:
    """Let the practice bank issue a document."""
    with urllib3.PoolManager() as http:
        answer = http.request("POST", f"{site.bank_url}/control/statement", json={"login": "single", **order})
        assert answer.status == 200
        return bytes(answer.data)


def test_a_foreign_session_is_refused(kontora: Kontora) -> None:
    with pytest.raises(KontoraApiError) as refused:
        kontora.default_import(Session("1", "0" * 64))
    assert (refused.value.status, refused.value.name) == (404, "InvalidSessionId")


def test_the_catalogue_names_the_practice_targets(kontora: Kontora) -> None:
    targets = {target.name: target for target in kontora.catalog("pl")}
    assert set(targets) == {"KontoBank", "KontoBankApi", "KontoBankPolishApi"}
    target = targets["KontoBankApi"]
    assert (target.institution, target.psd2) == ("KontoBank", True)
    assert "DefaultImportCommand" in target.commands


def test_a_key_that_the_command_line_revokes_is_refused_within_a_second(
    site: Site, url: str, key: str
) -> None:
    extra = ran(site, "key", "add", "acme-test").strip()
    with Kontora(url, extra) as kontora:
        assert kontora.catalog()
        ran(site, "key", "revoke", "acme-test", extra[:12])
        time.sleep(1.1)
        with pytest.raises(KontoraApiError) as refused:
            kontora.catalog()
    assert refused.value.name == "Unauthorized"
    assert extra[:12] in ran(site, "key", "list", "acme-test")
    assert extra not in ran(site, "key", "list", "acme-test")
