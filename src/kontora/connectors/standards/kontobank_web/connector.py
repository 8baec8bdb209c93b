"""The connector of KontoBank's web bank: sign-in, accounts, credit cards, money transactions."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date
from urllib.parse import urlencode

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
from kontora.connectors.standards.items import Repeats
from kontora.connectors.standards.kontobank_web.access import State
from kontora.connectors.standards.kontobank_web.pagekeeper import Pagekeeper
from kontora.connectors.standards.kontobank_web.pages import Pages
from kontora.connectors.standards.kontobank_web.parse import (
    Handle,
    parse_account,
    parse_card,
    parse_history,
    parse_links,
    parse_profile,
    with_profile,
)
from kontora.connectors.standards.kontobank_web.sign_in import WebSignIn
from kontora.connectors.standards.owners import merged_owners
from kontora.connectors.standards.page_guard import PageGuard
from kontora.connectors.standards.together import together
from kontora.connectors.standards.web_pages.converters import Writing, number
from kontora.connectors.standards.web_pages.cookies import merged
from kontora.connectors.standards.web_pages.descriptions import Page
from kontora.connectors.standards.web_pages.documents import Document, form_of
from kontora.connectors.standards.web_pages.visiting import Visiting
from kontora.connectors.target import Surroundings
from kontora.errors import NotSignedIn, SessionExpired
from kontora.model import Account, CreditCard, MoneyTransaction

_MOST_PAGES = 500
_SIGN_OUT_FORM = "form#logout-form"


class WebReader:
    """Reads pages with one grant. New cookies are stored before they are used."""

    def __init__(self, visiting: Visiting, grant: Grant) -> None:
        self._visiting = visiting
        self._grant = grant
        self.keeper = Pagekeeper(visiting)

    async def read(self, step: str, url: str, wanted: Page) -> Document:
        """Read a page. Raises: SessionExpired; as `Pagekeeper.read`."""
        state = self._state()
        arrival = await self._visiting.get(step, url, state.cookies)
        if arrival.jar != state.cookies:
            async with self._grant.refreshing:
                jar = merged(self._state().cookies, state.cookies, arrival.jar)
                await self._grant.replace(State(cookies=jar).sealed(signed_in=True))
        return await self.keeper.read(step, arrival, wanted)

    async def sign_out(self, home: str, wanted: Page) -> None:
        """End the session; one that has ended already is left as it is."""
        try:
            document = await self.read("showAccounts", home, wanted)
        except SessionExpired:
            return
        async with self.keeper.understanding("signOut", document):
            form = form_of(document, _SIGN_OUT_FORM, ("_csrf",))
        await self._visiting.post("signOut", form, {}, self._state().cookies)

    def _state(self) -> State:
        if not self._grant.access.signed_in:
            raise NotSignedIn()
        return State.opened(self._grant.access)


class KontoBankWebConnector:
    """Signs in and reads. A bank's class sets how its country writes (`described`)."""

    described: Pages = Pages.of(Writing(" ", ",", r"(?P<day>\d\d)\.(?P<month>\d\d)\.(?P<year>\d{4})"), number)

    def __init__(self, surroundings: Surroundings) -> None:
        self.visiting = Visiting(surroundings)

    def _url(self, path: str) -> str:
        return self.visiting.surroundings.base_url + path

    async def sign_in(
        self, request: SignInRequest, answers: Sequence[Answer], access: Access | None
    ) -> SignInStep:
        """Take one step of the sign-in; see `Connector.sign_in`."""
        return await WebSignIn(self.visiting, self.described, answers, access).step()

    async def list_accounts(self, grant: Grant) -> BankAccounts:
        """Read the list, the page of each account, and the owner's own data; empty where there is none."""
        reader, page = WebReader(self.visiting, grant), self.described.accounts
        document = await reader.read("showAccounts", self._url("/accounts"), page)
        async with reader.keeper.understanding("showAccounts", document):
            links = parse_links(document, page)
        reads = [*(self._account(reader, link) for link in links), self._profile(reader)]
        *accounts, profile = await together(reads)
        found = tuple(account for account in accounts if isinstance(account, BankAccount))
        owners = merged_owners(account.owners for account in found)
        told = profile if isinstance(profile, dict) else {}
        return BankAccounts(found, with_profile(owners, told) if told else owners)

    async def _account(self, reader: WebReader, link: str) -> BankAccount:
        document = await reader.read("showAccount", link, self.described.account)
        async with reader.keeper.understanding("showAccount", document):
            return parse_account(document, self.described.account)

    async def _profile(self, reader: WebReader) -> dict[str, str | None]:
        document = await reader.read("showProfile", self._url("/profile"), self.described.profile)
        async with reader.keeper.understanding("showProfile", document):
            return dict(parse_profile(document, self.described.profile))

    async def read_account(self, grant: Grant, account: BankAccount) -> Account:
        """Return the account as the list brought it: its page tells everything."""
        return account.account

    async def read_money_transactions(
        self, grant: Grant, account: BankAccount, since: date
    ) -> AsyncIterator[tuple[MoneyTransaction, ...]]:
        """Read pages of the history since that day, newest first; what is not booked comes first."""
        handle, currency = Handle.decoded(account.handle), account.account.currency_name
        reader = WebReader(self.visiting, grant)
        async for page in self._history(
            reader, "showHistory", handle, self.described.history, currency, since
        ):
            yield page

    async def list_credit_cards(self, grant: Grant) -> tuple[BankCard, ...]:
        """Read the list and the page of each card; empty where the owner has none."""
        reader, page = WebReader(self.visiting, grant), self.described.cards
        document = await reader.read("showCards", self._url("/cards"), page)
        async with reader.keeper.understanding("showCards", document):
            links = parse_links(document, page)
        return tuple(await together(self._card(reader, link) for link in links))

    async def _card(self, reader: WebReader, link: str) -> BankCard:
        document = await reader.read("showCard", link, self.described.card)
        async with reader.keeper.understanding("showCard", document):
            return parse_card(document, self.described.card)

    async def read_credit_card(self, grant: Grant, card: BankCard) -> CreditCard:
        """Return the card as the list brought it: its page tells everything."""
        return card.card

    async def read_credit_card_transactions(
        self, grant: Grant, card: BankCard, since: date
    ) -> AsyncIterator[tuple[MoneyTransaction, ...]]:
        """Read pages of a card's history since that day, newest first; what is not booked comes first."""
        handle, currency = Handle.decoded(card.handle), card.card.currency_name
        reader = WebReader(self.visiting, grant)
        async for page in self._history(
            reader, "showCardHistory", handle, self.described.card_history, currency, since
        ):
            yield page

    async def _history(
        self, reader: WebReader, step: str, handle: Handle, page: Page, currency: str, since: date
    ) -> AsyncIterator[tuple[MoneyTransaction, ...]]:
        guard, repeats = PageGuard(_MOST_PAGES), Repeats()
        url: str | None = f"{handle.history}?{urlencode({'from': since.isoformat()})}"
        while url is not None:
            guard.enter(url)
            document = await reader.read(step, url, page)
            async with reader.keeper.understanding(step, document):
                found = parse_history(document, page, currency)
            yield repeats.dropped(found.items)
            url = guard.onward(found.next_url, is_empty=not found.items)


class WebSignOut:
    """The ability to end the session at the bank."""

    described: Pages
    visiting: Visiting

    async def sign_out(self, grant: Grant) -> None:
        """Sign out as the owner would; a session that has ended already is left as it is."""
        home = self.visiting.surroundings.base_url + "/accounts"
        await WebReader(self.visiting, grant).sign_out(home, self.described.accounts)
