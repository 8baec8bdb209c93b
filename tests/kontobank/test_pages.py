"""The owner on the pages of the bank, and what the third party gets for it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.kontobank.party import (
    CALLBACK,
    NO_CALLBACK,
    OFFERED,
    VERIFIER,
    WHOLE,
    Owner,
    Party,
    Reply,
    authorize_query,
)

LOGIN = (("login", "many"), ("password", "Test123"))


async def ask(party: Party, body: Any = OFFERED, **headers: str) -> Reply:
    """Ask for a consent that the owner confirms on the pages."""
    sent = {"TPP_Redirect_Preferred": "true", "TPP_Redirect_URI": CALLBACK, **headers}
    return await party.call("POST", "/v1/consents", json=body, **sent)


async def open_pages(party: Party, owner: Owner, body: Any = OFFERED, **headers: str) -> str:
    """Send the owner to the pages through OAuth; return the consent."""
    made = await ask(party, body, **headers)
    metadata = (await party.get(made.body["_links"]["scaOAuth"]["href"])).body
    await owner.open(f"{metadata['authorization_endpoint']}?{authorize_query(made.body['consentId'])}")
    assert owner.status == 200, owner.page
    return str(made.body["consentId"])


async def exchange(party: Party, **form: str) -> Reply:
    """Ask the token endpoint."""
    async with party.http.post(f"{party.url}/oauth/token", data={"client_id": "party", **form}) as reply:
        return Reply(reply.status, dict(reply.headers), await reply.read(), await reply.json())


async def redeem(party: Party, code: str, **other: str) -> Reply:
    """Exchange a code for tokens."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    return await exchange(party, **{**form, **other})


async def confirm(party: Party, owner: Owner, login: str, body: Any = WHOLE) -> tuple[str, str]:
    """Let the owner confirm everything; return the consent and the code."""
    consent_id = await open_pages(party, owner, body)
    await owner.enter(("login", login), ("password", "Test123"))
    await owner.enter(("account", "0"))
    await owner.enter(("code", "Test123"))
    return consent_id, owner.answer()["code"]


async def test_an_owner_chooses_accounts_and_the_party_reads_those(party: Party, owner: Owner) -> None:
    consent_id = await open_pages(party, owner)
    await owner.enter(*LOGIN)
    assert owner.page.count('name="account"') == 7
    await owner.enter(("account", "1"), ("account", "6"))
    assert "2 of your accounts" in owner.page
    await owner.enter(("code", "Test123"))

    assert owner.address.startswith(CALLBACK)
    assert owner.answer()["state"] == "one-time"
    tokens = (await redeem(party, owner.answer()["code"])).body
    assert (tokens["token_type"], tokens["scope"]) == ("Bearer", f"AIS:{consent_id}")
    party.headers |= {"Consent-ID": consent_id, "Authorization": f"Bearer {tokens['access_token']}"}
    assert len(await party.accounts()) == 1
    assert len((await party.get("/v1/card-accounts")).body["cardAccounts"]) == 1
    assert (await party.get(f"/v1/consents/{consent_id}/status")).body == {"consentStatus": "valid"}


async def test_a_consent_from_oauth_needs_its_token(party: Party, owner: Owner) -> None:
    consent_id, code = await confirm(party, owner, "single")
    token = (await redeem(party, code)).body["access_token"]
    other_consent, _ = await confirm(party, owner, "single")

    assert (await party.get("/v1/accounts", Consent_ID=consent_id)).code == "TOKEN_UNKNOWN"
    crossed = await party.get("/v1/accounts", Consent_ID=other_consent, Authorization=f"Bearer {token}")
    assert (crossed.status, crossed.code) == (401, "TOKEN_UNKNOWN")


async def test_a_code_works_once_and_for_its_party_only(party: Party, owner: Owner) -> None:
    _, code = await confirm(party, owner, "single")
    assert (await redeem(party, code)).status == 200
    assert (await redeem(party, code)).body["error"] == "invalid_grant"
    for wrong in ({"client_id": "thief"}, {"code_verifier": "x" * 43}, {"redirect_uri": NO_CALLBACK}):
        _, code = await confirm(party, owner, "single")
        assert (await redeem(party, code, **wrong)).body["error"] == "invalid_grant"


async def test_a_refresh_token_works_once(party: Party, owner: Owner) -> None:
    _, code = await confirm(party, owner, "single")
    first = (await redeem(party, code)).body
    second = await exchange(party, grant_type="refresh_token", refresh_token=first["refresh_token"])
    again = await exchange(party, grant_type="refresh_token", refresh_token=first["refresh_token"])

    assert second.body["refresh_token"] != first["refresh_token"]
    assert (again.status, again.body["error"]) == (400, "invalid_grant")


async def test_access_tokens_of_login_refresh_live_one_second(party: Party, owner: Owner) -> None:
    consent_id, code = await confirm(party, owner, "refresh")
    assert (await redeem(party, code)).body["expires_in"] == 1
    assert consent_id


@pytest.mark.parametrize(
    "wrong",
    [
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
        {"response_type": "token"},
        {"client_id": ""},
    ],
)
async def test_a_wrong_oauth_request_goes_back_to_the_party(
    party: Party, owner: Owner, wrong: dict[str, str]
) -> None:
    made = await ask(party)
    query = authorize_query(made.body["consentId"], **wrong)
    reply = await party.get(f"{party.url}/oauth/authorize?{query}")
    owner.address = reply.headers["location"]

    assert owner.address.startswith(CALLBACK)
    assert owner.answer()["error"] in ("invalid_request", "unsupported_response_type")
    assert owner.answer()["state"] == "one-time"


async def test_nobody_is_sent_to_an_address_that_the_consent_does_not_name(party: Party) -> None:
    made = await ask(party)
    query = authorize_query(made.body["consentId"], redirect_uri="https://evil.example/")
    reply = await party.get(f"{party.url}/oauth/authorize?{query}")

    assert reply.status == 400
    assert "location" not in reply.headers


async def test_a_plain_redirect_comes_back_without_a_code(party: Party, owner: Owner) -> None:
    made = await ask(party, WHOLE, X_KontoBank_Sca="redirect")
    await owner.open(made.body["_links"]["scaRedirect"]["href"])
    await owner.enter(*LOGIN)
    assert 'type="checkbox"' not in owner.page
    await owner.enter()
    await owner.enter(("code", "Test123"))

    assert owner.address == CALLBACK
    assert (await party.get("/v1/accounts", Consent_ID=made.body["consentId"])).status == 200


async def test_an_explicit_start_gives_the_way_to_the_pages_in_its_answer(party: Party) -> None:
    made = await ask(party, WHOLE, TPP_Explicit_Authorisation_Preferred="true")
    assert "scaOAuth" not in made.body["_links"]
    started = await party.call("POST", made.body["_links"]["startAuthorisation"]["href"], json={})

    assert started.headers["aspsp-sca-approach"] == "REDIRECT"
    assert started.body["_links"]["scaOAuth"]["href"].endswith("/.well-known/oauth-authorization-server")


async def test_wrong_entries_are_told_in_clear_words(party: Party, owner: Owner) -> None:
    await open_pages(party, owner)
    await owner.enter(("login", "many"), ("password", "guess"))
    assert "The login or the password is wrong." in owner.page
    assert 'value="many"' in owner.page
    assert "guess" not in owner.page
    await owner.enter(*LOGIN)
    await owner.enter()
    assert "Tick at least one account" in owner.page
    await owner.enter(("account", "0"))
    await owner.enter(("code", "123456"))
    assert "The code is wrong." in owner.page


async def test_cancelling_leads_to_the_address_for_failures(party: Party, owner: Owner) -> None:
    consent_id = await open_pages(party, owner, TPP_Nok_Redirect_URI=NO_CALLBACK)
    await owner.enter(form=1)

    assert owner.address.startswith(NO_CALLBACK)
    assert owner.answer()["error"] == "access_denied"
    assert owner.answer()["state"] == "one-time"
    assert "SignInCancelled" in owner.answer()["error_description"]
    assert (await party.get(f"/v1/consents/{consent_id}/status")).body == {"consentStatus": "rejected"}


async def test_an_owner_who_is_blocked_reads_why_and_can_go_back(party: Party, owner: Owner) -> None:
    await open_pages(party, owner)
    await owner.enter(("login", "fail-AccessBlocked"), ("password", "Test123"))

    assert owner.status == 403
    assert "Your access is blocked" in owner.page
    assert 'id="return" href="http://127.0.0.1:9/back?client=7&amp;error=access_denied' in owner.page


async def test_a_form_without_its_token_changes_nothing(party: Party, owner: Owner) -> None:
    await open_pages(party, owner)
    page = owner.page
    await owner.enter(*LOGIN, csrf="forged")
    assert owner.status == 403
    owner.page = page
    await owner.enter(*LOGIN)
    assert owner.status == 200


async def test_pages_cannot_be_skipped_or_used_without_a_visit(party: Party, owner: Owner) -> None:
    await open_pages(party, owner)
    await owner.open(f"{party.url}/pages/code")
    assert owner.address.endswith("/pages/login")
    owner.http.cookie_jar.clear()
    await owner.open(f"{party.url}/pages/code")
    assert owner.status == 410


async def test_pages_are_protected(party: Party) -> None:
    made = await ask(party)
    start = await party.get(f"{party.url}/oauth/authorize?{authorize_query(made.body['consentId'])}")
    page = await party.get(start.headers["location"])

    assert "HttpOnly" in start.headers["set-cookie"]
    assert "SameSite=lax" in start.headers["set-cookie"]
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert b"<script" not in page.content
    assert page.headers["cache-control"] == "no-store"
    assert (await party.get("/pages/style.css")).headers["content-type"].startswith("text/css")


async def test_names_from_outside_are_not_html(party: Party, owner: Owner) -> None:
    await open_pages(party, owner)
    await owner.enter(("login", '"><b>x</b>'), ("password", "x"))
    assert "<b>x</b>" not in owner.page
