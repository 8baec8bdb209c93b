"""The connector of every bank that speaks PolishAPI: sign-in, accounts, money transactions."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import date

from kontora.connectors.protocol import (
    Access,
    Answer,
    BankAccount,
    BankAccounts,
    BankCard,
    Grant,
    SignInRequest,
    SignInStep,
)
from kontora.connectors.standards.owners import merged_owners
from kontora.connectors.standards.polish_api.access import Granted, State
from kontora.connectors.standards.polish_api.calls import Calls
from kontora.connectors.standards.polish_api.dialect import Dialect
from kontora.connectors.standards.polish_api.listing import read_pages
from kontora.connectors.standards.polish_api.parse_accounts import Handle, parse_account
from kontora.connectors.standards.polish_api.parse_transactions import Reading
from kontora.connectors.standards.polish_api.reading import Reader
from kontora.connectors.standards.polish_api.sign_in import SignIn
from kontora.connectors.standards.together import together
from kontora.connectors.target import Surroundings
from kontora.model import Account, CreditCard, MoneyTransaction

# What a bank says of a consent that has ended already.
_ENDED = frozenset({400, 401, 403, 422})


class PolishApiConnector:
    """Signs in and reads accounts. A bank's class sets `dialect`, and mixes in the abilities it has."""

    dialect: Dialect = Dialect()

    def __init__(self, surroundings: Surroundings) -> None:
        self.calls = Calls(surroundings, self.dialect)

    def sealed(self, body: bytes) -> Mapping[str, str]:
        """Return the headers that seal a body; see `SealsBodies`."""
        return self.calls.sealed(body)

    async def sign_in(
        self, request: SignInRequest, answers: Sequence[Answer], access: Access | None
    ) -> SignInStep:
        """Take one step of the sign-in; see `Connector.sign_in`."""
        return await SignIn(self.calls, request, answers, access).step()

    async def list_accounts(self, grant: Grant) -> BankAccounts:
        """Read the accounts with their owners and balances; empty where there is none.

        One call an account: the list that the owner gave access to is known since the sign-in.
        """
        found = await read_details(self.calls, grant, lambda one: one.is_card is not True)
        accounts = tuple(one for one in found if isinstance(one, BankAccount))
        return BankAccounts(accounts, merged_owners(account.owners for account in accounts))

    async def read_account(self, grant: Grant, account: BankAccount) -> Account:
        """Return the account as the list brought it: it is complete."""
        return account.account

    async def read_money_transactions(
        self, grant: Grant, account: BankAccount, since: date
    ) -> AsyncIterator[tuple[MoneyTransaction, ...]]:
        """Read pages of money transactions since that day, list by list, each in the bank's order."""
        async for page in _pages(self.calls, grant, account.handle, account.account.currency_name, since):
            yield page


class CreditCards:
    """The ability to read credit cards: accounts of a card type."""

    calls: Calls

    async def list_credit_cards(self, grant: Grant) -> tuple[BankCard, ...]:
        """Read the credit cards with their balances; empty where the owner has none."""
        found = await read_details(self.calls, grant, lambda one: one.is_card is not False)
        return tuple(one for one in found if isinstance(one, BankCard))

    async def read_credit_card(self, grant: Grant, card: BankCard) -> CreditCard:
        """Return the card as the list brought it: it is complete."""
        return card.card

    async def read_credit_card_transactions(
        self, grant: Grant, card: BankCard, since: date
    ) -> AsyncIterator[tuple[MoneyTransaction, ...]]:
        """Read pages of a card's money transactions since that day, as those of an account."""
        async for page in _pages(self.calls, grant, card.handle, card.card.currency_name, since):
            yield page


class SignOut:
    """The ability to end the consents at the bank."""

    calls: Calls

    async def sign_out(self, grant: Grant) -> None:
        """Delete the consents, the newest first; those that have already ended are left as they are."""
        state = State.opened(grant.access)
        calls = self.calls.trusting(state.bank_keys)
        for consent_id in reversed(state.consent_ids):
            body = {"consentId": consent_id}
            await calls.send("deleteConsent", "accounts", body, grant.psu, expected=_ENDED)


async def read_details(
    calls: Calls, grant: Grant, wanted: Callable[[Granted], bool]
) -> tuple[BankAccount | BankCard, ...]:
    """Read the details of granted accounts together, in the bank's order."""
    reader = Reader(calls, grant)

    async def details(granted: Granted) -> BankAccount | BankCard:
        body = await reader.read("getAccount", {"accountNumber": granted.number})
        with calls.understanding("getAccount"):
            return parse_account(body, granted, calls.dialect)

    accounts = State.opened(grant.access).accounts
    return tuple(await together(details(one) for one in accounts if wanted(one)))


async def _pages(
    calls: Calls, grant: Grant, handle: str, currency: str, since: date
) -> AsyncIterator[tuple[MoneyTransaction, ...]]:
    known = Handle.decoded(handle)
    reading = Reading(known.number, currency, calls.surroundings.now().date())
    async for page in read_pages(Reader(calls, grant), known.granted, reading, since):
        yield page
