"""Reading a bank: lists first, then everything that does not depend on each other at once.

The longest chain is two: the list of accounts, then the balances beside the first page of money
transactions (pages of one account follow each other). When the time is over, what has been read stays,
and the accounts and cards that were cut are marked partial.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar, overload

import msgspec

from kontora.connectors.protocol import (
    BankAccount,
    BankAccounts,
    BankCard,
    Connector,
    Grant,
    ReadsCreditCards,
)
from kontora.errors import CommandNotAvailable, InvalidArgument, InvalidIban, ServiceTemporarilyUnavailable
from kontora.model import Account, CreditCard, Import, MoneyTransaction, Owner
from kontora.model.order import newest_first

LIST_SHARE = 10.0
T = TypeVar("T")
U = TypeVar("U")


@dataclass
class Progress:
    """Counts parts done of parts known; a money transaction page moves it a little further."""

    report: Callable[[float], Awaitable[None]]
    parts: int = 0
    done: float = 0.0
    _part_shares: dict[str, float] = field(default_factory=dict)

    async def know(self, parts: int) -> None:
        """Add parts that are to be read."""
        self.parts += parts
        await self._tell()

    async def page(self, part: str) -> None:
        """Move towards the end of a part without reaching it: its number of pages is not known before."""
        share = self._part_shares.get(part, 0.0)
        self._part_shares[part] = share + (1 - share) / 3
        await self._tell()

    async def finished(self, part: str) -> None:
        """Finish a part."""
        self._part_shares.pop(part, None)
        self.done += 1
        await self._tell()

    async def _tell(self) -> None:
        share = (self.done + sum(self._part_shares.values())) / max(1, self.parts)
        await self.report(LIST_SHARE + (100 - LIST_SHARE) * share)


@dataclass(frozen=True)
class Reading:
    """One read of one bank. `deadline`: time of the event loop after which what is left is cut."""

    connector: Connector
    grant: Grant
    target: str
    institution: str
    country: str
    deadline: float
    progress: Progress

    async def everything(self, since: date, imported_at: datetime) -> Import:
        """Read owners, accounts, credit cards and their money transactions.

        Raises: ServiceTemporarilyUnavailable, if not even the lists came in time; BankError; OwnerError.
        """
        (listed, read), cards = await together(self._all_accounts(since), self._all_cards(since))
        return Import(
            target=self.target,
            institution=self.institution,
            imported_at=imported_at,
            owners=listed.owners,
            accounts=read,
            credit_cards=cards,
            country=self.country,
        )

    async def owners(self) -> tuple[Owner, ...]:
        """Read the owners."""
        return (await self._in_time(self.connector.list_accounts(self.grant))).owners

    async def accounts(self, *, fast: bool) -> tuple[Account, ...]:
        """Read the accounts without money transactions; `fast` saves the calls if the list has balances."""
        listed = await self._in_time(self.connector.list_accounts(self.grant))
        if fast and all(found.account.currency_balance is not None for found in listed.accounts):
            return tuple(found.account for found in listed.accounts)
        return tuple(
            await together(
                *(self._in_time(self.connector.read_account(self.grant, found)) for found in listed.accounts)
            )
        )

    async def account_money_transactions(self, iban: str, since: date) -> Account:
        """Read the money transactions of one account.

        Raises: InvalidIban, if the session has no such account.
        """
        listed = await self._in_time(self.connector.list_accounts(self.grant))
        wanted = iban.replace(" ", "").upper()
        for found in listed.accounts:
            if found.account.iban.replace(" ", "").upper() == wanted:
                await self.progress.know(1)
                return await self._account_pages(found, since)
        raise InvalidIban(
            "The iban is not among the accounts of this session. Import the accounts for the list."
        )

    async def cards(self) -> tuple[CreditCard, ...]:
        """Read the credit cards without money transactions."""
        reader = self._card_reader()
        listed = await self._in_time(reader.list_credit_cards(self.grant))
        return tuple(
            await together(*(self._in_time(reader.read_credit_card(self.grant, found)) for found in listed))
        )

    async def card_money_transactions(self, card_id: str, since: date) -> CreditCard:
        """Read the money transactions of one credit card.

        Raises: InvalidArgument, if the session has no such card.
        """
        reader = self._card_reader()
        for found in await self._in_time(reader.list_credit_cards(self.grant)):
            if found.card.card_id == card_id:
                await self.progress.know(1)
                return await self._card_pages(reader, found, since)
        raise InvalidArgument(
            "cardNumber is not the cardId of a card of this session. Import the credit cards first."
        )

    def _card_reader(self) -> ReadsCreditCards:
        if not isinstance(self.connector, ReadsCreditCards):
            raise CommandNotAvailable(f"Credit cards are not available for target {self.target}.")
        return self.connector

    async def _all_accounts(self, since: date) -> tuple[BankAccounts, tuple[Account, ...]]:
        listed = await self._in_time(self.connector.list_accounts(self.grant))
        await self.progress.know(2 * len(listed.accounts))
        read = await together(*(self._whole_account(found, since) for found in listed.accounts))
        return listed, tuple(read)

    async def _whole_account(self, found: BankAccount, since: date) -> Account:
        account, with_pages = await together(self._complete_account(found), self._account_pages(found, since))
        cut = with_pages.partial_due_to_timeout or account.partial_due_to_timeout
        since_at_least = account.active_since_at_least or with_pages.active_since_at_least
        return msgspec.structs.replace(
            account,
            money_transactions=with_pages.money_transactions,
            active_since_at_least=since_at_least,
            partial_due_to_timeout=cut,
        )

    async def _complete_account(self, found: BankAccount) -> Account:
        try:
            async with asyncio.timeout_at(self.deadline):
                account = await self.connector.read_account(self.grant, found)
        except TimeoutError:
            account = msgspec.structs.replace(found.account, partial_due_to_timeout=True)
        await self.progress.finished(f"balance {found.handle}")
        return account

    async def _account_pages(self, found: BankAccount, since: date) -> Account:
        pages = self.connector.read_money_transactions(self.grant, found, since)
        read, cut = await self._pages(pages, f"account {found.handle}")
        oldest = found.account.active_since_at_least or min(
            (item.transaction_on for item in read), default=None
        )
        return msgspec.structs.replace(
            found.account, money_transactions=read, active_since_at_least=oldest, partial_due_to_timeout=cut
        )

    async def _all_cards(self, since: date) -> tuple[CreditCard, ...] | None:
        if not isinstance(self.connector, ReadsCreditCards):
            return None
        reader: ReadsCreditCards = self.connector
        listed = await self._in_time(reader.list_credit_cards(self.grant))
        await self.progress.know(2 * len(listed))
        return tuple(await together(*(self._whole_card(reader, found, since) for found in listed)))

    async def _whole_card(self, reader: ReadsCreditCards, found: BankCard, since: date) -> CreditCard:
        card, with_pages = await together(
            self._complete_card(reader, found), self._card_pages(reader, found, since)
        )
        cut = with_pages.partial_due_to_timeout or card.partial_due_to_timeout
        return msgspec.structs.replace(
            card, money_transactions=with_pages.money_transactions, partial_due_to_timeout=cut
        )

    async def _complete_card(self, reader: ReadsCreditCards, found: BankCard) -> CreditCard:
        try:
            async with asyncio.timeout_at(self.deadline):
                card = await reader.read_credit_card(self.grant, found)
        except TimeoutError:
            card = msgspec.structs.replace(found.card, partial_due_to_timeout=True)
        await self.progress.finished(f"card {found.handle}")
        return card

    async def _card_pages(self, reader: ReadsCreditCards, found: BankCard, since: date) -> CreditCard:
        pages = reader.read_credit_card_transactions(self.grant, found, since)
        read, cut = await self._pages(pages, f"card pages {found.handle}")
        return msgspec.structs.replace(found.card, money_transactions=read, partial_due_to_timeout=cut)

    async def _pages(
        self, pages: AsyncIterator[tuple[MoneyTransaction, ...]], part: str
    ) -> tuple[tuple[MoneyTransaction, ...], bool]:
        """Collect pages until they end or the time is over; the second value tells that they were cut."""
        read: list[MoneyTransaction] = []
        cut = False
        try:
            async with asyncio.timeout_at(self.deadline):
                async for page in pages:
                    read.extend(page)
                    await self.progress.page(part)
        except TimeoutError:
            cut = True
        await self.progress.finished(part)
        return newest_first(read), cut

    async def _in_time(self, call: Awaitable[T]) -> T:
        """Await what an import cannot do without.

        Raises: ServiceTemporarilyUnavailable, if the time is over before.
        """
        try:
            async with asyncio.timeout_at(self.deadline):
                return await call
        except TimeoutError as error:
            message = f"{self.target} did not answer in time. Try again later."
            raise ServiceTemporarilyUnavailable(message) from error


@overload
async def together(first: Awaitable[T], second: Awaitable[U], /) -> tuple[T, U]: ...
@overload
async def together(*calls: Awaitable[T]) -> tuple[T, ...]: ...
async def together(*calls: Awaitable[Any]) -> tuple[Any, ...]:
    """Await calls side by side; the first failure is raised as it is, and ends the others."""
    tasks = [asyncio.ensure_future(call) for call in calls]
    try:
        return tuple(await asyncio.gather(*tasks))
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


def earliest(today: date) -> date:
    """Return the earliest day that any import may reach: five years back."""
    return today - timedelta(days=5 * 365 + 1)
