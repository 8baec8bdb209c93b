"""The desk that issues documents: finds the account, takes the facts, draws them, puts the seal on.

What draws and seals is imported when it is needed: it would double the time that the bank takes to start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kontobank.books import Books, Listing
from kontobank.countries import COUNTRIES
from kontobank.ledger import Account, Item
from kontobank.scenarios import Login
from kontobank.statements import facts
from kontobank.statements.periods import NotIssued, Period, kept_since, months, of_days, of_month

_COUNTRY = COUNTRIES["pl"]
_MOST_CONFIRMATIONS = 50
Draw = Callable[[bool], bytes]


@dataclass(frozen=True, slots=True)
class Issued:
    """A document and the name of its file."""

    pdf: bytes
    name: str


class Desk:
    """Issues documents of Polish accounts. `now`: the bank's time.

    `is_signed`, everywhere: whether a seal is put on; `None` does as the owner's scenario says.
    """

    def __init__(self, books: Books, now: Callable[[], datetime]) -> None:
        self._books = books
        self._now = now

    def account(self, login: Login, wanted: str = "1") -> Account:
        """Find an account by its number, or by its place in the list, from 1.

        Raises: NotIssued.
        """
        live = [one for one in self._books.household(_COUNTRY, login).accounts if one.status != "deleted"]
        plain = wanted.replace(" ", "")
        for place, account in enumerate(live, start=1):
            if plain in (str(place), account.number):
                return account
        raise NotIssued(f"The owner has no such account. There are {len(live)} of them.")

    def months(self, account: Account) -> list[str]:
        """List the months that statements are issued for, the newest first."""
        return months(self.today(), account.stream.window_days)

    def kept_since(self, account: Account) -> date:
        """Return the first booking day that a statement can tell of."""
        return kept_since(self.today(), account.stream.window_days)

    def statement_of_month(
        self, login: Login, account: Account, month: str | None = None, *, is_signed: bool | None = None
    ) -> Issued:
        """Issue the statement of a month, of the newest one without `month`.

        Raises: NotIssued.
        """
        period = of_month(month, self.today(), account.stream.window_days)
        return self._statement(login, account, period, f"wyciag-{period.first:%Y-%m}.pdf", is_signed)

    def statement_of_days(
        self,
        login: Login,
        account: Account,
        first: date,
        last: date | None = None,
        *,
        is_signed: bool | None = None,
    ) -> Issued:
        """Issue a statement of chosen days, up to today without `last`.

        Raises: NotIssued.
        """
        period = of_days(first, last, self.today(), account.stream.window_days)
        return self._statement(
            login, account, period, f"historia-{period.first}-{period.last}.pdf", is_signed
        )

    def confirmations(
        self,
        login: Login,
        account: Account,
        numbers: Sequence[str],
        *,
        is_unbooked: bool = False,
        is_signed: bool | None = None,
    ) -> Issued:
        """Issue confirmations in one document, one for each number, in that order.

        A number counts from the newest, which is 1, or is the bank's reference (KB...), or its id in the API.
        Raises: NotIssued.
        """
        if not 1 <= len(numbers) <= _MOST_CONFIRMATIONS:
            raise NotIssued(f"Confirmations are issued for 1 to {_MOST_CONFIRMATIONS} money transactions.")
        from kontobank.statements.confirmation_pdf import draw_confirmations

        listing, today = self._listing(login, account), self.today()
        items = listing.pending_items if is_unbooked else listing.booked_items
        found = [facts.confirmation(account, _item(items, number), today) for number in numbers]
        return self._sealed(
            login,
            lambda is_sealed: draw_confirmations(found, is_sealed=is_sealed),
            f"potwierdzenie-{found[0].reference}.pdf",
            is_signed,
        )

    def _statement(
        self, login: Login, account: Account, period: Period, name: str, is_signed: bool | None
    ) -> Issued:
        from kontobank.statements.statement_pdf import draw_statement

        found = facts.statement(account, self._listing(login, account), period, self.today())
        return self._sealed(
            login, lambda is_sealed: draw_statement(found, is_sealed=is_sealed), name, is_signed
        )

    def _sealed(self, login: Login, draw: Draw, name: str, is_signed: bool | None) -> Issued:
        wants_seal = login.scenario.is_sealed if is_signed is None else is_signed
        pdf = draw(wants_seal)
        if not wants_seal:
            return Issued(pdf, name)
        from kontobank.statements.sealing import seal

        return Issued(seal(pdf, self._now()), name)

    def _listing(self, login: Login, account: Account) -> Listing:
        return self._books.listing(_COUNTRY, login, account, self.today())

    def today(self) -> date:
        """Return the bank's calendar day."""
        return self._now().date()


def _item(items: Iterable[Item], number: str) -> Item:
    for place, item in enumerate(items, start=1):
        if number in (str(place), item.id, facts.reference(item)):
            return item
    raise NotIssued(f"There is no money transaction {number} among those asked for.")
