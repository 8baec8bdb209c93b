"""A bank without a network for tests of the command room: it gives what it is told, when it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from kontora.connectors.catalogue import Catalogue, CredentialKind, Institution, Target, TargetFacts
from kontora.connectors.protocol import (
    Access,
    Answer,
    BankAccount,
    BankAccounts,
    BankCard,
    Challenge,
    Grant,
    Psu,
    SignInRequest,
    SignInStep,
)
from kontora.connectors.target import Surroundings
from kontora.connectors.target_settings import TargetSettings
from kontora.errors import InvalidCredentials
from kontora.model import (
    Account,
    AccountOwner,
    CreditCard,
    MoneyTransaction,
    Owner,
    OwnerKind,
    TransactionStatus,
)

IBANS = ("PL61109010140000071219812874", "PL27114020040000300201355387")


def money_transactions(count: int, *, today: date = date(2026, 11, 20)) -> tuple[MoneyTransaction, ...]:
    """Make booked money transactions of one zloty each, newest first, whose balances chain from 1000.00."""
    return tuple(
        MoneyTransaction(
            transaction_on=today - timedelta(days=place),
            booked_on=today - timedelta(days=place),
            currency_amount=Decimal("1.00"),
            currency_balance=Decimal("1000.00") - place,
            status=TransactionStatus.DONE,
            title=f"ZAKUP {place}",
            internal_id=f"id-{place}",
        )
        for place in range(count)
    )


@dataclass
class Bank:
    """What the bank does. `calls` counts what it was asked; `before` runs before each call, by its name.

    `reusable_until`: how long it lets a consent be used again; `asked`: for whom money transactions
    were read, and since when.
    """

    pages: Sequence[tuple[MoneyTransaction, ...]] = (money_transactions(3),)
    accounts: int = 1
    before: Callable[[str], object] | None = None
    calls: list[str] = field(default_factory=list)
    reusable_until: date | None = None
    consent_valid: bool = True
    asked: list[tuple[Psu, date | None]] = field(default_factory=list)

    async def called(self, name: str) -> None:
        """Note a call and do what the test wants done at it."""
        self.calls.append(name)
        if self.before is not None:
            outcome = self.before(name)
            if asyncio.iscoroutine(outcome):
                await outcome


class ScriptedConnector:
    """A connector over a `Bank`."""

    def __init__(self, surroundings: Surroundings) -> None:
        self.bank = Bank()

    @classmethod
    def over(cls, bank: Bank) -> ScriptedConnector:
        """Make one over this bank."""
        made = cls.__new__(cls)
        made.bank = bank
        return made

    async def sign_in(
        self, request: SignInRequest, answers: Sequence[Answer], access: Access | None
    ) -> SignInStep:
        if access is None:
            return SignInStep(Access({"step": 0}), (Challenge(CredentialKind.STATIC_LOGIN, "Login"),))
        for answer in answers:
            await self.bank.called(f"credential {answer.kind}")
            if answer.value.reveal() == "wrong":
                raise InvalidCredentials
            if answer.kind is CredentialKind.STATIC_LOGIN:
                challenge = Challenge(CredentialKind.STATIC_PASSWORD, "Password", asterisked=True)
                return SignInStep(Access({"step": 1}), (challenge,))
        until = self.bank.reusable_until if request.recurring else None
        return SignInStep(Access({"token": "secret-token"}, signed_in=True, reusable_until=until))

    async def is_consent_valid(self, grant: Grant) -> bool:
        await self.bank.called("consent status")
        return self.bank.consent_valid

    async def list_accounts(self, grant: Grant) -> BankAccounts:
        await self.bank.called("list")
        owner = Owner(name="Jan Kowalski", kind=OwnerKind.OWNER)
        listed = tuple(
            BankAccount(
                handle=f"a{place}",
                account=Account(
                    name=f"Konto {place}",
                    iban=IBANS[place % 2],
                    currency_name="PLN",
                    owners=(AccountOwner("Jan Kowalski", kind=OwnerKind.OWNER),),
                ),
            )
            for place in range(self.bank.accounts)
        )
        return BankAccounts(listed, (owner,))

    async def read_account(self, grant: Grant, account: BankAccount) -> Account:
        await self.bank.called("balance")
        found = account.account
        return Account(
            name=found.name,
            iban=found.iban,
            currency_name="PLN",
            currency_balance=Decimal("1000.00"),
            owners=found.owners,
        )

    async def read_money_transactions(
        self, grant: Grant, account: BankAccount, since: date
    ) -> AsyncIterator[tuple[MoneyTransaction, ...]]:
        self.bank.asked.append((grant.psu, since))
        for page in self.bank.pages:
            await self.bank.called("page")
            yield page

    async def list_credit_cards(self, grant: Grant) -> tuple[BankCard, ...]:
        await self.bank.called("cards")
        return (BankCard(handle="c0", card=CreditCard(name="Visa", card_id="c0", currency_name="PLN")),)

    async def read_credit_card(self, grant: Grant, card: BankCard) -> CreditCard:
        await self.bank.called("card")
        return CreditCard(name="Visa", card_id="c0", currency_name="PLN", currency_balance=Decimal("-10.00"))

    async def read_credit_card_transactions(
        self, grant: Grant, card: BankCard, since: date
    ) -> AsyncIterator[tuple[MoneyTransaction, ...]]:
        await self.bank.called("card page")
        yield money_transactions(2)

    async def sign_out(self, grant: Grant) -> None:
        await self.bank.called("sign out")


def scripted_catalogue() -> Catalogue:
    """Return a catalogue with one practice target, `ScriptedApi` in Poland."""
    facts = TargetFacts(
        name="ScriptedApi",
        institution=Institution("Scripted", "Scripted Bank", "https://bank.example", "pl"),
        connector=ScriptedConnector,
        base_url="",
        psd2=True,
        practice=True,
    )
    target = Target.of(facts, TargetSettings(), "http://127.0.0.1:1")
    return Catalogue({target.name: target})
