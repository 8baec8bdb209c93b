"""Both clients, over real HTTP, against a server that answers what the test tells it."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from aiohttp import web
from tests.client.conftest import API_KEY, Caller, FakeServer, command, refused, reply

from kontora.client import (
    CommandFailed,
    CommandStillRunning,
    DefaultImport,
    KontoraApiError,
    KontoraUnreachable,
    Pacing,
    Session,
    UnexpectedReply,
)

MakeCaller = Callable[..., Caller]
SESSION = Session("455164974", "f" * 64, "o-1")


async def test_a_mock_session_is_asked_for_with_the_key_in_a_header(
    server: FakeServer, caller: MakeCaller
) -> None:
    server.answers = [reply('<session id="455164974" signature="abc"/>', attributes='ownerExternalId="o-1"')]
    session = await caller()("mock_session", "test1", "pl", "o-1")
    assert session == Session("455164974", "abc", "o-1")
    [(method, path, form, headers)] = server.asked
    assert (method, path) == ("POST", "/v1/mock-session.xml")
    assert form == {"login": "test1", "country": "pl", "ownerExternalId": "o-1", "multipleAccess": "false"}
    assert headers["X-Api-Key"] == API_KEY


async def test_a_default_import_is_polled_until_it_is_successful(
    server: FakeServer, caller: MakeCaller
) -> None:
    result = (
        "<result><owners><owner><name>Anna Nowak</name><kind>OWNER</kind></owner></owners><accounts><account>"
        "<name>Konto</name><iban>PL1</iban><currencyBalance>10.50</currencyBalance><currencyName>PLN</currencyName>"
        "<moneyTransactions><moneyTransaction><transactionOn>2026-05-22</transactionOn>"
        "<currencyAmount>-15.00</currencyAmount><status>PENDING</status></moneyTransaction></moneyTransactions>"
        "</account></accounts></result>"
    )
    server.answers = [
        command("setup"),
        command("in_progress", 40),
        command("in_progress", 80.5),
        command("successful", 0, result),
    ]
    seen: list[tuple[str, float]] = []
    call = caller()
    found = await call(
        "default_import", SESSION, date(2026, 1, 31), lambda told: seen.append((told.state, told.progress))
    )
    assert seen == [("setup", 0), ("in_progress", 40), ("in_progress", 80.5), ("successful", 0)]
    assert found.accounts[0].money_transactions[0].currency_amount == Decimal("-15.00")
    assert found.accounts[0].money_transactions[0].booked_on is None
    assert found.credit_cards is None
    assert (found.command_id, found.target, found.institution) == ("42", "KontoBankApi", "KontoBank")
    assert call.pauses == [0.5, 1.0, 2.0]
    method, path, form, _ = server.asked[0]
    assert (method, path) == ("POST", "/v1/command/default-import.xml")
    assert form == {"sessionId": SESSION.id, "sessionIdSignature": SESSION.signature, "since": "2026-01-31"}
    assert server.asked[1][:2] == ("GET", "/v1/command/42.xml")


async def test_pauses_grow_no_longer_than_the_longest(server: FakeServer, caller: MakeCaller) -> None:
    server.answers = [command("in_progress") for _ in range(6)] + [command("successful")]
    call = caller()
    await call("wait", "42")
    assert call.pauses == [0.5, 1.0, 2.0, 4.0, 4.0, 4.0, 4.0]


async def test_a_failed_command_is_raised_with_its_name_and_messages(
    server: FakeServer, caller: MakeCaller
) -> None:
    server.answers = [
        command(
            "error",
            20,
            '<exception name="SessionExpired"><message>The bank ended the session.</message>'
            "<friendlyMessage>Zaloguj się ponownie.</friendlyMessage></exception>",
        )
    ]
    with pytest.raises(CommandFailed) as failed:
        await caller()("wait", "42")
    assert failed.value.name == "SessionExpired"
    assert failed.value.friendly_message == "Zaloguj się ponownie."
    assert (failed.value.command_id, failed.value.state) == ("42", "error")
    assert "The bank ended the session." in str(failed.value)


async def test_a_fatal_command_without_an_exception_is_raised_as_fatal(
    server: FakeServer, caller: MakeCaller
) -> None:
    server.answers = [command("fatal")]
    with pytest.raises(CommandFailed) as failed:
        await caller()("wait", "42")
    assert (failed.value.name, failed.value.state) == ("fatal", "fatal")


async def test_a_command_that_does_not_end_is_left_running_at_the_deadline(
    server: FakeServer, caller: MakeCaller
) -> None:
    server.answers = [command("in_progress", 10)]
    ticks = iter(range(0, 10_000, 100))
    pacing = Pacing(deadline_seconds=250, clock=lambda: float(next(ticks)))
    with pytest.raises(CommandStillRunning) as stopped:
        await caller(pacing=pacing)("wait", "42")
    assert stopped.value.command_id == "42"
    assert len(server.asked) == 3


@pytest.mark.parametrize("status", [429, 503])
async def test_a_busy_server_is_asked_again_after_the_time_it_names(
    server: FakeServer, caller: MakeCaller, status: int
) -> None:
    busy = refused(status, "JobsQuotaExceeded", headers={"Retry-After": "7"})
    server.answers = [busy, busy, command("setup")]
    call = caller()
    assert (await call("start", SESSION, DefaultImport())).id == "42"
    assert [round(pause) for pause in call.pauses] == [7, 7]


async def test_a_busy_server_is_given_up_when_patience_ends(server: FakeServer, caller: MakeCaller) -> None:
    server.answers = [refused(429, "JobsQuotaExceeded", headers={"Retry-After": "20"})]
    call = caller()
    with pytest.raises(KontoraApiError) as stopped:
        await call("start", SESSION, DefaultImport())
    assert (stopped.value.status, stopped.value.name) == (429, "JobsQuotaExceeded")
    assert stopped.value.retry_after_seconds == 20
    assert len(server.asked) == 3


async def test_a_refusal_is_raised_at_once_with_its_name(server: FakeServer, caller: MakeCaller) -> None:
    server.answers = [refused(404, "InvalidSessionId", "Session expired.")]
    with pytest.raises(KontoraApiError, match="404 InvalidSessionId: Session expired"):
        await caller()("default_import", SESSION)
    assert len(server.asked) == 1


async def test_a_wrong_key_is_raised_as_unauthorized(server: FakeServer, caller: MakeCaller) -> None:
    server.answers = [reply("<comment>Unknown caller 10**43.</comment>", 401)]
    with pytest.raises(KontoraApiError) as stopped:
        await caller()("catalog")
    assert (stopped.value.name, stopped.value.message) == ("Unauthorized", "Unknown caller 10**43.")


async def test_a_page_of_some_proxy_is_an_unexpected_reply(server: FakeServer, caller: MakeCaller) -> None:
    server.answers = [web.Response(status=502, body=b"<html><br>Bad gateway</html>")]
    with pytest.raises(KontoraApiError) as stopped:
        await caller()("catalog")
    assert (stopped.value.status, stopped.value.name) == (502, "UnexpectedReply")


async def test_a_redirect_is_not_followed_as_it_would_carry_the_key_away(
    server: FakeServer, caller: MakeCaller
) -> None:
    server.answers = [web.Response(status=302, headers={"Location": "/elsewhere"})]
    with pytest.raises(UnexpectedReply, match="302"):
        await caller()("catalog")
    assert len(server.asked) == 1


async def test_a_lost_poll_is_asked_again(server: FakeServer, caller: MakeCaller) -> None:
    server.answers = [_hung_up, command("successful")]
    assert (await caller()("status", "42")).state == "successful"


async def test_a_lost_start_is_sent_again_with_the_same_idempotency_key(
    server: FakeServer, caller: MakeCaller
) -> None:
    server.answers = [_hung_up, refused(503, "Overloaded"), command("setup")]
    assert (await caller()("start", SESSION, DefaultImport())).id == "42"
    keys = [asked[3]["Idempotency-Key"] for asked in server.asked]
    assert len(keys) == 3
    assert len(set(keys)) == 1


async def test_two_starts_have_keys_of_their_own(server: FakeServer, caller: MakeCaller) -> None:
    server.answers = [command("setup")]
    call = caller()
    await call("start", SESSION, DefaultImport())
    await call("start", SESSION, DefaultImport())
    await call("start", SESSION, DefaultImport(), idempotency_key="mine")
    first, second, third = (asked[3]["Idempotency-Key"] for asked in server.asked)
    assert first != second
    assert third == "mine"


@pytest.mark.parametrize(
    ("method", "given"),
    [("mock_session", ("test1",)), ("enter_credential", (SESSION, "SMS_CODE", "Test123"))],
)
async def test_what_may_not_be_repeated_is_not_sent_twice(
    server: FakeServer, caller: MakeCaller, method: str, given: tuple[object, ...]
) -> None:
    server.answers = [_hung_up]
    with pytest.raises(KontoraUnreachable):
        await caller()(method, *given)
    [(_, _, _, headers)] = server.asked
    assert "Idempotency-Key" not in headers


async def test_a_server_that_is_not_there_is_unreachable_once_patience_ends(caller: MakeCaller) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    call = caller(url, pacing=Pacing(patience_seconds=2))
    with pytest.raises(KontoraUnreachable) as stopped:
        await call("data", "secret-owner")
    assert call.pauses
    assert "secret-owner" not in str(stopped.value)


async def test_a_compressed_reply_is_read(server: FakeServer, caller: MakeCaller) -> None:
    plain = command("successful").body
    assert isinstance(plain, bytes)
    server.answers = [web.Response(body=gzip.compress(plain), headers={"Content-Encoding": "gzip"})]
    assert (await caller()("status", "42")).is_final


async def test_a_reply_over_the_limit_is_not_read_to_its_end(server: FakeServer, caller: MakeCaller) -> None:
    bomb = gzip.compress(b"<reply>" + b" " * 3_000_000 + b"</reply>")
    server.answers = [web.Response(body=bomb, headers={"Content-Encoding": "gzip"})]
    with pytest.raises(UnexpectedReply, match="larger than allowed"):
        await caller(max_reply_bytes=1_000_000)("status", "42")


@pytest.mark.parametrize(
    ("status", "body", "up"),
    [(200, b'{"status": "UP"}', True), (503, b'{"status": "DOWN"}', False)],
)
async def test_health_is_asked_once(
    server: FakeServer, caller: MakeCaller, status: int, body: bytes, up: bool
) -> None:
    server.answers = [web.Response(status=status, body=body)]
    assert await caller()("health") is up
    assert len(server.asked) == 1


async def test_data_is_read_and_deleted_by_the_owner(server: FakeServer, caller: MakeCaller) -> None:
    owner = (
        '<owner externalId="o 1" createdAt="2026-05-23T07:35:07.264013Z" origin="scraper"'
        ' updatedAt="2026-05-23T07:35:07.264013Z" lastChange="2026-05-23T07:35:22.335797Z">'
        '<target name="KontoBankApi" institution="KontoBank" officialName="KontoBank">'
        "<owners/><accounts/><creditCards/><deposits/></target></owner>"
    )
    server.answers = [reply(owner), reply()]
    call = caller()
    data = await call("data", "o 1")
    await call("delete_data", "o 1")
    assert data.external_id == "o 1"
    assert data.last_change_at.isoformat() == "2026-05-23T07:35:22.335797+00:00"
    assert data.targets[0].credit_cards == ()
    assert [asked[:2] for asked in server.asked] == [
        ("GET", "/v1/data.xml?ownerExternalId=o+1"),
        ("DELETE", "/v1/data.xml?ownerExternalId=o+1"),
    ]


CALLS = [
    ("import_owners", (), "import-owners", {}),
    ("import_accounts", (), "import-accounts", {"fast": "true"}),
    (
        "import_account_transactions",
        ("PL1",),
        "import-account-transactions",
        {"iban": "PL1", "fast": "false"},
    ),
    ("import_credit_cards", (), "import-credit-cards", {}),
    ("import_credit_card_transactions", ("c-1",), "import-credit-card-transactions", {"cardNumber": "c-1"}),
    ("sign_out", (), "sign-out", {}),
    (
        "enter_credential",
        ("SMS_CODE", "Test123"),
        "enter-credential",
        {"credentialKind": "SMS_CODE", "credential": "Test123"},
    ),
]


@pytest.mark.parametrize(("method", "given", "path", "sent"), CALLS, ids=[call[0] for call in CALLS])
async def test_every_command_has_its_path_and_parameters(
    server: FakeServer,
    caller: MakeCaller,
    method: str,
    given: tuple[str, ...],
    path: str,
    sent: dict[str, str],
) -> None:
    server.answers = [command("setup"), command("successful")]
    await caller()(method, SESSION, *given)
    pair = {"sessionId": SESSION.id, "sessionIdSignature": SESSION.signature}
    assert server.asked[0][:3] == ("POST", f"/v1/command/{path}.xml", pair | sent)


async def test_a_consent_is_reused_and_deleted(server: FakeServer, caller: MakeCaller) -> None:
    server.answers = [reply('<session id="1" signature="s"/>'), reply()]
    call = caller()
    assert (await call("reuse_multiple_access", "m-1")).id == "1"
    await call("delete_multiple_access", "m-1")
    assert [asked[:3] for asked in server.asked] == [
        ("POST", "/v1/command/reuse-multiple-access.xml", {"multipleAccessId": "m-1"}),
        ("POST", "/v1/command/delete-multiple-access.xml", {"multipleAccessId": "m-1"}),
    ]


async def test_a_session_is_opened_at_a_target(server: FakeServer, caller: MakeCaller) -> None:
    server.answers = [reply('<session id="1" signature="s"/>')]
    await caller()("open_session", "KontoBankApi", "o-1")
    assert server.asked[0][1] == "/v1/session.xml"
    assert server.asked[0][2]["target"] == "KontoBankApi"


def _hung_up(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()
