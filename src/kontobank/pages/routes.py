"""The owner's way through the bank's pages: login, accounts, code, and back to the third party."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kontobank.api.answers import Refusal
from kontobank.authorisations import Authorisation
from kontobank.bank import Bank
from kontobank.consents import Consent, ConsentStatus, Model, referenced_numbers
from kontobank.ledger import Account, Card
from kontobank.oauth import enter, with_query
from kontobank.pages.rendering import Renderer
from kontobank.sca import enter_code, enter_password, reject
from kontobank.visits import Visit

COOKIE = "kontobank_visit"
_LONGEST_BODY = 16 * 1024
_HURRIED_SECONDS = 300
Form = dict[str, list[str]]


class Stay:
    """Where an owner is: the visit, and the authorisation and consent it is about."""

    def __init__(self, visit: Visit, authorisation: Authorisation, consent: Consent) -> None:
        self.visit, self.authorisation, self.consent = visit, authorisation, consent

    @property
    def party(self) -> str:
        """Return the name of the third party, as far as its address tells."""
        return urlsplit(self.consent.redirect_uri or "").hostname or "A third party"

    def way_back(self, refusal: Refusal | None = None) -> str:
        """Return the address of the third party; with what went wrong, if anything did."""
        consent, oauth = self.consent, self.visit.oauth
        state = {"state": oauth.state} if oauth and oauth.state is not None else {}
        if refusal is None:
            return with_query(consent.redirect_uri or "", state)
        address = consent.nok_redirect_uri or consent.redirect_uri or ""
        return with_query(address, {"error": "access_denied", "error_description": refusal.text, **state})


class Pages:
    """The pages of one bank."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._renderer = Renderer(bank)

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/pages/start/{authorisation_id}", self.start, methods=["GET"]),
            Route("/pages/style.css", self._renderer.style, methods=["GET"]),
            Route("/pages/web.css", self._renderer.web_style, methods=["GET"]),
            Route("/pages/login", self._staying(self.show_login, self.login), methods=["GET", "POST"]),
            Route(
                "/pages/accounts", self._staying(self.show_accounts, self.accounts), methods=["GET", "POST"]
            ),
            Route("/pages/code", self._staying(self.show_code, self.code), methods=["GET", "POST"]),
            Route("/pages/cancel", self._staying(self.show_login, self.cancel), methods=["GET", "POST"]),
        ]

    async def start(self, request: Request) -> Response:
        """Begin a visit from the link `scaRedirect`."""
        authorisation = self._bank.authorisations.find(request.path_params["authorisation_id"])
        if authorisation is None or authorisation.is_over() or authorisation.is_oauth:
            return self._renderer.lost()
        return enter(self._bank, self._bank.visits.add(Visit(authorisation.id)))

    def show_login(self, stay: Stay) -> Response:
        """Show the form for login and password."""
        return self._login_page(stay, stay.authorisation.psu_id or "")

    def login(self, stay: Stay, form: Form) -> Response:
        """Check login and password."""
        name = _first(form, "login").strip()
        try:
            stay.visit.login = enter_password(
                self._bank, stay.consent, stay.authorisation, name, _first(form, "password")
            )
        except Refusal as refusal:
            if stay.authorisation.is_over():
                return self._ended(stay, refusal)
            return self._login_page(
                stay, name, "The login or the password is wrong. Check both and try again."
            )
        return self._go("accounts")

    def show_accounts(self, stay: Stay) -> Response:
        """Show which accounts will be shared."""
        if stay.visit.login is None:
            return self._go("login")
        return self._accounts_page(stay)

    def accounts(self, stay: Stay, form: Form) -> Response:
        """Take the choice of accounts."""
        if stay.visit.login is None:
            return self._go("login")
        places = self._places(stay)
        if stay.consent.model is Model.BANK_OFFERED:
            ticked = {int(one) for one in form.get("account", []) if one.isdecimal() and len(one) < 4}
            if places and not ticked:
                return self._accounts_page(stay, ticked=ticked, error="Tick at least one account, or cancel.")
            places = [place for index, place in enumerate(places) if index in ticked]
            stay.visit.chosen = frozenset(place.number for place in places)
        return self._go("code")

    def show_code(self, stay: Stay) -> Response:
        """Show the form for the SMS code."""
        if stay.visit.login is None:
            return self._go("login")
        return self._code_page(stay)

    def code(self, stay: Stay, form: Form) -> Response:
        """Check the code, and send the owner back."""
        if stay.visit.login is None:
            return self._go("login")
        if stay.consent.model is Model.BANK_OFFERED and stay.visit.chosen is None:
            return self._go("accounts")
        try:
            enter_code(
                self._bank, stay.consent, stay.authorisation, _first(form, "code").strip(), stay.visit.chosen
            )
        except Refusal as refusal:
            if stay.authorisation.is_over():
                return self._ended(stay, refusal)
            return self._code_page(stay, "The code is wrong. Look at the newest SMS and try again.")
        self._bank.visits.end(stay.visit)
        return self._leave(self._successful_address(stay))

    def cancel(self, stay: Stay, form: Form) -> Response:
        """End the sign-in, and send the owner back."""
        reject(self._bank, stay.consent, stay.authorisation)
        self._bank.visits.end(stay.visit)
        return self._leave(
            stay.way_back(Refusal(400, "SCA_INVALID", "KontoBank: SignInCancelled. Cancelled by the owner."))
        )

    def _successful_address(self, stay: Stay) -> str:
        oauth = stay.visit.oauth
        if oauth is None:
            return stay.way_back()
        code = self._bank.tokens.new_code(
            stay.consent.id, oauth.client_id, oauth.redirect_uri, oauth.challenge
        )
        return with_query(stay.way_back(), {"code": code})

    def _staying(
        self, show: Callable[[Stay], Response], take: Callable[[Stay, Form], Response]
    ) -> Callable[[Request], Awaitable[Response]]:
        """Return an endpoint that finds out where the owner is; entries need the token of the form."""

        async def endpoint(request: Request) -> Response:
            form = await _form(request) if request.method == "POST" else {}
            stay = self._stay(request)
            if stay is None:
                return self._renderer.lost()
            if request.method != "POST":
                return show(stay)
            if not secrets.compare_digest(_first(form, "csrf").encode(), stay.visit.csrf.encode()):
                return self._renderer.forged()
            return take(stay, form)

        return endpoint

    def _stay(self, request: Request) -> Stay | None:
        visit = self._bank.visits.find(request.cookies.get(COOKIE, ""))
        authorisation = self._bank.authorisations.find(visit.authorisation_id) if visit else None
        consent = self._bank.consents.find(authorisation.consent_id) if authorisation else None
        if visit is None or authorisation is None or consent is None or authorisation.is_over():
            return None
        waited = self._bank.clock.timestamp() - consent.created_at
        is_hurried = visit.login is not None and visit.login.scenario.quirk == 22
        if consent.status is not ConsentStatus.RECEIVED or (is_hurried and waited > _HURRIED_SECONDS):
            return None
        return Stay(visit, authorisation, consent)

    def _places(self, stay: Stay) -> list[Account | Card]:
        if stay.visit.login is None:
            return []
        places = self._bank.books.household(stay.consent.country, stay.visit.login).places()
        if stay.consent.model is Model.DEDICATED:
            named = referenced_numbers(stay.consent.access, "accounts", "balances", "transactions")
            places = [place for place in places if place.number in named]
        return places

    def _login_page(self, stay: Stay, login: str, error: str = "") -> Response:
        return self._renderer.page(
            "login.html", stay.visit, stay.consent, step=1, party=stay.party, login=login, error=error
        )

    def _accounts_page(self, stay: Stay, ticked: set[int] | None = None, error: str = "") -> Response:
        places = self._places(stay)
        return self._renderer.page(
            "accounts.html",
            stay.visit,
            stay.consent,
            step=2,
            party=stay.party,
            error=error,
            places=places,
            ticked=set(range(len(places))) if ticked is None else ticked,
            can_choose=stay.consent.model is Model.BANK_OFFERED,
            recurring=stay.consent.recurring,
            valid_until=stay.consent.valid_until,
        )

    def _code_page(self, stay: Stay, error: str = "") -> Response:
        count = len(self._places(stay) if stay.visit.chosen is None else stay.visit.chosen)
        return self._renderer.page(
            "code.html",
            stay.visit,
            stay.consent,
            step=3,
            party=stay.party,
            error=error,
            count=count,
            valid_until=stay.consent.valid_until,
        )

    def _ended(self, stay: Stay, refusal: Refusal) -> Response:
        self._bank.visits.end(stay.visit)
        return self._renderer.ended(refusal.text, stay.way_back(refusal), stay.party)

    def _go(self, page: str) -> Response:
        return RedirectResponse(f"{self._bank.pages_url}/pages/{page}", 303)

    def _leave(self, address: str) -> Response:
        reply = RedirectResponse(address, 303)
        reply.delete_cookie(COOKIE, path="/pages", httponly=True, samesite="lax")
        return self._renderer.secured(reply)


def _first(form: Form, name: str) -> str:
    return form.get(name, [""])[0]


async def _form(request: Request) -> Form:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_BODY:
            return {}
    try:
        return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=100)
    except ValueError:
        return {}
