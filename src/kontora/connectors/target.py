"""Institutions and targets: a bank, and each way into it, as facts."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from kontora.connectors.bank_http import BankHttp, OnUnknownPage, keep_no_page
from kontora.connectors.bank_jws import BankKey, read_bank_keys
from kontora.connectors.bank_line import BankLine
from kontora.connectors.bank_reach import Reach
from kontora.connectors.bank_signing import SealKey, read_seal
from kontora.connectors.protocol import Connector, CredentialKind, ReadsCreditCards, SealsBodies, SignsOut
from kontora.connectors.target_settings import TargetSettings
from kontora.errors import ConfigurationError

_ALWAYS = (
    "DefaultImportCommand",
    "ImportOwnersDetailsCommand",
    "ImportAccountsCommand",
    "ImportAccountTransactionsCommand",
    "EnterCredentialCommand",
)
_CARDS = ("ImportCreditCardsCommand", "ImportCreditCardTransactionsCommand")
_SIGN_OUT = ("SignOutCommand",)
_NEEDED = ("base_url", "certificate")
_NEEDED_TO_SEAL = ("client_id", "seal_certificate", "bank_keys")
NEVER_AT_THE_BANK = "never against the bank"


@dataclass(frozen=True, slots=True)
class Institution:
    """A bank. `name` is its id on the wire, e.g. `KontoBank_cz`; `official_url` may be unknown.

    `fallback_allowed`: its web bank may be read while its API fails, for no authority has exempted it.
    Source: RTS (EU) 2018/389, Art. 33; `spec/psd2.md` 8.
    """

    name: str
    official_name: str
    official_url: str | None
    country: str
    fallback_allowed: bool = False


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a connector is bound to: the line to its bank, where that is, the clock and randomness.

    `base_url` has no slash at its end. `now` gives UTC. `seal` and `bank_keys` are for a connector that
    signs bodies itself.
    """

    line: BankLine
    base_url: str
    practice: bool = False
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    seal: SealKey | None = None
    bank_keys: tuple[BankKey, ...] = ()
    now: Callable[[], datetime] = _now
    random_bytes: Callable[[int], bytes] = os.urandom
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    on_unknown_page: OnUnknownPage = keep_no_page


class BoundConnector(Connector, Protocol):
    """A connector class: made from its surroundings, keeps nothing between calls."""

    def __init__(self, surroundings: Surroundings) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetFacts:
    """The facts in a bank's `target.py`.

    `base_url`: the bank's own address of this target; in practice a path below the practice bank's
    URL. `hosts`: host names asked besides that of `base_url`. `account_types`: any of `Individual`,
    `SoleTrader`, `Corporate`. `login_name`: the bank's word for the login, if the owner is asked for it.
    `long_history_needs_sca`: more than 90 days of history cost the owner one more confirmation at this
    bank, so they are read only if the client asks for it with `forceSca`.
    `exercised`: where the connector has been tried. The address of a real bank comes from the operator's
    settings only, so its `base_url` is empty here.
    """

    name: str
    institution: Institution
    connector: type[BoundConnector]
    base_url: str = ""
    account_types: tuple[str, ...] = ("Individual",)
    credential_kinds: tuple[CredentialKind, ...] = (CredentialKind.API_SETUP,)
    login_name: str | None = None
    hosts: tuple[str, ...] = ()
    beta: bool = False
    psd2: bool = False
    practice: bool = False
    long_history_needs_sca: bool = False
    exercised: str = NEVER_AT_THE_BANK


@dataclass(frozen=True, slots=True)
class Target:
    """A target that can be used here: its facts, and where and how it is reached."""

    facts: TargetFacts
    base_url: str
    reach: Reach
    settings: TargetSettings

    @classmethod
    def of(cls, facts: TargetFacts, settings: TargetSettings, practice_bank_url: str) -> Target:
        """Join the facts with the operator's settings.

        Raises: ConfigurationError, if the addresses are not such as a bank may have.
        """
        base_url = settings.base_url or facts.base_url
        if facts.practice and settings.base_url is None:
            base_url = practice_bank_url.rstrip("/") + facts.base_url
        if not base_url:
            raise ConfigurationError(f"{facts.name}: set base_url, the address of the bank's API.")
        hosts = (f"https://{host}" for host in (*facts.hosts, *settings.hosts))
        try:
            reach = Reach.of((base_url, *hosts), practice=facts.practice)
        except ConfigurationError as error:
            raise ConfigurationError(f"{facts.name}: {error.message}") from error
        return cls(facts, base_url.rstrip("/"), reach, settings)

    @property
    def name(self) -> str:
        """The name on the wire, e.g. `KontoBankApi_cz`."""
        return self.facts.name

    @property
    def institution(self) -> Institution:
        """The bank."""
        return self.facts.institution

    @property
    def country(self) -> str:
        """The country, two lower-case letters."""
        return self.facts.institution.country

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the settings without which a real bank cannot be asked; empty in practice."""
        if self.facts.practice:
            return ()
        told = {
            "base_url": self.base_url,
            "certificate": self.settings.tls.certificate,
            "client_id": self.settings.client_id,
            "seal_certificate": self.settings.seal,
            "bank_keys": self.settings.bank_keys,
        }
        needed = _NEEDED + (_NEEDED_TO_SEAL if self.seals_bodies else ())
        return tuple(name for name in needed if not told[name])

    @property
    def commands(self) -> tuple[str, ...]:
        """The names of the commands that the target offers, by the abilities of its connector."""
        cards = _CARDS if self.reads_credit_cards else ()
        return _ALWAYS + cards + (_SIGN_OUT if self.signs_out else ())

    @property
    def reads_credit_cards(self) -> bool:
        """Whether the connector reads credit cards."""
        return issubclass(self.facts.connector, ReadsCreditCards)

    @property
    def seals_bodies(self) -> bool:
        """Whether the connector signs each body itself, so that the line adds no signature."""
        return issubclass(self.facts.connector, SealsBodies)

    @property
    def signs_out(self) -> bool:
        """Whether the connector can end the session at the bank."""
        return issubclass(self.facts.connector, SignsOut)

    def connector(
        self,
        http: BankHttp,
        *,
        now: Callable[[], datetime] = _now,
        random_bytes: Callable[[int], bytes] = os.urandom,
    ) -> Connector:
        """Make a connector over the shared HTTP client; cheap enough to be done for each command.

        Raises: ConfigurationError, if a certificate cannot be used.
        """
        seal, keys = self.settings.seal, self.settings.bank_keys
        line = http.line(
            self.name, self.reach, tls=self.settings.tls, seal=None if self.seals_bodies else seal
        )
        return self.facts.connector(
            Surroundings(
                line=line,
                base_url=self.base_url,
                practice=self.facts.practice,
                client_id=self.settings.client_id,
                client_secret=self.settings.client_secret,
                seal=read_seal(seal) if seal is not None else None,
                bank_keys=read_bank_keys(keys) if keys is not None else (),
                now=now,
                random_bytes=random_bytes,
                sleep=http.sleep,
                on_unknown_page=http.on_unknown_page,
            )
        )
