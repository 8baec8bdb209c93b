"""Owners at KontoBank's web bank: they answer whatever is asked, as the bank's own words tell them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec
from tests.connectors.walking import PASSWORD, PSU, read_everything

from kontora.connectors.bank_http import BankHttp
from kontora.connectors.bank_line import Caps
from kontora.connectors.catalogue import Catalogue, Target
from kontora.connectors.protocol import (
    Access,
    Answer,
    Challenge,
    Connector,
    CredentialKind,
    Secret,
    SignInRequest,
)
from kontora.model import Account, CreditCard, Import, MoneyTransaction

BEGIN = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
SINCE = (BEGIN - timedelta(days=200)).date()
CAPS = Caps(connect_seconds=5, read_seconds=20, total_seconds=40, backoff_seconds=0.01)


@dataclass
class SignedIn:
    """What a sign-in ended with, and what was asked on the way."""

    access: Access
    asked: list[Challenge]

    @property
    def kinds(self) -> list[str]:
        return [one.kind.value for one in self.asked]


def connect(url: str, http: BankHttp, name: str = "KontoBank") -> tuple[Target, Connector]:
    target = Catalogue.load(practice=True, practice_bank_url=url).target(name)
    return target, target.connector(http, now=lambda: BEGIN)


def answer_to(challenge: Challenge, login: str, told: Mapping[str, str] | None = None) -> Answer:
    """Answer as an owner does who knows the published rules."""
    kind = challenge.kind
    if told and kind in told:
        return Answer(kind, Secret(told[kind]))
    if challenge.mask is not None:
        return Answer(kind, Secret("".join(PASSWORD[place - 1] for place in challenge.mask.positions)))
    if challenge.options:
        return Answer(kind, Secret(challenge.options[0][0]))
    if challenge.token_challenge is not None:
        return Answer(kind, Secret(challenge.token_challenge[::-1]))
    if challenge.code_number is not None:
        return Answer(kind, Secret(f"{challenge.code_number:02d}" * 3))
    values = {CredentialKind.STATIC_LOGIN: login, CredentialKind.APP_CONFIRMATION: ""}
    return Answer(kind, Secret(values.get(kind, PASSWORD)))


async def sign_in(connector: Connector, login: str, told: Mapping[str, str] | None = None) -> SignedIn:
    """Sign in one question at a time."""
    access, answers, asked = None, list[Answer](), list[Challenge]()
    for _ in range(12):
        step = await connector.sign_in(SignInRequest(psu=PSU), answers, access)
        access = round_trip(step.access)
        if not step.challenges:
            assert access.signed_in
            return SignedIn(access, asked)
        (challenge,) = step.challenges
        asked.append(challenge)
        answers = [answer_to(challenge, login, told)]
    raise AssertionError("the sign-in has no end")


def round_trip(access: Access) -> Access:
    """Seal and open access, as happens between steps: it must be JSON."""
    return msgspec.json.decode(msgspec.json.encode(access), type=Access)


async def imported(
    url: str, http: BankHttp, login: str, name: str = "KontoBank", told: Mapping[str, str] | None = None
) -> Import:
    target, connector = connect(url, http, name)
    access = (await sign_in(connector, login, told)).access
    return await read_everything(connector, target, access, SINCE, BEGIN)


def bare(items: Sequence[MoneyTransaction]) -> list[MoneyTransaction]:
    """Return money transactions without the bank's ids and its own words."""
    return [msgspec.structs.replace(item, raw=None, internal_id=None) for item in items]


def frame(place: Account | CreditCard) -> Account | CreditCard:
    """Return an account or card without its money transactions."""
    return msgspec.structs.replace(place, money_transactions=())
