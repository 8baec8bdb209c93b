"""The two steps of a sign-in: send the owner to the bank, then take them in with a pair of consents."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from kontora.connectors.protocol import (
    Access,
    Answer,
    Challenge,
    CredentialKind,
    SignInRequest,
    SignInStep,
)
from kontora.connectors.standards.json_fields import a_text
from kontora.connectors.standards.polish_api.access import Granted, Redirect, State, Tokens
from kontora.connectors.standards.polish_api.calls import Calls
from kontora.connectors.standards.polish_api.consent import (
    LIST_SCOPE,
    is_masked_form,
    list_consent,
    read_consent,
)
from kontora.connectors.standards.polish_api.listing import Listed, read_account_list
from kontora.connectors.standards.polish_api.tokens import TokenDesk
from kontora.connectors.standards.returns import check_state, returned_failure, returned_parameters
from kontora.errors import BankChanged, InvalidArgument, UnsupportedLoginMethod


class SignIn:
    """One step of one sign-in; used once."""

    def __init__(
        self, calls: Calls, request: SignInRequest, answers: Sequence[Answer], access: Access | None
    ) -> None:
        self._calls = calls
        self._request = request
        self._answers = answers
        self._state = State(recurring=request.recurring) if access is None else State.opened(access)

    async def step(self) -> SignInStep:
        """Take the step.

        Raises: OwnerError, BankError, OperatorError; InvalidArgument, if an answer does not fit.
        """
        redirect = self._state.redirect
        if redirect is None:
            return await self._send_off()
        returned = next((one for one in self._answers if one.kind is CredentialKind.REDIRECT), None)
        if returned is None:
            return self._ask(redirect)
        self._calls = self._calls.trusting(self._state.bank_keys)
        return await self._take_in(returned.value.reveal(), redirect)

    def _ask(self, redirect: Redirect) -> SignInStep:
        challenge = Challenge(kind=CredentialKind.REDIRECT, url=redirect.url)
        return SignInStep(self._state.sealed(), (challenge,))

    @property
    def _where(self) -> str:
        return f"{self._calls.surroundings.line.target}, sign-in"

    async def _send_off(self) -> SignInStep:
        """Ask for the first consent, and send the owner to the bank's page."""
        if self._request.redirect_uri is None:
            raise UnsupportedLoginMethod(f"{self._where}: this bank is signed in to on its own pages only.")
        keys = await self._calls.published_keys()
        self._calls = self._calls.trusting(keys)
        consent_id = self._fresh_id()
        state = self._request.state or self._calls.surroundings.random_bytes(24).hex()
        body = {
            "response_type": "code",
            "client_id": self._calls.client_id,
            "redirect_uri": self._request.redirect_uri,
            "scope": LIST_SCOPE,
            "scope_details": list_consent(consent_id, self._until()),
            "state": state,
        }
        answer = await self._calls.read("authorize", "auth", body, self._request.psu)
        with self._calls.understanding("authorize"):
            url = a_text(answer.get("aspspRedirectUri"), "aspspRedirectUri")
            if url is None:
                raise BankChanged("aspspRedirectUri is missing")
            url = self._calls.surroundings.line.reach.page(url)
        redirect = Redirect(state, self._request.redirect_uri, url)
        self._state = msgspec.structs.replace(
            self._state,
            consent_ids=(consent_id,),
            redirect=redirect,
            bank_keys=keys,
            history_days=self._history_days(),
        )
        return self._ask(redirect)

    async def _take_in(self, query: str, redirect: Redirect) -> SignInStep:
        """Exchange the owner's code, list the accounts, and get the consent to read them."""
        parameters = returned_parameters(query, self._where)
        check_state(parameters, redirect.state, self._where)
        if "error" in parameters:
            raise returned_failure(parameters["error"], self._where)
        code = parameters.get("code")
        if not code:
            raise InvalidArgument(f"{self._where}: the redirect brings no code.")
        tokens, scope = await TokenDesk(self._calls).for_code(code, redirect, self._request.psu)
        listed = await read_account_list(self._calls, tokens.access, self._request.psu)
        done = msgspec.structs.replace(
            self._state,
            redirect=None,
            tokens=tokens,
            valid_until=scope.valid_until,
            sca_at=self._calls.surroundings.now(),
        )
        if listed:
            done = await self._with_reading(done, tokens, listed)
        return SignInStep(done.sealed(signed_in=True))

    async def _with_reading(self, state: State, tokens: Tokens, listed: Sequence[Listed]) -> State:
        consent_id = self._fresh_id()
        numbers = [one.number for one in listed]
        wanted = read_consent(consent_id, self._until(), numbers, state.history_days)
        tokens, scope = await TokenDesk(self._calls).exchanged(tokens, wanted, self._request.psu)
        granted = scope.accounts
        if granted is None:
            granted = tuple(Granted(number, history_days=state.history_days) for number in numbers)
        return msgspec.structs.replace(
            state,
            consent_ids=(*state.consent_ids, scope.consent_id or consent_id),
            tokens=tokens,
            accounts=tuple(_told_apart(one, listed) for one in granted),
            valid_until=scope.valid_until or self._until().date(),
        )

    def _until(self) -> datetime:
        """Return when the access should end; one that is used once ends a day later."""
        days = self._calls.dialect.consent_days if self._state.recurring else 1
        return self._calls.surroundings.now() + timedelta(days=days)

    def _history_days(self) -> int:
        if self._request.since is None:
            return self._calls.dialect.history_days
        today = self._calls.surroundings.now().date()
        return max((today - self._request.since).days + 1, 1)

    def _fresh_id(self) -> str:
        return str(uuid.UUID(bytes=self._calls.surroundings.random_bytes(16), version=4))


def _told_apart(granted: Granted, listed: Sequence[Listed]) -> Granted:
    """Note whether an account is a card, as far as the list tells it: its numbers are partly masked."""
    kinds = {one.is_card for one in listed if is_masked_form(one.number, granted.number)}
    return msgspec.structs.replace(granted, is_card=kinds.pop() if len(kinds) == 1 else None)
