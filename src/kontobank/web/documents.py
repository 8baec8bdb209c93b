"""Documents to keep, for an owner who is signed in: statements and confirmations as PDF. In Poland only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from starlette.responses import Response

from kontobank.ledger import Account
from kontobank.scenarios import Login
from kontobank.statements.desk import Desk, Issued
from kontobank.statements.periods import NotIssued
from kontobank.web.obstacles import Obstacle
from kontobank.web.reading import ReadingPages, live
from kontobank.web.rendering import WebRenderer
from kontobank.web.visit import WebVisit

_MISSING = Obstacle("missing", "There is no such document.", 404)
_COUNTRY = "pl"


class DocumentPages:
    """The page of statements, and the documents."""

    def __init__(self, desk: Desk, renderer: WebRenderer, reading: ReadingPages) -> None:
        self._desk = desk
        self._renderer = renderer
        self._reading = reading

    def statements(self, visit: WebVisit) -> Response:
        """Show which statements there are."""
        if visit.country.code != _COUNTRY:
            return self._renderer.obstacle(visit.country, _MISSING)
        session = visit.open_session
        accounts = live(self._reading.household_of(visit))
        return self._renderer.page(
            "statements.html",
            visit.country,
            session,
            rows=[(one, session.handle(one.number), self._desk.months(one)) for one in accounts],
            since={one.number: self._desk.kept_since(one) for one in accounts},
            today=self._desk.today(),
        )

    def statement(self, visit: WebVisit) -> Response:
        """Give the statement of a month (`month`), or of chosen days (`from`, `to`)."""

        def issued(login: Login, account: Account) -> Issued:
            if "from" not in visit.query:
                return self._desk.statement_of_month(login, account, visit.query.get("month"))
            first, last = _day(visit.query["from"]), _day(visit.query.get("to"))
            if first is None:
                raise NotIssued("A history needs its first day.")
            return self._desk.statement_of_days(login, account, first, last)

        return self._given(visit, issued)

    def confirmation(self, visit: WebVisit) -> Response:
        """Give the confirmation of one money transaction."""
        numbers = [visit.query.get("number", "")]
        is_unbooked = visit.query.get("unbooked") == "1"
        return self._given(
            visit,
            lambda login, account: self._desk.confirmations(login, account, numbers, is_unbooked=is_unbooked),
        )

    def _given(self, visit: WebVisit, issue: Callable[[Login, Account], Issued]) -> Response:
        account, login = self._reading.account_of(visit), visit.login
        if account is None or login is None or visit.country.code != _COUNTRY:
            return self._renderer.obstacle(visit.country, _MISSING)
        try:
            issued = issue(login, account)
        except NotIssued:
            return self._renderer.obstacle(visit.country, _MISSING)
        return self._renderer.download(issued.pdf, "application/pdf", issued.name)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
