"""The control API: what a test asks the bank, and tells it. Its calls are not counted."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kontobank.authorisations import Approach, new_id
from kontobank.bank import Bank
from kontobank.consents import LONGEST_DAYS, MOST_READS_PER_DAY, Consent, ConsentStatus, Model
from kontobank.countries import COUNTRIES
from kontobank.sca import finish, reject
from kontobank.scenarios import parse_login
from kontobank.statements.desk import Desk
from kontobank.statements.orders import Order, fulfil
from kontobank.statements.periods import NotIssued

_LONGEST_BODY = 64 * 1024
_Kind = TypeVar("_Kind")


class ClockChange(Struct, forbid_unknown_fields=True):
    """How far the bank's clock is ahead of its start."""

    offset_seconds: Annotated[float, Meta(ge=-1e9, le=1e9)]


class BehaviourChange(Struct, forbid_unknown_fields=True):
    """What to switch; what is missing stays."""

    delay_ms: Annotated[float, Meta(ge=0, le=600_000)] | None = None
    down: bool | None = None
    web_down: bool | None = None
    web_maintenance: bool | None = None


class NewConsent(Struct, forbid_unknown_fields=True):
    """Whose consent to make."""

    login: str
    country: str = "pl"


class AppConfirmation(Struct, forbid_unknown_fields=True):
    """What an owner does in the app."""

    login: str
    confirm: bool = True


class ConsentChange(Struct, forbid_unknown_fields=True):
    """What an owner does with a consent: at the moment, revoke it."""

    revoked: bool = True


class Control:
    """The control API of one bank."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/control/calls", self.calls, methods=["GET", "DELETE"]),
            Route("/control/reset", self.reset, methods=["POST"]),
            Route("/control/clock", self.clock, methods=["GET", "PUT"]),
            Route("/control/behaviour", self.behaviour, methods=["GET", "PUT"]),
            Route("/control/consent", self.consent, methods=["POST"]),
            Route("/control/consent/{consent_id}", self.change_consent, methods=["PUT"]),
            Route("/control/app", self.app, methods=["POST"]),
            Route("/control/statement", self.statement, methods=["POST"]),
        ]

    async def calls(self, request: Request) -> Response:
        """Tell what was called since the last reset; or forget it, and nothing else."""
        if request.method == "DELETE":
            self._bank.calls.clear()
            self._bank.web_calls.clear()
        return _json({**self._bank.calls.summary(), "web": self._bank.web_calls.summary()})

    async def reset(self, request: Request) -> Response:
        """Forget consents, sign-ins, tokens and calls; set clock and behaviour back."""
        self._bank.reset()
        return _json({"reset": True})

    async def clock(self, request: Request) -> Response:
        """Tell the bank's time, or move it."""
        if request.method == "PUT":
            change = await _body(request, ClockChange)
            if isinstance(change, Response):
                return change
            self._bank.clock.offset_seconds = change.offset_seconds
        now = self._bank.clock.now().isoformat(timespec="seconds")
        return _json({"now": now, "offset_seconds": self._bank.clock.offset_seconds})

    async def behaviour(self, request: Request) -> Response:
        """Tell how the bank behaves, or switch it."""
        behaviour = self._bank.behaviour
        if request.method == "PUT":
            change = await _body(request, BehaviourChange)
            if isinstance(change, Response):
                return change
            behaviour.delay_ms = behaviour.delay_ms if change.delay_ms is None else change.delay_ms
            behaviour.is_down = behaviour.is_down if change.down is None else change.down
            if change.web_down is not None:
                behaviour.is_web_down = change.web_down
            if change.web_maintenance is not None:
                behaviour.has_web_maintenance = change.web_maintenance
        return _json(
            {
                "delay_ms": behaviour.delay_ms,
                "down": behaviour.is_down,
                "web_down": behaviour.is_web_down,
                "web_maintenance": behaviour.has_web_maintenance,
            }
        )

    async def consent(self, request: Request) -> Response:
        """Make a valid consent for everything, and one that waits to be confirmed, for conformance tools."""
        wanted = await _body(request, NewConsent)
        if isinstance(wanted, Response):
            return wanted
        login, country = parse_login(wanted.login), COUNTRIES.get(wanted.country)
        if login is None or country is None:
            return _json({"error": "There is no such login or country."}, 400)
        consents, clock = self._bank.consents, self._bank.clock
        valid, waiting = (
            consents.add(
                Consent(
                    id=new_id(),
                    country=country,
                    model=Model.GLOBAL,
                    access={"allPsd2": "allAccountsWithOwnerName"},
                    recurring=True,
                    valid_until=clock.today() + timedelta(days=LONGEST_DAYS),
                    frequency_per_day=MOST_READS_PER_DAY,
                    created_at=clock.timestamp(),
                    psu_id=wanted.login,
                )
            )
            for _ in range(2)
        )
        started = self._bank.authorisations.start(waiting.id, Approach.EMBEDDED, psu_id=wanted.login)
        waiting.authorisation_ids.append(started.id)
        done = self._bank.authorisations.start(valid.id, Approach.EMBEDDED, psu_id=wanted.login)
        valid.authorisation_ids.append(done.id)
        finish(self._bank, valid, done, login)
        household = self._bank.books.household(country, login)
        today = clock.today()
        return _json(
            {
                "consentId": valid.id,
                "waitingConsentId": waiting.id,
                "waitingAuthorisationId": started.id,
                "accountIds": [valid.resource_id(account.number) for account in household.accounts],
                "cardAccountIds": [valid.resource_id(card.number) for card in household.cards],
                "transactionIds": [
                    next(iter(self._bank.books.listing(country, login, account, today).places), None)
                    for account in household.accounts
                ],
            },
            201,
        )

    async def change_consent(self, request: Request) -> Response:
        """Let the owner revoke a consent."""
        change = await _body(request, ConsentChange)
        if isinstance(change, Response):
            return change
        consent = self._bank.consents.find(request.path_params["consent_id"])
        if consent is None:
            return _json({"error": "There is no such consent."}, 404)
        if change.revoked and consent.status is ConsentStatus.VALID:
            self._bank.consents.change(consent, ConsentStatus.REVOKED_BY_PSU)
        return _json({"consentStatus": consent.status.value})

    async def app(self, request: Request) -> Response:
        """Let the owner confirm or refuse all that waits in the app."""
        wanted = await _body(request, AppConfirmation)
        if isinstance(wanted, Response):
            return wanted
        login = parse_login(wanted.login)
        waiting = self._bank.authorisations.waiting_in_app(wanted.login)
        for authorisation in waiting:
            consent = self._bank.consents.find(authorisation.consent_id)
            if consent is None or login is None:
                continue
            if wanted.confirm:
                finish(self._bank, consent, authorisation, login)
            else:
                reject(self._bank, consent, authorisation)
        visitors = self._bank.web_sessions.waiting_in_app(wanted.login)
        for visitor in visitors:
            visitor.answered = wanted.confirm
        return _json({"changed": len(waiting) + len(visitors)})

    async def statement(self, request: Request) -> Response:
        """Issue a document as PDF: a statement, a history, or confirmations."""
        order = await _body(request, Order)
        if isinstance(order, Response):
            return order
        try:
            issued = fulfil(Desk(self._bank.books, self._bank.clock.now), order)
        except NotIssued as refusal:
            return _json({"error": str(refusal)}, 400)
        headers = {"content-disposition": f'attachment; filename="{issued.name}"'}
        return Response(issued.pdf, media_type="application/pdf", headers=headers)


async def _body(request: Request, kind: type[_Kind]) -> _Kind | Response:
    """Read a small JSON body; a reply with 400 or 413 where it is not one."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_BODY:
            return _json({"error": "The body is longer than 64 KiB."}, 413)
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return _json({"error": f"The body is not as it should be: {error}"}, 400)


def _json(body: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status, media_type="application/json")
