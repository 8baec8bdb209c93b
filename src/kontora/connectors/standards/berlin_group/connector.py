"""The connector of every bank that speaks Berlin Group: sign-in, accounts, money transactions."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date

from kontora.connectors.bank_line import BankCall, BankReply
from kontora.connectors.protocol import (
    ABSENT_PSU,
    Access,
    Answer,
    BankAccount,
    BankAccounts,
    BankCard,
    Grant,
    SignInRequest,
    SignInStep,
)
from kontora.connectors.standards.berlin_group.access import State
from kontora.connectors.standards.berlin_group.calls import Calls
from kontora.connectors.standards.berlin_group.camt import parse_camt
from kontora.connectors.standards.berlin_group.consent import consent_path
from kontora.connectors.standards.berlin_group.dialect import Dialect
from kontora.connectors.standards.berlin_group.paging import Listing, read_pages
from kontora.connectors.standards.berlin_group.parse_accounts import (
    MULTICURRENCY,
    Handle,
    parse_account_balances,
    parse_accounts,
    parse_parts,
)
from kontora.connectors.standards.berlin_group.parse_cards import parse_card_balances, parse_cards
from kontora.connectors.standards.berlin_group.parse_transactions import (
    Page,
    Reading,
    parse_card_page,
    parse_page,
)
from kontora.connectors.standards.berlin_group.reading import Reader
from kontora.connectors.standards.berlin_group.sign_in import SignIn
from kontora.connectors.standards.json_fields import a_text, an_object
from kontora.connectors.standards.owners import merged_owners
from kontora.connectors.standards.together import together
from kontora.connectors.strict_json import parse_json
from kontora.connectors.target import Surroundings
from kontora.errors import ServiceTemporarilyUnavailable, SessionExpired
from kontora.model import Account, CreditCard, MoneyTransaction

_ENDED = frozenset(
    {
        "CONSENT_INVALID",
        "CONSENT_EXPIRED",
        "CONSENT_UNKNOWN",
        "RESOURCE_UNKNOWN",
        "RESOURCE_EXPIRED",
        "STATUS_INVALID",
    }
)


class BerlinGroupConnector:
    """Signs in and reads accounts. A bank's class sets `dialect`, and mixes in the abilities it has."""

    dialect: Dialect = Dialect()

    def __init__(self, surroundings: Surroundings) -> None:
        self.calls = Calls(surroundings, self.dialect)

    async def sign_in(
        self, request: SignInRequest, answers: Sequence[Answer], access: Access | None
    ) -> SignInStep:
        """Take one step of the sign-in; see `Connector.sign_in`."""
        return await SignIn(self.calls, request, answers, access).step()

    async def probe(self) -> None:
        """Send a request that no bank grants, for consents are made by POST; any answer below 500 will do."""
        calls = self.calls
        headers = calls.headers(ABSENT_PSU)
        reply = await calls.surroundings.line.send(
            BankCall("probe", "GET", calls.url("/v1/consents"), headers)
        )
        if reply.status >= 500:
            raise ServiceTemporarilyUnavailable(f"{calls.surroundings.line.target}, probe: {reply.status}.")

    async def is_consent_valid(self, grant: Grant) -> bool:
        """Ask for the consent's status; see `ChecksConsent`."""
        url = self.calls.url(consent_path(State.opened(grant.access).consent_id) + "/status")
        try:
            body, _ = await Reader(self.calls, grant).read("getConsentStatus", url)
        except SessionExpired:
            return False
        with self.calls.understanding("getConsentStatus"):
            return a_text(body.get("consentStatus"), "consentStatus") == "valid"

    async def list_accounts(self, grant: Grant) -> BankAccounts:
        """Read the list of accounts with their owners; empty where there is none.

        One call, and one more for each multicurrency account that the list does not take apart.
        """
        reader = Reader(self.calls, grant)
        url = self.calls.url("/v1/accounts") + ("?withBalance=true" if self.dialect.with_balance else "")
        body, came_from = await reader.read("getAccountList", url)
        with self.calls.understanding("getAccountList"):
            accounts = parse_accounts(body, came_from, self.dialect)
        if any(account.account.currency_name == MULTICURRENCY for account in accounts):
            parts = await together(self._parts(reader, account) for account in accounts)
            accounts = tuple(part for group in parts for part in group)
        return BankAccounts(accounts, merged_owners(account.owners for account in accounts))

    async def _parts(self, reader: Reader, account: BankAccount) -> tuple[BankAccount, ...]:
        if account.account.currency_name != MULTICURRENCY:
            return (account,)
        body, _ = await reader.read("getBalances", Handle.decoded(account.handle).balances)
        with self.calls.understanding("getBalances"):
            return parse_parts(body, account, self.dialect)

    async def read_account(self, grant: Grant, account: BankAccount) -> Account:
        """Complete an account with its balances; no call where the list already brought them."""
        handle = Handle.decoded(account.handle)
        if handle.complete:
            return account.account
        body, _ = await Reader(self.calls, grant).read("getBalances", handle.balances)
        with self.calls.understanding("getBalances"):
            return parse_account_balances(body, account.account, handle.currency, self.dialect)

    async def read_money_transactions(
        self, grant: Grant, account: BankAccount, since: date
    ) -> AsyncIterator[tuple[MoneyTransaction, ...]]:
        """Read pages of money transactions since that day, in the bank's order, pending first in each."""
        handle = Handle.decoded(account.handle)
        known = Reading(handle, account.account.currency_name, self.calls.surroundings.now().date())

        def parse(reply: BankReply) -> Page:
            if reply.body.lstrip()[:1] == b"<":
                return parse_camt(reply.body, known, self.dialect)
            return parse_page(an_object(parse_json(reply.body), "the body"), reply.url, known, self.dialect)

        listing = Listing("getTransactionList", handle.money_transactions, parse)
        async for page in read_pages(Reader(self.calls, grant), listing, since):
            yield page


class CreditCards:
    """The ability to read credit cards (`/v1/card-accounts`)."""

    dialect: Dialect
    calls: Calls

    async def list_credit_cards(self, grant: Grant) -> tuple[BankCard, ...]:
        """Read the list of credit cards; empty where the owner has none."""
        body, came_from = await Reader(self.calls, grant).read(
            "getCardAccountList", self.calls.url("/v1/card-accounts")
        )
        with self.calls.understanding("getCardAccountList"):
            return parse_cards(body, came_from, self.dialect)

    async def read_credit_card(self, grant: Grant, card: BankCard) -> CreditCard:
        """Complete a card with its balances; no call where the list already brought them."""
        handle = Handle.decoded(card.handle)
        if handle.complete:
            return card.card
        body, _ = await Reader(self.calls, grant).read("getCardAccountBalances", handle.balances)
        with self.calls.understanding("getCardAccountBalances"):
            return parse_card_balances(body, card.card, handle, self.dialect)

    async def read_credit_card_transactions(
        self, grant: Grant, card: BankCard, since: date
    ) -> AsyncIterator[tuple[MoneyTransaction, ...]]:
        """Read pages of a card's money transactions since that day, in the bank's order."""
        handle = Handle.decoded(card.handle)
        known = Reading(handle, card.card.currency_name, self.calls.surroundings.now().date())

        def parse(reply: BankReply) -> Page:
            body = an_object(parse_json(reply.body), "the body")
            return parse_card_page(body, reply.url, known, self.dialect)

        listing = Listing("getCardAccountTransactionList", handle.money_transactions, parse)
        async for page in read_pages(Reader(self.calls, grant), listing, since):
            yield page


class SignOut:
    """The ability to end a consent at the bank."""

    calls: Calls

    async def sign_out(self, grant: Grant) -> None:
        """Delete the consent; one that has already ended is left as it is."""
        url = self.calls.url(consent_path(State.opened(grant.access).consent_id))
        await Reader(self.calls, grant).get("deleteConsent", url, method="DELETE", expected=_ENDED)
