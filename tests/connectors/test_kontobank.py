"""Whole sign-ins and imports at the practice bank, over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import trustme
from tests.connectors.walking import PSU, control, practice_bank, read_everything, sign_in, sign_in_at_pages

from kontora.connectors.bank_http import BankHttp
from kontora.connectors.bank_line import Caps
from kontora.connectors.bank_signing import SealFiles
from kontora.connectors.bank_tls import TlsFiles
from kontora.connectors.catalogue import Catalogue, Target
from kontora.connectors.protocol import (
    Access,
    Answer,
    Connector,
    CredentialKind,
    Grant,
    Psu,
    Secret,
    SignInRequest,
)
from kontora.connectors.standards.berlin_group.access import State
from kontora.connectors.standards.kontobank import KONTOBANK, KontoBankConnector
from kontora.connectors.target_settings import TargetSettings
from kontora.errors import (
    BankCertificateRefused,
    InvalidCredentials,
    KontoraError,
    MultipleAccessLimitExceeded,
    SessionExpired,
)
from kontora.model import Import, OwnerKind, TransactionStatus
from kontora.model.order import chain_breaks

BEGIN = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
SINCE = (BEGIN - timedelta(days=200)).date()
CAPS = Caps(connect_seconds=2, read_seconds=10, total_seconds=20, backoff_seconds=0.01)
BACK = SignInRequest(psu=PSU, redirect_uri="https://kontora.example/back", state="state-1", recurring=True)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with practice_bank("--now", "2026-01-31T12:00:00Z") as address:
        yield address


@pytest.fixture
async def http() -> AsyncIterator[BankHttp]:
    client = BankHttp(caps=CAPS)
    yield client
    await client.close()


def target_at(url: str, name: str = "KontoBankApi") -> Target:
    return Catalogue.load(practice=True, practice_bank_url=url).target(name)


def connect(url: str, http: BankHttp, name: str = "KontoBankApi") -> tuple[Target, Connector]:
    target = target_at(url, name)
    return target, target.connector(http, now=lambda: BEGIN)


async def imported(url: str, http: BankHttp, login: str, name: str = "KontoBankApi") -> Import:
    target, connector = connect(url, http, name)
    return await read_everything(connector, target, await sign_in(connector, login), SINCE, BEGIN)


def sound(brought: Import) -> None:
    for account in brought.accounts:
        assert account.currency_balance is not None
        assert chain_breaks(account.money_transactions) == ()
        booked = [item for item in account.money_transactions if item.currency_balance is not None]
        if booked:
            assert booked[0].currency_balance == account.currency_balance


@pytest.mark.parametrize(
    ("login", "owners", "accounts", "cards"),
    [
        ("test", 2, [72], 0), ("test1", 2, [72], 1), ("single", 1, [72], 0), ("coowners", 3, [72], 0),
        ("many", 2, [72, 7, 190, 7, 7], 2), ("large", 1, [5000], 0), ("empty", 0, [], 0),
        ("history", 1, [78], 0),
        ("noiban", 1, [72], 0), ("company", 1, [74], 0), ("flaky", 1, [72], 0), ("duplicates", 1, [72], 0),
        ("numbers", 1, [72], 0), ("camt", 1, [72], 0), ("relative", 1, [72], 0),
        ("unknown-fields", 1, [72], 0),
        ("push", 1, [72], 0), ("methods", 2, [72], 0), ("slow-0.05", 1, [72], 0), ("pending", 1, [556], 0),
        *((f"quirk-{n}", 2, [72], 1) for n in (1, 2, 3, 4, 5, 6, 8, 10, 11, 12, 13, 15)),
        *((f"quirk-{n}", 2, [72], 1) for n in (18, 19, 21, 22, 24, 25)),
        *((f"quirk-{n}", 2, [556], 1) for n in (7, 9, 14)), ("quirk-16", 2, [72, 7], 1),
    ],
)  # fmt: skip
async def test_every_kind_of_owner_is_imported_whole(
    url: str, http: BankHttp, login: str, owners: int, accounts: list[int], cards: int
) -> None:
    brought = await imported(url, http, login)
    sound(brought)
    assert len(brought.owners) == owners
    assert len(brought.credit_cards or ()) == cards
    assert [len(account.money_transactions) for account in brought.accounts] == accounts
    assert all(item.raw for account in brought.accounts for item in account.money_transactions)


@pytest.mark.parametrize(
    "name",
    ["InvalidCredentials", "TargetCredentialsMismatch", "InsufficientIdentificationLevel", "AccessBlocked",
     "AccessTemporarilyBlocked", "ManualActionRequired", "UnsupportedLoginMethod", "UnsupportedLanguage",
     "SignInCancelled", "SignInExpired", "IO", "ServiceMaintenance", "ServiceTemporarilyUnavailable",
     "SessionExpired", "BankChanged", "MultipleAccessLimitExceeded", "BankCertificateRefused"],
)  # fmt: skip
async def test_every_failure_of_the_bank_has_its_name(url: str, http: BankHttp, name: str) -> None:
    with pytest.raises(KontoraError) as caught:
        await imported(url, http, f"fail-{name}")
    assert caught.value.name == name
    assert caught.value.message.startswith("KontoBankApi, ")
    assert "KontoBank:" not in caught.value.message


@pytest.mark.parametrize(
    ("login", "name"),
    [("company-off", "ManualActionRequired"), ("down", "ServiceTemporarilyUnavailable"),
     ("garbage", "BankChanged"), ("truncated", "IO"),
     ("revoked", "SessionExpired"), ("quota", "MultipleAccessLimitExceeded")],
)  # fmt: skip
async def test_an_import_that_cannot_succeed_says_why(
    url: str, http: BankHttp, login: str, name: str
) -> None:
    with pytest.raises(KontoraError) as caught:
        await imported(url, http, login)
    assert caught.value.name == name
    if login == "company-off":
        assert "online banking" in (caught.value.friendly_message or "")


async def test_all_facts_of_an_owner_arrive(url: str, http: BankHttp) -> None:
    brought = await imported(url, http, "test1")
    (account,), (card,) = brought.accounts, brought.credit_cards or ()
    assert [owner.kind for owner in brought.owners] == [OwnerKind.OWNER, OwnerKind.CO_OWNER]
    assert [owner.address is not None for owner in brought.owners] == [True, False]
    assert (account.name, account.friendly_name, account.direct_debit) == ("Konto 0", "Konto", True)
    assert account.active_since_at_least is not None
    assert card.iban == account.iban
    assert None not in (card.limit, card.interest, card.due_date, card.currency_funds_available)
    assert card.currency_balance is not None and card.currency_balance < 0
    days = [
        (item.booked_on - item.transaction_on).days for item in account.money_transactions if item.booked_on
    ]
    assert set(days) == {1}


async def test_a_company_is_no_person(url: str, http: BankHttp) -> None:
    brought = await imported(url, http, "company")
    assert [owner.kind for owner in brought.owners] == [OwnerKind.COMPANY]


@pytest.mark.parametrize(
    ("name", "currency", "symbols"), [("KontoBankApi_cz", "CZK", True), ("KontoBankApi_es", "EUR", False)]
)
async def test_other_countries_have_their_currency_and_symbols(
    url: str, http: BankHttp, name: str, currency: str, symbols: bool
) -> None:
    brought = await imported(url, http, "test1", name)
    sound(brought)
    assert brought.institution == name.replace("Api", "")
    assert {account.currency_name for account in brought.accounts} == {currency}
    found = [item.variable_symbol for account in brought.accounts for item in account.money_transactions]
    assert any(found) is symbols


async def test_quirks_do_not_change_what_a_money_transaction_says(url: str, http: BankHttp) -> None:
    titles = {
        login: [
            item.title or "" for item in (await imported(url, http, login)).accounts[0].money_transactions
        ]
        for login in ("quirk-10", "quirk-12", "quirk-13")
    }
    assert all("KontoBanku" in title and "  " not in title for title in titles["quirk-10"])
    assert all(titles["quirk-12"])
    assert not any("NOTPROVIDED" in title for title in titles["quirk-13"])


async def test_booking_a_pending_item_gives_it_a_day_and_a_balance(url: str, http: BankHttp) -> None:
    brought = await imported(url, http, "pending")
    pending = [
        item for item in brought.accounts[0].money_transactions if item.status is TransactionStatus.PENDING
    ]
    assert len(pending) == 3
    assert all(item.booked_on is None and item.currency_balance is None for item in pending)
    assert sum(item.currency_amount for item in pending) == (
        (brought.accounts[0].currency_funds_available or 0) - (brought.accounts[0].currency_balance or 0)
    )


async def test_an_import_takes_two_calls_one_after_the_other(url: str, http: BankHttp) -> None:
    delay = 0.3
    _, connector = connect(url, http)
    access = await sign_in(connector, "many")
    await control(url, "PUT", "behaviour", {"delay_ms": delay * 1000})
    started = asyncio.get_running_loop().time()
    try:
        await read_everything(connector, target_at(url), access, SINCE, BEGIN)
    finally:
        await control(url, "PUT", "behaviour", {"delay_ms": 0})
    assert asyncio.get_running_loop().time() - started < 3 * delay


async def test_a_sign_in_sends_the_password_once_and_never_keeps_it(url: str, http: BankHttp) -> None:
    _, connector = connect(url, http)
    before = await control(url, "GET", "calls")
    access = await sign_in(connector, "single")
    after = await control(url, "GET", "calls")
    assert int(str(after["logins"])) - int(str(before["logins"])) == 1
    assert "Test123" not in str(access)


async def test_a_wrong_code_ends_in_invalid_credentials(url: str, http: BankHttp) -> None:
    _, connector = connect(url, http)
    with pytest.raises(InvalidCredentials):
        await sign_in(connector, "single", SMS_CODE="wrong")


@pytest.mark.parametrize(
    ("choice", "last"), [("sms", "SMS_CODE"), ("chip", "HARDWARE_TOKEN"), ("push", "APP_CONFIRMATION")]
)
async def test_the_owner_chooses_how_to_confirm(url: str, http: BankHttp, choice: str, last: str) -> None:
    _, connector = connect(url, http)
    asked: list[str] = []

    class Watching:
        async def sign_in(self, *given: object) -> object:
            step = await connector.sign_in(*given)  # type: ignore[arg-type]  # handed through
            asked.extend(challenge.kind for challenge in step.challenges)
            return step

    await sign_in(Watching(), "methods", CHOICE=choice)  # type: ignore[arg-type]  # only signs in
    assert asked[:3] == ["STATIC_LOGIN", "STATIC_PASSWORD", "CHOICE"]
    assert asked[-1] == last


async def test_an_explicit_start_signs_in_as_well(url: str, http: BankHttp) -> None:
    class Explicit(KontoBankConnector):
        dialect = replace(KONTOBANK, prefer_explicit=True, check_consent=True)

    target = target_at(url)
    explicit = replace(target, facts=replace(target.facts, connector=Explicit))
    connector = explicit.connector(http, now=lambda: BEGIN)
    brought = await read_everything(connector, explicit, await sign_in(connector, "single"), SINCE, BEGIN)
    sound(brought)


async def test_an_owner_signs_in_on_the_banks_pages_with_oauth(url: str, http: BankHttp) -> None:
    target, connector = connect(url, http)
    access = await sign_in_at_pages(connector, "test1", BACK)
    state = State.opened(access)
    assert state.tokens is not None
    assert state.valid_until is not None
    sound(await read_everything(connector, target, access, SINCE, BEGIN))


async def test_an_owner_signs_in_on_the_banks_pages_without_oauth(url: str, http: BankHttp) -> None:
    class Plain(KontoBankConnector):
        dialect = replace(KONTOBANK, extra_headers={"X-KontoBank-Sca": "redirect"}, prefer_explicit=True)

    target = target_at(url)
    plain = replace(target, facts=replace(target.facts, connector=Plain))
    connector = plain.connector(http, now=lambda: BEGIN)
    access = await sign_in_at_pages(connector, "many", BACK)
    assert State.opened(access).tokens is None
    brought = await read_everything(connector, plain, access, SINCE, BEGIN)
    assert len(brought.accounts) == 5


async def test_tokens_that_live_a_second_are_renewed_while_reading(url: str, http: BankHttp) -> None:
    target = target_at(url)
    now = BEGIN
    connector = target.connector(http, now=lambda: now)
    access = await sign_in_at_pages(connector, "refresh", BACK)
    await asyncio.sleep(1.1)
    kept: list[Access] = []

    async def keep(new: Access) -> None:
        kept.append(new)

    grant = Grant(access, psu=PSU, keep=keep)
    listed = await connector.list_accounts(grant)
    assert len(listed.accounts) == 1
    assert len(kept) == 1
    tokens = State.opened(grant.access).tokens
    assert tokens is not None and tokens != State.opened(access).tokens
    with pytest.raises(SessionExpired):
        await asyncio.sleep(1.1)
        await connector.list_accounts(Grant(access, psu=PSU))


async def test_without_the_owner_a_consent_is_read_four_times_a_day(url: str, http: BankHttp) -> None:
    _, connector = connect(url, http)
    access = await sign_in_at_pages(connector, "single.4", BACK)
    for _ in range(4):
        await connector.list_accounts(Grant(access))
    with pytest.raises(MultipleAccessLimitExceeded):
        await connector.list_accounts(Grant(access))
    assert (await connector.list_accounts(Grant(access, psu=PSU))).accounts


async def test_signing_out_ends_the_consent(url: str, http: BankHttp) -> None:
    _, connector = connect(url, http)
    assert isinstance(connector, KontoBankConnector)
    grant = Grant(await sign_in(connector, "single"), psu=PSU)
    await connector.sign_out(grant)
    await connector.sign_out(grant)
    with pytest.raises(SessionExpired):
        await connector.list_accounts(grant)


async def test_old_history_without_a_fresh_sign_in_is_cut_to_what_the_bank_gives(http: BankHttp) -> None:
    with practice_bank("--now", "2026-01-31T12:00:00Z") as url:
        _, connector = connect(url, http)
        grant = Grant(await sign_in_at_pages(connector, "history", BACK), psu=PSU)
        (found,) = (await connector.list_accounts(grant)).accounts

        async def oldest() -> int:
            days = [
                item.transaction_on
                async for page in connector.read_money_transactions(
                    grant, found, (BEGIN - timedelta(days=500)).date()
                )
                for item in page
            ]
            return (BEGIN.date() - min(days)).days

        assert await oldest() > 400
        await control(url, "PUT", "clock", {"offset_seconds": 3600})
        assert 80 < await oldest() <= 91


async def test_a_bank_that_wants_certificates_and_signatures_gets_them(
    tmp_path: Path, http: BankHttp
) -> None:
    authority = trustme.CA()
    files = {name: tmp_path / name for name in ("server.pem", "server.key", "qwac.pem", "qwac.key", "ca.pem")}
    for name, host in (("server", "localhost"), ("qwac", "PSDPL-KNF-1")):
        leaf = authority.issue_cert(host, key_type=trustme.KeyType.RSA)
        leaf.cert_chain_pems[0].write_to_path(files[f"{name}.pem"])
        leaf.private_key_pem.write_to_path(files[f"{name}.key"])
    authority.cert_pem.write_to_path(files["ca.pem"])
    options = [
        "--tls-certificate",
        files["server.pem"],
        "--tls-key",
        files["server.key"],
        "--client-ca",
        files["ca.pem"],
    ]
    with practice_bank(*map(str, options), "--require-signature", "--public-url", "https://localhost") as url:
        base = url.replace("127.0.0.1", "localhost")
        settings = TargetSettings(
            base_url=base,
            hosts=("localhost",),
            tls=TlsFiles(files["qwac.pem"], files["qwac.key"], files["ca.pem"]),
            seal=SealFiles(files["qwac.pem"], files["qwac.key"]),
        )

        def connector(one: TargetSettings) -> Connector:
            found = Catalogue.load(practice=True, practice_bank_url=base, settings={"KontoBankApi": one})
            return found.target("KontoBankApi").connector(http)

        http = BankHttp(caps=CAPS)
        request, login = SignInRequest(psu=PSU), Answer(CredentialKind.STATIC_LOGIN, Secret("single"))
        step = await connector(settings).sign_in(request, [login], None)
        assert step.challenges[0].kind is CredentialKind.STATIC_PASSWORD
        for lacking in (
            replace(settings, seal=None),
            replace(settings, tls=TlsFiles(ca_bundle=files["ca.pem"])),
        ):
            with pytest.raises(BankCertificateRefused):
                await connector(lacking).sign_in(request, [login], None)
        await http.close()


async def test_an_absent_owner_is_not_made_up(url: str, http: BankHttp) -> None:
    _, connector = connect(url, http)
    with pytest.raises(KontoraError):
        await connector.sign_in(
            SignInRequest(psu=Psu()), [Answer(CredentialKind.STATIC_LOGIN, Secret("test"))], None
        )


async def test_amounts_have_the_currencys_two_places(url: str, http: BankHttp) -> None:
    brought = await imported(url, http, "numbers")
    assert all(
        item.currency_amount == item.currency_amount.quantize(Decimal("0.01"))
        for item in brought.accounts[0].money_transactions
    )
