"""How a request for a page of the web bank is served: switches, session, tokens, the page, the log."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from kontobank.bank import Bank
from kontobank.calls import LoggedCall
from kontobank.countries import COUNTRIES
from kontobank.statements.desk import Desk
from kontobank.web.documents import DocumentPages
from kontobank.web.obstacles import MAINTENANCE, UNAVAILABLE, Obstacle
from kontobank.web.reading import ReadingPages
from kontobank.web.rendering import DEVICE_COOKIE, SESSION_COOKIE, WebRenderer
from kontobank.web.sessions import Stage, new_token
from kontobank.web.sign_in import SignInPages
from kontobank.web.visit import Cut, WebVisit

Show = Callable[[WebVisit], Response]
_LONGEST_BODY = 16 * 1024
_OLD_FORM = Obstacle("old-form", "This page was open for too long, or in two windows. Start again.", 403)
_NOWHERE = Obstacle("missing", "There is no such page.", 404)


class WebBank:
    """The web bank."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._renderer = WebRenderer(bank)
        self._sign_in = SignInPages(bank, self._renderer)
        self._reading = ReadingPages(bank, self._renderer)
        self._documents = DocumentPages(Desk(bank.books, bank.clock.now), self._renderer, self._reading)

    def routes(self) -> list[Route]:
        """Return the routes."""
        sign_in, reading, documents = self._sign_in, self._reading, self._documents
        routes = [
            self._route("login", "showLogin", sign_in.show_login, needs_session=False),
            self._route("login", "enterLogin", sign_in.take_login, is_form=True),
            self._route("picture.png", "showPicture", sign_in.image),
            self._route("logout", "signOut", self._sign_out, is_form=True),
            self._route("password/change", "showHelp", self._help, needs_session=False),
            self._route("terms", "showHelp", self._help, needs_session=False),
            self._route("settings/third-parties", "showHelp", self._help, needs_session=False),
            self._route("accounts", "showAccounts", self._signed_in(reading.accounts)),
            self._route("accounts/{place}", "showAccount", self._signed_in(reading.account)),
            self._route("accounts/{place}/history", "showHistory", self._signed_in(reading.history)),
            self._route(
                "accounts/{place}/download",
                "downloadHistory",
                self._signed_in(reading.download),
                is_form=True,
            ),
            self._route("cards", "showCards", self._signed_in(reading.cards)),
            self._route("cards/{place}", "showCard", self._signed_in(reading.card)),
            self._route("cards/{place}/history", "showCardHistory", self._signed_in(reading.card_history)),
            self._route("statements", "showStatements", self._signed_in(documents.statements)),
            self._route(
                "accounts/{place}/statement", "downloadStatement", self._signed_in(documents.statement)
            ),
            self._route(
                "accounts/{place}/confirmation",
                "downloadConfirmation",
                self._signed_in(documents.confirmation),
            ),
            self._route("profile", "showProfile", self._signed_in(reading.profile)),
        ]
        for stage in Stage:
            name = stage.value.capitalize()
            routes.append(self._route(stage.value, f"show{name}", _at(sign_in.show, stage)))
            routes.append(self._route(stage.value, f"enter{name}", _at(sign_in.take, stage), is_form=True))
        return routes

    def _route(
        self, path: str, name: str, show: Show, *, is_form: bool = False, needs_session: bool = True
    ) -> Route:
        endpoint = self._served(name, show, is_form=is_form, needs_session=needs_session)
        return Route(f"/web/{{country}}/{path}", endpoint, methods=["POST" if is_form else "GET"])

    def _served(
        self, name: str, show: Show, *, is_form: bool, needs_session: bool
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            bank, form = self._bank, await _form(request) if is_form else {}
            country = COUNTRIES.get(request.path_params["country"])
            if country is None:
                return self._renderer.obstacle(COUNTRIES["pl"], _NOWHERE)
            session = bank.web_sessions.find(request.cookies.get(SESSION_COOKIE, ""))
            if session is not None and session.country is not country:
                session = None
            device = request.cookies.get(DEVICE_COOKIE) or new_token()
            visit = WebVisit(
                country, session, device, form, request.query_params, request.path_params.get("place", "")
            )
            reply = self._answer(visit, show, is_form=is_form, needs_session=needs_session)
            login = visit.login
            bank.web_calls.add(
                LoggedCall(bank.clock.now(), name, login.name if login else None, None, reply.status_code)
            )
            seconds = (login.scenario.slow_seconds if login else 0.0) + bank.behaviour.delay_ms / 1000
            if seconds:
                await asyncio.sleep(seconds)
            return reply

        return endpoint

    def _answer(self, visit: WebVisit, show: Show, *, is_form: bool, needs_session: bool) -> Response:
        if self._bank.behaviour.is_web_down:
            return self._renderer.obstacle(visit.country, UNAVAILABLE)
        if self._bank.behaviour.has_web_maintenance:
            return self._renderer.obstacle(visit.country, MAINTENANCE)
        if visit.session is None and needs_session:
            return self._renderer.forget(
                self._renderer.go(visit.country, "login?ended=time-out"), visit.country
            )
        if is_form and not self._is_our_form(visit):
            return self._renderer.obstacle(visit.country, _OLD_FORM)
        try:
            return show(visit)
        except Cut:
            return _CutReply()

    def _is_our_form(self, visit: WebVisit) -> bool:
        """Tell whether a form is one of ours, and in the sign-in the newest."""
        session = visit.open_session
        if not secrets.compare_digest(visit.form.get("_csrf", "").encode(), session.csrf.encode()):
            return False
        is_newest = secrets.compare_digest(visit.form.get("flow", "").encode(), session.flow.encode())
        return is_newest or session.is_signed_in

    def _signed_in(self, show: Show) -> Show:
        def shown(visit: WebVisit) -> Response:
            if not visit.open_session.is_signed_in:
                return self._renderer.go(visit.country, "login?ended=time-out")
            return self._reading.meet_faults(visit) or show(visit)

        return shown

    def _sign_out(self, visit: WebVisit) -> Response:
        self._bank.web_sessions.end(visit.open_session)
        return self._renderer.forget(
            self._renderer.go(visit.country, "login?ended=signed-out"), visit.country
        )

    def _help(self, visit: WebVisit) -> Response:
        return self._renderer.page("help.html", visit.country)


class _CutReply(Response):
    """An answer that breaks off in the middle."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send half of a page, then close the connection."""
        body = b"<!doctype html><html><body><main id=" + b"x" * 200
        headers = [(b"content-type", b"text/html"), (b"content-length", b"4000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": True})
        transport: Any = scope.get("extensions", {}).get("kontobank.transport")
        if transport is not None:
            transport.close()
            await asyncio.sleep(0.05)


def _at(step: Callable[[WebVisit, Stage], Response], stage: Stage) -> Show:
    return lambda visit: step(visit, stage)


async def _form(request: Request) -> dict[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_BODY:
            return {}
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=100))
    except ValueError:
        return {}
