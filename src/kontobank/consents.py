"""Consents: what an owner allowed a third party to read, until when, and how often."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from kontobank.authorisations import Approach
from kontobank.clock import Clock
from kontobank.countries import Country
from kontobank.scenarios import Login
from kontobank.stumbles import Stumbles

LONGEST_DAYS = 180
MOST_READS_PER_DAY = 4
_DAY_SECONDS = 86_400.0
_FRESH_SECONDS = 900.0
_WAITING_SECONDS = 1800.0
_MOST_POLLS_PER_SECOND = 2
_MOST = 50_000


class ConsentStatus(StrEnum):
    """Source: Berlin Group 1.3.11, consentStatus."""

    RECEIVED = "received"
    REJECTED = "rejected"
    VALID = "valid"
    REVOKED_BY_PSU = "revokedByPsu"
    EXPIRED = "expired"
    TERMINATED_BY_TPP = "terminatedByTpp"


class Model(StrEnum):
    """The shape of `access`: who chooses the accounts."""

    DEDICATED = "dedicated"
    BANK_OFFERED = "bank offered"
    GLOBAL = "global"
    ACCOUNT_LIST = "account list"


@dataclass
class Consent:
    """One consent. `access` is given back as it came; `numbers` are the accounts and cards granted.

    `numbers` is `None` before the owner decided, and for a global consent, which grants all.
    `authorised_at`: the bank's time of the owner's last strong authentication. `psu_id`: the login that
    the third party named. `needs_token`: the owner confirms through OAuth.
    """

    id: str
    country: Country
    model: Model
    access: dict[str, Any]
    recurring: bool
    valid_until: date
    frequency_per_day: int
    created_at: float
    approach: Approach = Approach.EMBEDDED
    psu_id: str | None = None
    redirect_uri: str | None = None
    nok_redirect_uri: str | None = None
    login: Login | None = None
    status: ConsentStatus = ConsentStatus.RECEIVED
    numbers: frozenset[str] | None = None
    generation: int = 0
    authorised_at: float = 0.0
    last_action_on: date | None = None
    needs_token: bool = False
    stumbles: Stumbles = field(default_factory=Stumbles)
    history_read: bool = False
    authorisation_ids: list[str] = field(default_factory=list)
    _used: dict[str, deque[float]] = field(default_factory=dict)
    _resources: dict[str, str] = field(default_factory=dict)
    _polled: list[float] = field(default_factory=list)

    def resource_id(self, number: str) -> str:
        """Return the id of an account or card under this consent; another consent has another."""
        known = self._resources.get(number)
        if known is None:
            digest = sha256(f"{number}/{self.generation}".encode()).hexdigest()
            known = f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-a{digest[17:20]}-{digest[20:32]}"
            self._resources[number] = known
        return known

    def grants(self, number: str) -> bool:
        """Tell whether the owner granted this account or card."""
        return self.numbers is None or number in self.numbers

    def shows(self, kind: str, number: str) -> bool:
        """Tell whether `balances` or `transactions` of an account or card may be read."""
        if self.model in (Model.BANK_OFFERED, Model.GLOBAL):
            return True
        return number in referenced_numbers(self.access, kind)

    def shows_owner_name(self) -> bool:
        """Tell whether the names of owners may be read."""
        wholes = (
            self.access.get(key) for key in ("allPsd2", "availableAccounts", "availableAccountsWithBalance")
        )
        extra = self.access.get("additionalInformation") or {}
        return "allAccountsWithOwnerName" in wholes or "ownerName" in extra

    def is_fresh(self, clock: Clock) -> bool:
        """Tell whether the owner confirmed within the last 15 minutes."""
        return clock.timestamp() - self.authorised_at <= _FRESH_SECONDS

    def is_polled_too_often(self, clock: Clock) -> bool:
        """Count a question for the status; true for the third one within a second."""
        now = clock.timestamp()
        self._polled = [*(at for at in self._polled[-2:] if at > now - 1.0), now]
        return len(self._polled) > _MOST_POLLS_PER_SECOND

    def use_up(self, endpoint: str, clock: Clock) -> bool:
        """Count one read without the owner; false where the reads of the last 24 hours are used up."""
        now, used = clock.timestamp(), self._used.setdefault(endpoint, deque())
        while used and used[0] <= now - _DAY_SECONDS:
            used.popleft()
        if len(used) >= self.frequency_per_day:
            return False
        used.append(now)
        return True


class Consents:
    """All consents, newest last; the oldest are forgotten beyond 50,000."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_id: OrderedDict[str, Consent] = OrderedDict()
        self._generations: dict[tuple[str, str], int] = {}

    def clear(self) -> None:
        """Forget everything."""
        self._by_id.clear()
        self._generations.clear()

    def add(self, consent: Consent) -> Consent:
        """Keep a new consent."""
        consent.last_action_on = self._clock.today()
        self._by_id[consent.id] = consent
        if len(self._by_id) > _MOST:
            self._by_id.popitem(last=False)
        return consent

    def find(self, consent_id: str) -> Consent | None:
        """Find a consent, with its status brought up to the bank's time."""
        consent = self._by_id.get(consent_id)
        if consent is None:
            return None
        if consent.status is ConsentStatus.VALID and consent.valid_until < self._clock.today():
            consent.status = ConsentStatus.EXPIRED
        waited = self._clock.timestamp() - consent.created_at
        if consent.status is ConsentStatus.RECEIVED and waited > _WAITING_SECONDS:
            consent.status = ConsentStatus.REJECTED
        return consent

    def authorise(self, consent: Consent, login: Login, numbers: frozenset[str] | None) -> None:
        """Make a consent valid: the owner confirmed it."""
        key = (consent.country.code, login.name)
        self._generations[key] = consent.generation = self._generations.get(key, 0) + 1
        consent.login, consent.numbers = login, numbers
        consent.authorised_at = self._clock.timestamp()
        self.change(consent, ConsentStatus.VALID)
        if consent.recurring and login.scenario.has("one-consent"):
            self._end_former(consent)

    def change(self, consent: Consent, status: ConsentStatus) -> None:
        """Set a status, on the bank's day."""
        consent.status, consent.last_action_on = status, self._clock.today()

    def _end_former(self, newest: Consent) -> None:
        for other in self._by_id.values():
            is_same_owner = other.login == newest.login and other.country is newest.country
            if (
                other is not newest
                and is_same_owner
                and other.recurring
                and other.status is ConsentStatus.VALID
            ):
                self.change(other, ConsentStatus.EXPIRED)


def referenced_numbers(access: dict[str, Any], *kinds: str) -> frozenset[str]:
    """Return the numbers that a dedicated consent names under these keys of its access."""
    references = [reference for kind in kinds for reference in access.get(kind) or ()]
    fields = ("iban", "bban", "pan", "maskedPan")
    return frozenset(reference[name] for reference in references for name in fields if name in reference)


def latest_day(clock: Clock, wanted: date) -> date:
    """Return until when the bank lets a consent live that was asked until `wanted`."""
    return min(wanted, clock.today() + timedelta(days=LONGEST_DAYS))
