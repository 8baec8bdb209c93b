"""A page that is not understood: a named failure, nothing stored but a redacted copy for the operator."""

from __future__ import annotations

import pytest
from tests.widget.conftest import Server
from tests.widget.owners import Browser
from tests.widget.test_signing_in import session_of

from kontora.client import AsyncKontora, CommandFailed


async def test_a_page_that_changed_during_sign_in_is_kept_redacted_by_the_child_that_met_it(
    browser: Browser, server: Server
) -> None:
    visit = await browser.open(ownerExternalId="drift-1")
    await visit.choose(target="KontoBank")
    state = await visit.sign_in("drift-question")
    assert (state["state"], state["failure"]["exception"]) == ("failed", "BankChanged")
    assert_kept_without_the_owner(server, "drift-question")


async def test_a_page_that_changed_during_an_import_is_kept_and_nothing_of_the_owner_is_stored(
    browser: Browser, lender: AsyncKontora, server: Server
) -> None:
    visit = await browser.open(ownerExternalId="drift-2")
    await visit.choose(target="KontoBank")
    state = await visit.sign_in("drift-column")
    assert state["state"] == "signedIn"
    with pytest.raises(CommandFailed) as failed:
        await lender.default_import(session_of(state))
    assert failed.value.name == "BankChanged"
    assert "KontoBank" in failed.value.message
    session_id = int(state["signedIn"]["sessionId"])
    assert server.rows("select count(*) from import where session_id = %s", session_id) == [(0,)]
    assert_kept_without_the_owner(server, "drift-column")


def assert_kept_without_the_owner(server: Server, login: str) -> None:
    folder = server.folder / "data" / "unknown-pages"
    copies = sorted(folder.glob("KontoBank.*.html"))
    assert copies
    text = copies[-1].read_text()
    assert "<" in text
    for told in (login, "Test123", "PL"):
        assert told not in text
