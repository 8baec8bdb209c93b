"""One step of a sign-in: go as far as the owner's answers reach, then ask, or be signed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

import msgspec
from yarl import URL

from kontora.connectors.protocol import (
    Access,
    Answer,
    Challenge,
    CredentialKind,
    Secret,
    SignInRequest,
    SignInStep,
)
from kontora.connectors.standards.berlin_group import sca
from kontora.connectors.standards.berlin_group.access import Challenged, Redirect, State
from kontora.connectors.standards.berlin_group.calls import Calls
from kontora.connectors.standards.berlin_group.consent import Validity, consent_body, valid_consent
from kontora.connectors.standards.berlin_group.oauth import OAuth, parse_return
from kontora.connectors.standards.berlin_group.sca import Need, Next
from kontora.connectors.standards.json_fields import a_text
from kontora.errors import (
    BankChanged,
    InvalidArgument,
    InvalidCredentials,
    SignInCancelled,
    UnsupportedLoginMethod,
)

_MOST_MOVES = 20


class SignIn:
    """One step of one sign-in; used once."""

    def __init__(
        self, calls: Calls, request: SignInRequest, answers: Sequence[Answer], access: Access | None
    ) -> None:
        self._calls = calls
        self._dialect = calls.dialect
        self._request = request
        self._answers = list(answers)
        self._state = State(recurring=request.recurring) if access is None else State.opened(access)
        self._browser = request.redirect_uri is not None or self._state.redirect is not None
        self._may_ask_secrets = calls.dialect.embedded and calls.surroundings.practice
        self._came_back = False

    async def step(self) -> SignInStep:
        """Take the step.

        Raises: OwnerError, BankError, OperatorError; InvalidArgument, if an answer does not fit.
        """
        if self._state.consent_id is None and (questions := await self._create_consent()):
            return self._ask(*questions)
        for _ in range(_MOST_MOVES):
            asked = await self._move(sca.next_need(self._state, browser=self._browser))
            if asked is None:
                return await self._signed_in()
            if asked:
                return self._ask(*asked)
        raise BankChanged(f"{self._where()}: the sign-in goes round in circles.")

    def _ask(self, *challenges: Challenge) -> SignInStep:
        return SignInStep(self._state.sealed(), challenges)

    def _where(self) -> str:
        return f"{self._calls.surroundings.line.target}, sign-in"

    def _take(self, kind: CredentialKind) -> Secret | None:
        """Take the first answer of this kind; each answer is used once."""
        for index, answer in enumerate(self._answers):
            if answer.kind is kind:
                return self._answers.pop(index).value
        return None

    async def _create_consent(self) -> tuple[Challenge, ...]:
        """Create the consent; return the question for the login if it is needed and missing."""
        headers = self._calls.headers(self._request.psu)
        if self._browser:
            uri, state = self._request.redirect_uri or "", self._request.state or self._fresh()
            named = self._dialect.state_in_redirect_uri
            back = _with_query(uri, state=state) if named else uri
            headers |= {
                "TPP-Redirect-Preferred": "true",
                "TPP-Redirect-URI": back,
                "TPP-Nok-Redirect-URI": _with_query(back, error="access_denied"),
            }
            redirect = Redirect(state=state, redirect_uri=back, state_is_in_uri=named)
            self._state = msgspec.structs.replace(self._state, redirect=redirect)
        else:
            if not self._may_ask_secrets:
                raise UnsupportedLoginMethod(
                    f"{self._where()}: this bank is signed in to on its own pages only."
                )
            login = self._take(CredentialKind.STATIC_LOGIN)
            if login is None:
                return self._first_questions()
            headers |= {"TPP-Redirect-Preferred": "false", "PSU-ID": _header(login)}
            self._state = msgspec.structs.replace(self._state, psu_id=login.reveal())
        if self._dialect.prefer_explicit:
            headers["TPP-Explicit-Authorisation-Preferred"] = "true"
        offered = self._browser and self._dialect.bank_offered
        today = self._calls.surroundings.now().date()
        consent = consent_body(self._dialect, today, offered=offered, recurring=self._state.recurring)
        self._state = msgspec.structs.replace(
            self._state, valid_until=date.fromisoformat(consent["validUntil"])
        )
        url = self._calls.url("/v1/consents")
        body, came_from = await self._calls.read("createConsent", "POST", url, headers, body=consent)
        with self._calls.understanding("createConsent"):
            consent_id = a_text(body.get("consentId"), "consentId")
            if consent_id is None or not consent_id.isascii() or not consent_id.isprintable():
                raise BankChanged("consentId is missing")
            self._state = sca.advanced(
                msgspec.structs.replace(self._state, consent_id=consent_id), body, came_from
            )
        return ()

    def _first_questions(self) -> tuple[Challenge, ...]:
        login = Challenge(kind=CredentialKind.STATIC_LOGIN, name="Login")
        return (login, _PASSWORD) if self._dialect.ask_password_too else (login,)

    async def _move(self, coming: Next) -> tuple[Challenge, ...] | None:
        """Do what comes next. Return what to ask; nothing to go on; `None` when the owner is done."""
        if coming.need in {Need.PASSWORD, Need.CODE} and not self._may_ask_secrets:
            raise UnsupportedLoginMethod(
                f"{self._where()}: the bank wants the password to pass through here."
            )
        match coming.need:
            case Need.FINISHED:
                return None
            case Need.FAILED:
                raise SignInCancelled(f"{self._where()}: the bank ended the confirmation as failed.")
            case Need.START | Need.IDENTIFY:
                return await self._update(coming, {})
            case Need.PASSWORD:
                return await self._entered(coming, _PASSWORD, lambda text: {"psuData": {"password": text}})
            case Need.CHOOSE:
                return await self._choose(coming)
            case Need.CODE:
                question = sca.code_challenge(self._state)
                return await self._entered(coming, question, lambda text: {"scaAuthenticationData": text})
            case Need.CONFIRM:
                return await self._update(coming, {"confirmationCode": self._state.confirmation_code})
            case Need.WAIT:
                return await self._wait(coming)
            case Need.OAUTH | Need.REDIRECT:
                return await self._redirect(coming)

    async def _entered(
        self, coming: Next, question: Challenge, body: Callable[[str], dict[str, Any]]
    ) -> tuple[Challenge, ...]:
        """Send what the owner entered, or ask for it."""
        answer = self._take(question.kind)
        if answer is None:
            return (question,)
        return await self._update(coming, body(answer.reveal()), credentials=True)

    async def _update(
        self, coming: Next, body: dict[str, Any], *, credentials: bool = False
    ) -> tuple[Challenge, ...]:
        """Send data of the owner, at most once, and take in what the bank offers next."""
        operation = "startConsentAuthorisation" if coming.method == "POST" else "updateConsentsPsuData"
        headers = self._headers()
        if self._state.psu_id is not None and (coming.method == "POST" or coming.need is Need.IDENTIFY):
            headers["PSU-ID"] = self._state.psu_id
        answer, came_from = await self._calls.read(
            operation, coming.method, coming.url, headers, body=body, credentials=credentials
        )
        state = self._state
        if coming.method == "PUT":
            state = msgspec.structs.replace(state, resource=coming.url)
        if coming.need is Need.CHOOSE:
            state = msgspec.structs.replace(state, methods=())
        with self._calls.understanding(operation):
            if answer.get("scaStatus") is None:
                raise BankChanged("scaStatus is missing")
            self._state = sca.advanced(state, answer, came_from)
        if credentials and self._state.sca_status == "failed":
            raise InvalidCredentials(f"{self._where()}: {InvalidCredentials.default_message}")
        return ()

    async def _choose(self, coming: Next) -> tuple[Challenge, ...]:
        methods = self._state.methods
        if not methods:
            raise BankChanged(f"{self._where()}: the bank asks to choose, and offers nothing.")
        choice = self._take(CredentialKind.CHOICE)
        wanted = methods[0].id if choice is None and len(methods) == 1 else choice and choice.reveal()
        if wanted is None:
            return (sca.method_challenge(methods, self._state.psu_message),)
        chosen = next((method for method in methods if method.id == wanted), None)
        if chosen is None:
            raise InvalidArgument(f"{self._where()}: the choice is not one of the options.")
        self._state = msgspec.structs.replace(self._state, challenge=Challenged(kind=chosen.kind))
        return await self._update(coming, {"authenticationMethodId": chosen.id})

    async def _wait(self, coming: Next) -> tuple[Challenge, ...] | None:
        """Ask once how far the confirmation in the bank's app is, if the owner says that it is done."""
        question = Challenge(
            kind=CredentialKind.APP_CONFIRMATION,
            name="Confirm in your bank's app",
            description=self._state.psu_message,
        )
        if self._take(CredentialKind.APP_CONFIRMATION) is None:
            return (question,)
        operation = "getConsentScaStatus" if "scaStatus" in self._state.links else "getConsentStatus"
        body, _ = await self._calls.read(operation, "GET", coming.url, self._headers())
        with self._calls.understanding(operation):
            status = a_text(body.get("scaStatus"), "scaStatus")
            consent = a_text(body.get("consentStatus"), "consentStatus")
            message = a_text(body.get("psuMessage"), "psuMessage")
        if status == "failed" or consent == "rejected":
            raise SignInCancelled(f"{self._where()}: {SignInCancelled.default_message}")
        if status in sca.FINISHED or consent == "valid":
            return None
        if message is not None:
            self._state = msgspec.structs.replace(self._state, psu_message=message)
        return (msgspec.structs.replace(question, description=self._state.psu_message),)

    async def _redirect(self, coming: Next) -> tuple[Challenge, ...] | None:
        """Send the owner to the bank's page, or take them in when they come back."""
        redirect = self._state.redirect
        if redirect is None:
            raise UnsupportedLoginMethod(f"{self._where()}: the bank wants the owner on its own pages.")
        returned = self._take(CredentialKind.REDIRECT)
        if returned is not None:
            return await self._returned(returned.reveal(), redirect)
        url = coming.url
        if coming.need is Need.OAUTH:
            scope = f"AIS:{self._state.consent_id}"
            url, redirect = await OAuth(self._calls).begin(coming.url, scope, redirect, self._request.psu)
            self._state = msgspec.structs.replace(self._state, redirect=redirect)
        with self._calls.understanding("createConsent"):
            url = self._calls.surroundings.line.reach.page(url)
        return (Challenge(kind=CredentialKind.REDIRECT, url=url, description=self._state.psu_message),)

    async def _returned(self, query: str, redirect: Redirect) -> tuple[Challenge, ...] | None:
        parameters, code = parse_return(query, redirect, self._where())
        tokens = None
        if redirect.verifier is not None and code is not None:
            tokens = await OAuth(self._calls).tokens(code, redirect, self._request.psu)
        self._came_back = True
        confirmation = self._state.links.get("confirmation")
        links = {name: link for name, link in self._state.links.items() if name in {"status", "scaStatus"}}
        self._state = msgspec.structs.replace(
            self._state,
            redirect=None,
            tokens=tokens,
            links=links | ({"confirmation": confirmation} if confirmation else {}),
            confirmation_code=parameters.get("confirmationCode") or (None if redirect.verifier else code),
        )
        if confirmation is not None and self._state.confirmation_code is not None:
            return ()
        return None

    async def _signed_in(self) -> SignInStep:
        """Make sure that the consent is valid, and keep only what reading needs."""
        state = self._state
        validity = Validity()
        if self._dialect.check_consent or state.recurring or (self._came_back and state.tokens is None):
            validity = await valid_consent(self._calls, state, self._headers())
        kept = State(
            consent_id=state.consent_id,
            tokens=state.tokens,
            valid_until=validity.until or state.valid_until,
            sca_at=self._calls.surroundings.now(),
            recurring=state.recurring and validity.recurring is not False,
        )
        return SignInStep(kept.sealed(signed_in=True))

    def _headers(self) -> dict[str, str]:
        headers = self._calls.headers(self._request.psu)
        if self._state.tokens is not None:
            headers["Authorization"] = f"Bearer {self._state.tokens.access}"
        return headers

    def _fresh(self) -> str:
        return self._calls.surroundings.random_bytes(24).hex()


_PASSWORD = Challenge(kind=CredentialKind.STATIC_PASSWORD, name="Password", asterisked=True)


def _header(login: Secret) -> str:
    value = login.reveal()
    if not value.strip() or not value.isprintable() or len(value) > 200:
        raise InvalidCredentials("The login is empty or holds characters that no login has.")
    return value


def _with_query(uri: str, **more: str) -> str:
    separator = "&" if URL(uri, encoded=True).raw_query_string else "?"
    return uri + separator + urlencode(more)
