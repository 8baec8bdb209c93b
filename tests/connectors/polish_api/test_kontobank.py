"""Whole sign-ins and imports at KontoBank's PolishAPI, over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import aiohttp
import msgspec
import pytest
import trustme
from tests.connectors.walking import PSU, control, practice_bank, read_everything, sign_in, sign_in_at_pages

from kontora.connectors.bank_http import BankHttp
from kontora.connectors.bank_signing import SealFiles
from kontora.connectors.catalogue import Catalogue, Target
from kontora.connectors.protocol import ABSENT_PSU, Access, Connector, Grant, SignInRequest, SignsOut
from kontora.connectors.standards.polish_api.access import State
from kontora.connectors.target_settings import TargetSettings
from kontora.errors import (
    IO,
    BankCertificateRefused,
    BankChanged,
    KontoraError,
    ManualActionRequired,
    MultipleAccessLimitExceeded,
    ServiceMaintenance,
    ServiceTemporarilyUnavailable,
    SessionExpired,
)
from kontora.model import Account, CreditCard, Import, OwnerKind, TransactionStatus
from kontora.model.truths import violations

BACK = "https://kontora.example/back"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with practice_bank() as address:
        yield address


@pytest.fixture
async def http() -> AsyncIterator[BankHttp]:
    client = BankHttp()
    yield client
    await client.close()


@pytest.fixture
def target(url: str) -> Target:
    return Catalogue.load(practice=True, practice_bank_url=url).target("KontoBankPolishApi")


@pytest.fixture
def connector(target: Target, http: BankHttp) -> Connector:
    return target.connector(http)


def today() -> date:
    return datetime.now(UTC).date()


def days_ago(days: int) -> date:
    return today() - timedelta(days=days)


async def access_of(connector: Connector, login: str, *, days: int = 180, recurring: bool = False) -> Access:
    request = SignInRequest(
        psu=PSU, redirect_uri=BACK, state="s-1", since=days_ago(days), recurring=recurring
    )
    return await sign_in_at_pages(connector, login, request)


async def imported(connector: Connector, target: Target, login: str, days: int = 180) -> Import:
    access = await access_of(connector, login, days=days)
    return await read_everything(connector, target, access, days_ago(days), datetime.now(UTC))


def comparable(account: Account) -> object:
    """Leave out what only one dialect tells: ids, raw items, merchant codes, what is planned, co-owners."""
    items = tuple(
        msgspec.structs.replace(item, internal_id=None, raw=None, mcc=None)
        for item in account.money_transactions
        if item.status is not TransactionStatus.PLANNED
    )
    return msgspec.structs.replace(account, owners=(), money_transactions=items)


def told(card: CreditCard) -> object:
    return msgspec.structs.replace(card, money_transactions=(), name="", owners=()), len(
        card.money_transactions
    )


@pytest.mark.parametrize("login", ["test", "test1", "many", "pending", "company", "noiban", "large", "empty"])
async def test_both_dialects_bring_the_same_accounts_and_money_transactions(
    url: str, http: BankHttp, connector: Connector, target: Target, login: str
) -> None:
    other = Catalogue.load(practice=True, practice_bank_url=url).target("KontoBankApi")
    polish = await imported(connector, target, login, 89)
    berlin_access = await sign_in(other.connector(http), login)
    berlin = await read_everything(
        other.connector(http), other, berlin_access, days_ago(89), datetime.now(UTC)
    )
    assert violations(polish) == ()
    assert [comparable(one) for one in polish.accounts] == [comparable(one) for one in berlin.accounts]
    assert [owner.name for owner in polish.owners] == [owner.name for owner in berlin.owners[:1]]
    assert [told(card) for card in polish.credit_cards or ()] == [
        told(card) for card in berlin.credit_cards or ()
    ]


async def test_standing_orders_to_come_are_planned(connector: Connector, target: Target) -> None:
    brought = await imported(connector, target, "test1")
    planned = [
        item for item in brought.accounts[0].money_transactions if item.status is TransactionStatus.PLANNED
    ]
    assert planned
    assert all(item.transaction_on > today() and item.booked_on is None for item in planned)


async def test_a_stake_makes_a_co_owner_and_a_company_a_company(connector: Connector, target: Target) -> None:
    for login, kind in (
        ("coowners", OwnerKind.CO_OWNER),
        ("company", OwnerKind.COMPANY),
        ("single", OwnerKind.OWNER),
    ):
        assert [owner.kind for owner in (await imported(connector, target, login)).owners] == [kind]


@pytest.mark.parametrize(
    "login", ["flaky", "duplicates", "numbers", "unknown-fields", "quirk-16", "slow-0.01", "history"]
)
async def test_an_import_comes_out_sound(connector: Connector, target: Target, login: str) -> None:
    brought = await imported(connector, target, login, 600)
    assert violations(brought) == ()
    assert brought.accounts[0].money_transactions


@pytest.mark.parametrize(
    ("login", "failure"),
    [
        ("company-off", ManualActionRequired),
        ("down", ServiceTemporarilyUnavailable),
        ("garbage", BankChanged),
        ("truncated", IO),
        ("revoked", SessionExpired),
        ("quota", MultipleAccessLimitExceeded),
        ("fail-IO", IO),
        ("fail-ServiceMaintenance", ServiceMaintenance),
        ("fail-ServiceTemporarilyUnavailable", ServiceTemporarilyUnavailable),
        ("fail-SessionExpired", SessionExpired),
        ("fail-BankChanged", BankChanged),
        ("fail-MultipleAccessLimitExceeded", MultipleAccessLimitExceeded),
        ("fail-BankCertificateRefused", BankCertificateRefused),
    ],
)
async def test_a_failure_of_the_bank_has_its_name(
    connector: Connector, target: Target, login: str, failure: type[KontoraError]
) -> None:
    with pytest.raises(failure) as raised:
        await imported(connector, target, login)
    assert type(raised.value) is failure


async def test_a_short_lived_token_is_renewed_on_the_way(
    url: str, connector: Connector, target: Target
) -> None:
    await control(url, "DELETE", "calls")
    access = await access_of(connector, "refresh")
    before = State.opened(access).tokens
    grant = Grant(access, psu=PSU)
    assert (await connector.list_accounts(grant)).accounts
    await control(url, "PUT", "clock", {"offset_seconds": 30})
    try:
        assert (await connector.list_accounts(grant)).accounts
    finally:
        await control(url, "PUT", "clock", {"offset_seconds": 0})
    assert State.opened(grant.access).tokens != before


async def test_without_the_owner_four_reads_a_day_are_all(connector: Connector) -> None:
    grant = Grant(await access_of(connector, "single.41", recurring=True), psu=ABSENT_PSU)
    for _ in range(4):
        await connector.list_accounts(grant)
    with pytest.raises(MultipleAccessLimitExceeded):
        await connector.list_accounts(grant)
    present = Grant(grant.access, psu=PSU)
    assert (await connector.list_accounts(present)).accounts


async def test_later_only_ninety_days_are_read(url: str, connector: Connector) -> None:
    access = await access_of(connector, "history.7", days=500, recurring=True)

    async def oldest(since: date) -> date:
        grant = Grant(access, psu=PSU)
        (account,) = (await connector.list_accounts(grant)).accounts
        items = [
            item async for page in connector.read_money_transactions(grant, account, since) for item in page
        ]
        return min(item.booked_on for item in items if item.booked_on is not None)

    assert await oldest(days_ago(500)) < days_ago(400)
    await control(url, "PUT", "clock", {"offset_seconds": 1200})
    try:
        assert await oldest(days_ago(500)) >= days_ago(90)
    finally:
        await control(url, "PUT", "clock", {"offset_seconds": 0})


async def test_after_signing_out_nothing_is_read_any_more(connector: Connector) -> None:
    grant = Grant(await access_of(connector, "single.42"), psu=PSU)
    assert (await connector.list_accounts(grant)).accounts
    assert isinstance(connector, SignsOut)
    await connector.sign_out(grant)
    await connector.sign_out(grant)
    with pytest.raises(SessionExpired):
        await connector.list_accounts(grant)


async def test_a_consent_that_is_used_once_ends_tomorrow_and_a_reusable_one_in_half_a_year(
    connector: Connector,
) -> None:
    once = State.opened(await access_of(connector, "single.43"))
    again = State.opened(await access_of(connector, "single.43", recurring=True))
    assert once.valid_until == today() + timedelta(days=1)
    assert again.valid_until == today() + timedelta(days=180)


@pytest.fixture
def seal(tmp_path: Path) -> SealFiles:
    leaf = trustme.CA().issue_cert("PSDPL-KNF-1")
    leaf.cert_chain_pems[0].write_to_path(tmp_path / "seal.pem")
    leaf.private_key_pem.write_to_path(tmp_path / "seal.key")
    return SealFiles(tmp_path / "seal.pem", tmp_path / "seal.key")


async def keys_of(url: str, file: Path) -> Path:
    async with aiohttp.ClientSession() as session, session.get(f"{url}/polish/keys.json") as reply:
        file.write_bytes(await reply.read())
    return file


async def test_the_operators_own_seal_and_keys_of_the_bank_are_used(
    url: str, http: BankHttp, tmp_path: Path, seal: SealFiles
) -> None:
    own = TargetSettings(client_id="PSDPL-KNF-1", seal=seal, bank_keys=await keys_of(url, tmp_path / "keys"))
    catalogue = Catalogue.load(practice=True, practice_bank_url=url, settings={"KontoBankPolishApi": own})
    connector = catalogue.target("KontoBankPolishApi").connector(http)
    access = await access_of(connector, "single")
    assert State.opened(access).bank_keys is None
    assert (await connector.list_accounts(Grant(access, psu=PSU))).accounts


async def test_a_bank_that_signs_with_another_key_than_the_operator_knows_is_not_believed(
    url: str, http: BankHttp, seal: SealFiles
) -> None:
    own = TargetSettings(bank_keys=seal.certificate)
    catalogue = Catalogue.load(practice=True, practice_bank_url=url, settings={"KontoBankPolishApi": own})
    with pytest.raises(BankChanged, match="not the bank's"):
        await access_of(catalogue.target("KontoBankPolishApi").connector(http), "single")
