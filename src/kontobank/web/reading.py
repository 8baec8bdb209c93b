"""What an owner sees after the sign-in: accounts, cards, their history, files to keep, the owner's data."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from urllib.parse import urlencode

from starlette.responses import Response

from kontobank.api.card_accounts import due_day
from kontobank.bank import Bank
from kontobank.books import Listing
from kontobank.failures import FAILURES, Stage
from kontobank.ledger import Account, Card, Household
from kontobank.scenarios import Login
from kontobank.web import formats
from kontobank.web.obstacles import COMPANY_OFF, LIMIT, Obstacle, obstacle_of
from kontobank.web.persons import identity
from kontobank.web.rendering import WebRenderer
from kontobank.web.visit import Cut, WebVisit

_PAGE, _LARGE_PAGE = 50, 200
_SHORT_HISTORY_DAYS = 90


class ReadingPages:
    """The pages of an owner who is signed in."""

    def __init__(self, bank: Bank, renderer: WebRenderer) -> None:
        self._bank = bank
        self._renderer = renderer

    def accounts(self, visit: WebVisit) -> Response:
        """Show the list of accounts."""
        session = visit.open_session
        rows = [
            (place, session.handle(place.number), self._listing(visit, place).booked_cents)
            for place in live(self.household_of(visit))
        ]
        page = self._renderer.page("accounts.html", visit.country, session, rows=rows)
        if _the_login(visit).scenario.has("revoked") and session.stumbles.reads > 1:
            self._bank.web_sessions.end(session)
        return page

    def account(self, visit: WebVisit) -> Response:
        """Show one account."""
        place = self.account_of(visit)
        if place is None:
            return self._missing(visit)
        listing = self._listing(visit, place)
        return self._renderer.page(
            "account.html",
            visit.country,
            visit.open_session,
            place=place,
            handle=visit.place,
            booked=listing.booked_cents,
            available=listing.booked_cents + listing.pending_cents,
        )

    def cards(self, visit: WebVisit) -> Response:
        """Show the list of credit cards."""
        session = visit.open_session
        rows = [(card, session.handle(card.number)) for card in self.household_of(visit).cards]
        return self._renderer.page("cards.html", visit.country, session, rows=rows)

    def card(self, visit: WebVisit) -> Response:
        """Show one credit card."""
        place = self._card(visit)
        if place is None:
            return self._missing(visit)
        booked = self._listing(visit, place).booked_cents
        return self._renderer.page(
            "card.html",
            visit.country,
            visit.open_session,
            place=place,
            handle=visit.place,
            booked=booked,
            available=place.limit_cents + booked,
            due_on=due_day(self._bank.clock.today(), place.due_day),
        )

    def history(self, visit: WebVisit) -> Response:
        """Show a page of the history of an account."""
        place = self.account_of(visit)
        return self._missing(visit) if place is None else self._history(visit, place, "accounts")

    def card_history(self, visit: WebVisit) -> Response:
        """Show a page of the history of a card."""
        place = self._card(visit)
        return self._missing(visit) if place is None else self._history(visit, place, "cards")

    def _history(self, visit: WebVisit, place: Account | Card, kind: str) -> Response:
        login, session = _the_login(visit), visit.open_session
        first = _day(visit.query.get("from")) or self._days_ago(_SHORT_HISTORY_DAYS)
        if login.scenario.has("ask-again") and first < self._days_ago(_SHORT_HISTORY_DAYS):
            return self._renderer.page("again.html", visit.country, session)
        listing = self._listing(visit, place)
        start, end = listing.between(first, self._bank.clock.today())
        size = _LARGE_PAGE if end - start > 20 * _PAGE else _PAGE
        low = start + _skipped(visit.query.get("after"))
        high = min(low + size, end)
        page = self._renderer.page(
            "card_history.html" if isinstance(place, Card) else "history.html",
            visit.country,
            session,
            place=place,
            kind=kind,
            handle=visit.place,
            first=first,
            items=listing.booked_items[low:high],
            pending=listing.pending_items if low == start else (),
            following=urlencode({"from": str(first), "after": _cursor(high - start)}) if high < end else "",
        )
        return self._with_faults(login, page)

    def _with_faults(self, login: Login, page: Response) -> Response:
        if login.scenario.has("truncated"):
            raise Cut
        if login.scenario.has("garbage"):
            page.body = b"<!doctype html><title>\xff</title><p>patrz zalacznik"
            page.headers["content-length"] = str(len(page.body))
        return page

    def download(self, visit: WebVisit) -> Response:
        """Give the history of an account as CSV, separated by semicolons."""
        place = self.account_of(visit)
        if place is None:
            return self._missing(visit)
        listing, country = self._listing(visit, place), visit.country
        first = _day(visit.form.get("from")) or self._days_ago(_SHORT_HISTORY_DAYS)
        start, end = listing.between(first, self._bank.clock.today())
        file = io.StringIO()
        writer = csv.writer(file, delimiter=";")
        writer.writerow(("Date", "Booked", "Title", "Party", "Account", "Type", "Amount", "Balance"))
        for item in listing.booked_items[start:end]:
            writer.writerow(
                (
                    formats.day(item.value_on, country),
                    formats.day(item.booked_on, country),
                    item.title,
                    item.party or "",
                    formats.number(item.entry.party_iban, country),
                    item.entry.kind or "",
                    formats.amount(item.cents, country),
                    formats.amount(item.balance_cents or 0, country),
                )
            )
        content = file.getvalue().encode("utf-8-sig")
        return self._renderer.download(content, "text/csv; charset=utf-8", f"history-{visit.place}.csv")

    def profile(self, visit: WebVisit) -> Response:
        """Show the data of the owner who signed in."""
        person = self.household_of(visit).owners[0]
        return self._renderer.page(
            "profile.html",
            visit.country,
            visit.open_session,
            person=person,
            identity=identity(person, visit.country),
        )

    def meet_faults(self, visit: WebVisit) -> Response | None:
        """Return what an owner of some scenarios gets instead of a page, but never of the first one.

        Raises: Cut, where the answer breaks off.
        """
        login, session = _the_login(visit), visit.open_session
        falls = session.stumbles.falls(f"{visit.place} {visit.query}")
        if session.stumbles.reads == 1:
            return None
        if falls and login.scenario.has("flaky"):
            return self._renderer.obstacle(visit.country, Obstacle("error", "Something went wrong.", 500))
        if login.scenario.has("quota"):
            return self._renderer.obstacle(visit.country, LIMIT)
        if login.scenario.has("company-off"):
            return self._renderer.obstacle(visit.country, COMPANY_OFF)
        failure = login.scenario.failure
        if not failure or FAILURES[failure].stage is not Stage.READ:
            return None
        if failure == "IO":
            raise Cut
        if failure == "BankChanged":
            return self._renderer.page("unknown.html", visit.country, session)
        if failure == "SessionExpired":
            self._bank.web_sessions.end(session)
            return self._renderer.go(visit.country, "login?ended=time-out")
        return self._renderer.obstacle(visit.country, obstacle_of(login))

    def _missing(self, visit: WebVisit) -> Response:
        return self._renderer.obstacle(visit.country, Obstacle("missing", "There is no such page.", 404))

    def household_of(self, visit: WebVisit) -> Household:
        """Return what the bank keeps for the owner."""
        return self._bank.books.household(visit.country, _the_login(visit))

    def account_of(self, visit: WebVisit) -> Account | None:
        """Return the account that the address names; `None` for one of nobody, or of somebody else."""
        handle = visit.open_session.handle
        accounts = live(self.household_of(visit))
        return next((place for place in accounts if handle(place.number) == visit.place), None)

    def _card(self, visit: WebVisit) -> Card | None:
        handle = visit.open_session.handle
        return next(
            (card for card in self.household_of(visit).cards if handle(card.number) == visit.place), None
        )

    def _listing(self, visit: WebVisit, place: Account | Card) -> Listing:
        return self._bank.books.listing(visit.country, _the_login(visit), place, self._bank.clock.today())

    def _days_ago(self, days: int) -> date:
        return self._bank.clock.today() - timedelta(days=days)


def live(household: Household) -> list[Account]:
    """List the accounts that are not deleted."""
    return [place for place in household.accounts if place.status != "deleted"]


def _the_login(visit: WebVisit) -> Login:
    if visit.login is None:
        raise RuntimeError("this page is shown after the sign-in only")
    return visit.login


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _cursor(skipped: int) -> str:
    return f"{skipped * 7 + 3:x}"


def _skipped(cursor: str | None) -> int:
    try:
        return max(0, (int(cursor or "3", 16) - 3) // 7)
    except ValueError:
        return 0
