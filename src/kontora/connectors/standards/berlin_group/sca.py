"""What a sign-in needs next, read from the bank's links: never a fixed script.

Source: Berlin Group XS2A 1.3.11, sections 5 and 7; `spec/psd2.md` 1.3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import msgspec

from kontora.connectors.protocol import AnswerForm, Challenge, CredentialKind, Subject
from kontora.connectors.standards.berlin_group.access import Challenged, Method, State
from kontora.connectors.standards.berlin_group.fields import links_of
from kontora.connectors.standards.json_fields import Json, a_list, a_text, an_object, an_optional_object
from kontora.errors import BankChanged, UnsupportedLoginMethod

FINISHED = frozenset({"finalised", "exempted"})
_LONGEST_CODE = 100
_LASTING = frozenset({"status", "scaStatus", "self"})
_CODE_KINDS = {
    "SMS_OTP": (CredentialKind.SMS_CODE, "SMS code"),
    "SMTP_OTP": (CredentialKind.SMS_CODE, "E-mail code"),
    "CHIP_OTP": (CredentialKind.HARDWARE_TOKEN, "Code from your device"),
    "PHOTO_OTP": (CredentialKind.PICTURE, "Code from the picture"),
    "PUSH_OTP": (CredentialKind.MOBILE_OTP, "Code from the app"),
}


class Need(Enum):
    """What comes next."""

    OAUTH = auto()
    REDIRECT = auto()
    START = auto()
    IDENTIFY = auto()
    PASSWORD = auto()
    CHOOSE = auto()
    CODE = auto()
    CONFIRM = auto()
    WAIT = auto()
    FINISHED = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next, and where to send it: a new resource (POST) or an existing one (PUT)."""

    need: Need
    method: str = "PUT"
    url: str = ""


_PAGES = (("scaOAuth", Need.OAUTH), ("scaRedirect", Need.REDIRECT))
_FORMS = (
    ("authoriseTransaction", Need.CODE, "PUT"),
    ("startAuthorisationWithTransactionAuthorisation", Need.CODE, "POST"),
    ("selectAuthenticationMethod", Need.CHOOSE, "PUT"),
    ("startAuthorisationWithAuthenticationMethodSelection", Need.CHOOSE, "POST"),
    ("updatePsuAuthentication", Need.PASSWORD, "PUT"),
    ("startAuthorisationWithPsuAuthentication", Need.PASSWORD, "POST"),
    ("updatePsuIdentification", Need.IDENTIFY, "PUT"),
    ("startAuthorisationWithPsuIdentification", Need.IDENTIFY, "POST"),
    ("startAuthorisation", Need.START, "POST"),
)
_UNREADABLE = ("updateEncryptedPsuAuthentication", "startAuthorisationWithEncryptedPsuAuthentication")


def next_need(state: State, *, browser: bool) -> Next:
    """Tell what comes next. `browser`: the owner can be sent to the bank's pages.

    Raises: UnsupportedLoginMethod, if the bank offers only what cannot be done here.
    """
    if state.sca_status in FINISHED:
        return Next(Need.FINISHED)
    if state.sca_status == "failed":
        return Next(Need.FAILED)
    if state.confirmation_code is not None and "confirmation" in state.links:
        return Next(Need.CONFIRM, "PUT", state.links["confirmation"])
    pages = [Next(need, "GET", state.links[name]) for name, need in _PAGES if name in state.links]
    if pages and browser:
        return pages[0]
    for name, need, method in _FORMS:
        if name in state.links:
            return Next(need, method, state.links[name])
    if state.resource is not None and state.sca_status == "psuAuthenticated" and state.methods:
        return Next(Need.CHOOSE, "PUT", state.resource)
    if state.resource is not None and state.sca_status == "scaMethodSelected":
        return Next(Need.CODE, "PUT", state.resource)
    if pages or any(name in state.links for name in _UNREADABLE):
        raise UnsupportedLoginMethod()
    return Next(
        Need.WAIT, "GET", state.links.get("scaStatus") or state.resource or state.links.get("status", "")
    )


def advanced(state: State, body: Json, url: str) -> State:
    """Return the state after an answer of the bank to the consent or its authorisation.

    `url`: where the answer came from. Links of earlier answers end, but those to states last.
    Raises: BankChanged.
    """
    links = {name: link for name, link in state.links.items() if name in _LASTING} | links_of(body, url)
    status = a_text(body.get("scaStatus"), "scaStatus")
    methods = tuple(_method(item) for item in a_list(body.get("scaMethods"), "scaMethods"))
    chosen = body.get("chosenScaMethod")
    challenge = state.challenge
    if chosen is not None or body.get("challengeData") is not None:
        challenge = _challenged(_method(chosen) if chosen is not None else None, state, body)
    return msgspec.structs.replace(
        state,
        sca_status=status or state.sca_status,
        links=links,
        resource=links.get("scaStatus", state.resource),
        methods=methods or state.methods,
        challenge=challenge,
        psu_message=a_text(body.get("psuMessage"), "psuMessage") or state.psu_message,
    )


def method_challenge(methods: Sequence[Method], message: str | None) -> Challenge:
    """Return the question which of the bank's ways to confirm the owner wants."""
    return Challenge(
        kind=CredentialKind.CHOICE,
        name="How do you want to confirm?",
        description=message,
        options=tuple((method.id, method.label) for method in methods),
        subject=Subject.METHOD,
    )


def code_challenge(state: State) -> Challenge:
    """Return the question for the code, of the kind that the bank's chosen way gives."""
    kind, name = _CODE_KINDS.get(state.challenge.kind, (CredentialKind.SMS_CODE, "Code"))
    return Challenge(
        kind=kind,
        name=name,
        description=state.challenge.text or state.psu_message,
        image_base64=state.challenge.image_base64,
        token_challenge=state.challenge.data if kind is CredentialKind.HARDWARE_TOKEN else None,
        answer=_form(state.challenge),
    )


def _form(challenge: Challenged) -> AnswerForm | None:
    if not challenge.digits and challenge.max_length is None:
        return None
    return AnswerForm(challenge.digits, challenge.max_length)


def _method(value: Any) -> Method:
    item = an_object(value, "scaMethods[]")
    found = a_text(item.get("authenticationMethodId"), "authenticationMethodId")
    if found is None:
        raise BankChanged("authenticationMethodId is missing")
    kind = a_text(item.get("authenticationType"), "authenticationType") or ""
    label = a_text(item.get("name"), "scaMethods[].name") or a_text(item.get("explanation"), "explanation")
    return Method(found, kind, label or kind or found)


def _challenged(chosen: Method | None, state: State, body: Mapping[str, Any]) -> Challenged:
    data = an_optional_object(body.get("challengeData"), "challengeData")
    lines = [a_text(line, "challengeData.data") for line in _lines(data.get("data"))]
    texts = [a_text(data.get("additionalInformation"), "additionalInformation"), *lines]
    length = data.get("otpMaxLength", data.get("optMaxLength"))
    return Challenged(
        kind=chosen.kind if chosen is not None else state.challenge.kind,
        text="\n".join(text for text in texts if text) or None,
        image_base64=a_text(data.get("image"), "challengeData.image"),
        data=" ".join(line for line in lines if line) or None,
        digits=data.get("otpFormat", data.get("optFormat")) == "integer",
        max_length=length if isinstance(length, int) and 0 < length <= _LONGEST_CODE else None,
    )


def _lines(value: Any) -> Sequence[Any]:
    return [value] if isinstance(value, str) else a_list(value, "challengeData.data")
