"""What a connector to a bank is: sealed access in, answers or neutral data out.

A connector keeps nothing between calls. Sign-in is a chain of steps: each takes the owner's answers
and the access of the step before, and ends in challenges (ask the owner, then come again) or in
access that is signed in. Reading takes the access and gives the model. Any worker may take any step.

An ability is declared by offering its methods: a connector that has the methods of
`ReadsCreditCards` reads credit cards, one that has `sign_out` can sign out.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

import msgspec

from kontora.model import Account, AccountOwner, CreditCard, MoneyTransaction, Owner


class CredentialKind(StrEnum):
    """What a bank may ask of an owner (`wire.md` 3.8)."""

    API_SETUP = "API_SETUP"
    STATIC_LOGIN = "STATIC_LOGIN"
    STATIC_PASSWORD = "STATIC_PASSWORD"  # noqa: S105 - the name of a question
    PERSONAL_NUMBER = "PERSONAL_NUMBER"
    COMPANY_LOGIN = "COMPANY_LOGIN"
    DOCUMENT = "DOCUMENT"
    PASSPORT = "PASSPORT"
    CARD_NUMBER = "CARD_NUMBER"
    TAX_NUMBER = "TAX_NUMBER"
    CORPORATE_TAX_NUMBER = "CORPORATE_TAX_NUMBER"
    FOREIGN_CITIZEN_NUMBER = "FOREIGN_CITIZEN_NUMBER"
    CLIENT_CERTIFICATE = "CLIENT_CERTIFICATE"
    QUALIFIED_CERTIFICATE = "QUALIFIED_CERTIFICATE"
    CHOICE = "CHOICE"
    SMS_CODE = "SMS_CODE"
    MOBILE_OTP = "MOBILE_OTP"
    HARDWARE_TOKEN = "HARDWARE_TOKEN"  # noqa: S105 - the name of a question
    CODE_LIST = "CODE_LIST"
    CAPTCHA = "CAPTCHA"
    PICTURE = "PICTURE"
    APP_CONFIRMATION = "APP_CONFIRMATION"
    REDIRECT = "REDIRECT"


class Secret:
    """A credential or code: readable only by `reveal()`, never by `repr`, `str`, JSON or pickle."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the plain value; call it only where it is sent to the bank."""
        return self._value

    def __repr__(self) -> str:
        return "Secret('***')"

    __str__ = __repr__

    def __format__(self, format_spec: str) -> str:
        return "***"

    def __reduce__(self) -> str:
        raise TypeError("A Secret cannot be pickled.")


class Access(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a connector needs to go on: small JSON (tokens, consent id, cookies). Sealed at rest.

    `reusable_until`: the last day on which the owner lets us use it again; `None`: it is for once.
    """

    state: Mapping[str, object]
    signed_in: bool = False
    reusable_until: date | None = None


class Answer(msgspec.Struct, frozen=True):
    """One answer of the owner: what was asked, and the value."""

    kind: CredentialKind
    value: Secret


class Subject(StrEnum):
    """What a choice is about."""

    METHOD = "METHOD"
    CONTEXT = "CONTEXT"
    PICTURE = "PICTURE"


class Mask(msgspec.Struct, frozen=True):
    """Which characters of a password are wanted: boxes to show, and the places to fill in, from 1."""

    length: int
    positions: tuple[int, ...]


class AnswerForm(msgspec.Struct, frozen=True, omit_defaults=True):
    """How the answer looks, as far as the bank tells: digits only, and how many characters at most."""

    digits: bool = False
    max_length: int | None = None

    @property
    def pattern(self) -> str:
        """The form as a pattern for an entry field, e.g. `[0-9]{1,8}`."""
        most = "" if self.max_length is None else self.max_length
        return f"{'[0-9]' if self.digits else '.'}{{1,{most}}}"


class Challenge(msgspec.Struct, frozen=True, omit_defaults=True):
    """One question for the owner. `name` is a short label, `description` the bank's own words.

    `options`: pairs of value and label; the answer is the value. `subject`: what they are about.
    `url`: where the owner must go for `REDIRECT`. `image_base64`: a PNG; a `PICTURE` with options is one
    to recognise, without them one to read a code from. `mask`: the answer is the characters at these
    places, joined. `token_challenge`: what to type into the token. `code_number`: which code of the list.
    `sent_to`: where a code went, masked. `expires_at`: UTC, until when the bank waits.
    """

    kind: CredentialKind
    name: str = ""
    description: str | None = None
    asterisked: bool = False
    supported: bool = True
    options: tuple[tuple[str, str], ...] = ()
    url: str | None = None
    image_base64: str | None = None
    mask: Mask | None = None
    subject: Subject | None = None
    answer: AnswerForm | None = None
    token_challenge: str | None = None
    code_number: int | None = None
    sent_to: str | None = None
    expires_at: datetime | None = None


class SignInStep(msgspec.Struct, frozen=True):
    """The end of one sign-in step: new access, and the questions that are left (none: signed in)."""

    access: Access
    challenges: tuple[Challenge, ...] = ()


class Psu(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the bank is told of the owner's own request; `None` where it is not known.

    `ip_address` is given only when the owner really is present, and is never made up.
    """

    ip_address: str | None = None
    user_agent: str | None = None
    accept_language: str | None = None


ABSENT_PSU = Psu()


class SignInRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    """How the sign-in should be done.

    `redirect_uri`: where the bank sends the owner back; `None` asks for an approach without a
    browser (embedded or decoupled). `state`: one-time value that comes back with the redirect.
    `since`: earliest day wanted. `recurring`: ask for a reusable consent.
    """

    psu: Psu = Psu()
    redirect_uri: str | None = None
    state: str | None = None
    since: date | None = None
    recurring: bool = False


class Grant:
    """The access while it is in use: a connector that gets new tokens hands them over at once.

    `replace` returns only after the new access is stored, so that a one-time refresh token is never
    used before its successor is safe. `refreshing` is held by whoever gets new tokens, so that calls
    that run together use a one-time refresh token once.
    """

    def __init__(
        self,
        access: Access,
        *,
        psu: Psu = ABSENT_PSU,
        keep: Callable[[Access], Awaitable[None]] | None = None,
        refreshing: AbstractAsyncContextManager[None] | None = None,
    ) -> None:
        self.access = access
        self.psu = psu
        self.refreshing = asyncio.Lock() if refreshing is None else refreshing
        self._keep = keep

    async def replace(self, access: Access) -> None:
        """Store new access, then use it."""
        if self._keep is not None:
            await self._keep(access)
        self.access = access


class BankAccount(msgspec.Struct, frozen=True):
    """An account in the bank's list: what the list tells, and the handle to read the rest with.

    `account` may lack balances and has no money transactions yet.
    """

    handle: str
    account: Account
    owners: tuple[Owner, ...] = ()


class BankCard(msgspec.Struct, frozen=True):
    """A credit card in the bank's list; the same as `BankAccount`."""

    handle: str
    card: CreditCard
    owners: tuple[AccountOwner, ...] = ()


class BankAccounts(msgspec.Struct, frozen=True):
    """The bank's list of accounts, and the owners as far as the list names them."""

    accounts: tuple[BankAccount, ...]
    owners: tuple[Owner, ...] = ()


@runtime_checkable
class Connector(Protocol):
    """One way into a bank, bound to its target and HTTP client."""

    async def sign_in(
        self, request: SignInRequest, answers: Sequence[Answer], access: Access | None
    ) -> SignInStep:
        """Take one step. First step: `access` is `None`. Credentials are sent once, never again.

        Raises: OwnerError, BankError.
        """
        ...

    async def list_accounts(self, grant: Grant) -> BankAccounts:
        """Read the list of accounts; empty where the owner has none."""
        ...

    async def read_account(self, grant: Grant, account: BankAccount) -> Account:
        """Complete an account of the list with its balances; no money transactions."""
        ...

    def read_money_transactions(
        self, grant: Grant, account: BankAccount, since: date
    ) -> AsyncIterator[tuple[MoneyTransaction, ...]]:
        """Read pages of money transactions since that day, in the bank's order."""
        ...


@runtime_checkable
class ReadsCreditCards(Protocol):
    """A connector that reads credit cards."""

    async def list_credit_cards(self, grant: Grant) -> tuple[BankCard, ...]:
        """Read the list of credit cards; empty where the owner has none."""
        ...

    async def read_credit_card(self, grant: Grant, card: BankCard) -> CreditCard:
        """Complete a card of the list with its balances and limit; no money transactions."""
        ...

    def read_credit_card_transactions(
        self, grant: Grant, card: BankCard, since: date
    ) -> AsyncIterator[tuple[MoneyTransaction, ...]]:
        """Read pages of a card's money transactions since that day, in the bank's order."""
        ...


@runtime_checkable
class SealsBodies(Protocol):
    """A connector that signs each body itself, with the seal that it is given."""

    def sealed(self, body: bytes) -> Mapping[str, str]:
        """Return the headers that seal a body."""
        ...


@runtime_checkable
class SignsOut(Protocol):
    """A connector that can end the session at the bank. Ending twice is harmless."""

    async def sign_out(self, grant: Grant) -> None:
        """End the session or consent at the bank."""
        ...


@runtime_checkable
class AnswersProbes(Protocol):
    """A connector that can tell, without any owner, whether its bank answers."""

    async def probe(self) -> None:
        """Send one cheap request that reads nothing.

        Raises: BankError, if the bank gives no answer, or one that is a failure of its own.
        """
        ...


@runtime_checkable
class ChecksConsent(Protocol):
    """A connector that can ask whether a consent is still valid; that is no read of an account."""

    async def is_consent_valid(self, grant: Grant) -> bool:
        """Tell whether the bank still takes the consent.

        Raises: BankError, OperatorError, if the bank does not say.
        """
        ...
