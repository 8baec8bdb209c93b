from __future__ import annotations

import uuid
from datetime import UTC, datetime

import aiohttp
import pytest
from tests.connectors.walking import control, practice_bank
from tests.kontobank.polish_api.party import (
    BACK,
    PRESENT,
    Party,
    Signer,
    authorize_body,
    is_signed,
    scope_details,
    visit,
)

PAST = "2026-01-01T00:00:00Z"


async def keys_of(party: Party) -> dict[str, object]:
    async with party.http.get(f"{party.url}/polish/keys.json") as reply:
        return dict(await reply.json())


async def test_every_answer_with_a_body_is_signed_by_the_published_key(party: Party) -> None:
    jwks = await keys_of(party)
    good = await party.authorize()
    bad = await party.authorize(scope="pis")
    assert (good.status, bad.status) == (200, 422)
    assert is_signed(good, jwks) and is_signed(bad, jwks)
    numbers = await party.sign_in("test1")
    assert is_signed(await party.call("getAccount", {"accountNumber": numbers[0]}, header=PRESENT), jwks)


async def test_answers_tell_whose_request_they_answer(party: Party) -> None:
    request_id = str(uuid.uuid1())
    reply = await party.call(
        "authorize",
        authorize_body(str(uuid.uuid4())),
        room="auth",
        header={"requestId": request_id},
        headers={"X-REQUEST-ID": request_id},
    )
    header = reply.body["responseHeader"]
    assert (header["requestId"], header["isCallback"]) == (request_id, False)
    assert header["sendDate"].startswith("2026-03-18T09:")


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"X-JWS-SIGNATURE": None}, 400, "SIGNATURE_MISSING"),
        ({"X-JWS-SIGNATURE": "e30..AAAA"}, 400, "SIGNATURE_INVALID"),
        ({"X-JWS-SIGNATURE": "e30.e30.AAAA"}, 400, "SIGNATURE_INVALID"),
        ({"X-JWS-SIGNATURE": "a+b..AAAA"}, 400, "SIGNATURE_INVALID"),
        ({"X-REQUEST-ID": None}, 400, "FORMAT_ERROR"),
        ({"X-REQUEST-ID": "1"}, 400, "FORMAT_ERROR"),
        ({"X-REQUEST-ID": str(uuid.UUID(int=1, version=4))}, 400, "FORMAT_ERROR"),
        ({"X-REQUEST-ID": str(uuid.UUID(int=1, version=1))}, 400, "FORMAT_ERROR"),
        ({"Accept-Charset": None}, 400, "FORMAT_ERROR"),
        ({"Accept-Charset": "latin-1"}, 400, "FORMAT_ERROR"),
        ({"Accept-Language": None}, 400, "FORMAT_ERROR"),
        ({"Accept-Encoding": "br"}, 400, "FORMAT_ERROR"),
        ({"Content-Type": "text/plain"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        ({"Accept": "application/xml"}, 406, "NOT_ACCEPTABLE"),
    ],
)
async def test_a_header_that_is_not_as_declared_is_refused(
    party: Party, headers: dict[str, str | None], status: int, code: str
) -> None:
    reply = await party.call("authorize", authorize_body("c"), room="auth", headers=headers)
    assert (reply.status, reply.code) == (status, code)


async def test_a_body_that_was_changed_after_signing_is_refused(party: Party) -> None:
    reply = await party.call("authorize", authorize_body("c"), room="auth", sent=b"{}")
    assert (reply.status, reply.code) == (400, "SIGNATURE_INVALID")


@pytest.mark.parametrize(
    ("members", "is_taken"),
    [
        ({}, True),
        ({"b64": False, "crit": ["b64"]}, True),
        ({"crit": ["exp"]}, False),
        ({"alg": "RS256"}, False),
        ({"alg": "none"}, False),
        ({"x5c": None}, False),
        ({"x5c": ["AAAA"]}, False),
    ],
)
async def test_signatures_are_checked_as_their_header_says(
    party: Party, members: dict[str, object], is_taken: bool
) -> None:
    party.signer = Signer(**members)
    assert ((await party.authorize()).status == 200) is is_taken


async def test_a_signing_certificate_that_has_ended_is_refused(party: Party) -> None:
    party.signer = Signer(until=datetime(2025, 1, 1, tzinfo=UTC))
    assert (await party.authorize()).code == "CERTIFICATE_EXPIRED"


async def test_every_operation_is_a_post(party: Party) -> None:
    reply = await party.call("getAccounts", {}, method="PUT")
    assert (reply.status, reply.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"response_type": "token"}, 400),
        ({"scope": "ais"}, 422),
        ({"redirect_uri": "javascript:alert(1)"}, 400),
        ({"state": ""}, 400),
        ({"client_id": ""}, 400),
        ({"scope_details": {}}, 400),
        ({"scope_details": scope_details("ais-accounts", [])}, 400),
        ({"scope_details": scope_details("ais", [{"ais:getAccount": {}}])}, 422),
        (
            {
                "scope_details": scope_details("ais-accounts", [{}])
                | {"scopeTimeLimit": "2026-01-01T00:00:00Z"}
            },
            422,
        ),
        ({"scope_details": scope_details("ais-accounts", [{}]) | {"throttlingPolicy": "none"}}, 400),
        ({"requestHeader": {"requestId": "x"}}, 400),
    ],
)
async def test_a_request_that_is_not_the_standards_is_refused(
    party: Party, more: dict[str, object], status: int
) -> None:
    assert (await party.authorize(**more)).status == status


async def test_a_consent_id_is_used_once(party: Party) -> None:
    assert (await party.authorize("twice")).status == 200
    assert (await party.authorize("twice")).code == "CONSENT_EXISTS"


async def test_the_owner_comes_back_with_a_code_that_works_once(party: Party) -> None:
    code = await party.code("test1")
    grant = {"grant_type": "authorization_code", "Code": code, "redirect_uri": BACK}
    first, again = await party.tokens(**grant), await party.tokens(**grant)
    assert (first.status, again.status) == (200, 401)
    assert first.body["token_type"] == "Bearer"
    assert first.body["expires_in"] == "900"
    assert first.body["scope"] == "ais-accounts"
    (entry,) = first.body["scope_details"]["privilegeList"]
    assert list(entry) == ["ais-accounts:getAccounts"]


@pytest.mark.parametrize(
    "wrong", [{"redirect_uri": "http://127.0.0.1:9/other"}, {"client_id": "TPP2"}, {"Code": "x"}]
)
async def test_a_code_is_given_to_who_asked_for_it_only(party: Party, wrong: dict[str, str]) -> None:
    code = await party.code("test1")
    grant = {"grant_type": "authorization_code", "Code": code, "redirect_uri": BACK, **wrong}
    assert (await party.tokens(**grant)).status == 401


async def test_who_says_that_the_owner_is_there_says_where(party: Party) -> None:
    reply = await party.tokens(grant_type="refresh_token", refresh_token="x", is_user_session=True)
    assert reply.status == 400


async def test_a_refresh_token_works_once_and_for_its_party_only(party: Party) -> None:
    refresh = (await party.listing("test1")).body["refresh_token"]
    grant = {"grant_type": "refresh_token", "refresh_token": refresh}
    assert (await party.tokens(**grant)).status == 200
    assert (await party.tokens(**grant)).status == 401
    refresh = (await party.listing("test1")).body["refresh_token"]
    assert (await party.tokens(**grant | {"refresh_token": refresh, "client_id": "TPP2"})).status == 401


async def test_a_grant_that_does_not_exist_is_refused(party: Party) -> None:
    assert (await party.tokens(grant_type="password")).code == "unsupported_grant_type"


async def test_a_token_is_exchanged_for_accounts_of_the_list_only(party: Party) -> None:
    await party.listing("many")
    listed = await party.call("getAccounts", {}, header=PRESENT)
    numbers = [account["accountNumber"] for account in listed.body["accounts"]]
    assert (await party.exchange(["PL00000000000000000000000000"])).status == 422
    assert (await party.exchange([])).status == 400
    one = await party.exchange(numbers[:1], days=30)
    (entry,) = one.body["scope_details"]["privilegeList"]
    assert entry["ais:getTransactionsDone"] == {"scopeUsageLimit": "multiple", "maxAllowedHistoryLong": 30}
    assert "*" not in entry["accountNumber"]
    whole = await party.exchange([entry["accountNumber"]])
    assert whole.status == 200


async def test_what_cannot_be_exchanged_is_refused(party: Party) -> None:
    numbers = await party.sign_in("test1")
    assert (await party.exchange(numbers)).status == 422
    party.token = "unknown"
    assert (await party.exchange(numbers)).status == 401


async def test_an_owner_who_cancels_gives_no_code(party: Party) -> None:
    made = await party.authorize()
    async with party.http.get(made.body["aspspRedirectUri"]) as page:
        csrf = (await page.text()).split('name="csrf" value="')[1].split('"')[0]
    async with party.http.post(
        f"{party.url}/pages/cancel", data={"csrf": csrf}, allow_redirects=False
    ) as back:
        assert back.status == 303
        assert "error=access_denied" in back.headers["Location"]
        assert "state=s-1" in back.headers["Location"]
    async with party.http.get(made.body["aspspRedirectUri"]) as page:
        assert page.status == 400


async def test_a_link_to_a_sign_in_that_is_none_says_so(party: Party) -> None:
    async with party.http.get(f"{party.url}/pages/polish/unknown") as page:
        assert page.status == 400


async def test_ending_a_consent_twice_is_harmless_and_only_its_party_may(party: Party) -> None:
    reply = await party.listing("test1")
    consent_id = reply.body["scope_details"]["consentId"]
    party.client_id = "TPP2"
    assert (await party.call("deleteConsent", {"consentId": consent_id})).status == 403
    party.client_id = "TPP1"
    for _ in range(2):
        ended = await party.call("deleteConsent", {"consentId": consent_id})
        assert (ended.status, ended.content) == (204, b"")
    assert (await party.call("getAccounts", {}, header=PRESENT)).status == 401
    assert (await party.call("deleteConsent", {"consentId": "unknown"})).status == 403


async def test_a_reset_forgets_everything(http: aiohttp.ClientSession) -> None:
    with practice_bank("--now", "2026-03-18T09:00:00Z") as url:
        party = Party(http, url)
        await party.sign_in("test1")
        calls = await control(url, "GET", "calls")
        assert calls["token_exchanges"] == 2
        assert dict(calls["by_operation"]) == {"authorize": 1, "token": 2, "getAccounts": 1}
        await control(url, "POST", "reset")
        assert (await party.call("getAccounts", {}, header=PRESENT)).status == 401
        await control(url, "PUT", "behaviour", {"down": True})
        assert (await party.authorize()).status == 503


async def test_the_pages_are_those_of_the_other_api(party: Party) -> None:
    made = await party.authorize()
    query = await visit(party.http, made.body["aspspRedirectUri"], "coowners")
    assert set(query) == {"client", "state", "code"}
