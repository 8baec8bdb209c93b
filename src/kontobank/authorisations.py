"""Authorisations: how far an owner has come in confirming a consent."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from enum import StrEnum

from kontobank.puzzles import Puzzle, list_puzzle, picture_puzzle, token_puzzle

MOST_WRONG_ENTRIES = 3
_MOST = 50_000


class Approach(StrEnum):
    """Where the owner confirms. Source: Berlin Group 1.3.11, ASPSP-SCA-Approach."""

    EMBEDDED = "EMBEDDED"
    DECOUPLED = "DECOUPLED"
    REDIRECT = "REDIRECT"


class ScaStatus(StrEnum):
    """Source: Berlin Group 1.3.11, scaStatus."""

    RECEIVED = "received"
    IDENTIFIED = "psuIdentified"
    AUTHENTICATED = "psuAuthenticated"
    METHOD_SELECTED = "scaMethodSelected"
    STARTED = "started"
    FINALISED = "finalised"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Method:
    """A way to confirm."""

    id: str
    type: str
    name: str
    explanation: str
    hint: str


SMS = Method(
    "sms",
    "SMS_OTP",
    "SMS to +48 *** *** 078",
    "A code by SMS.",
    "Enter the code that was sent to +48 *** *** 078.",
)
CHIP = Method(
    "chip",
    "CHIP_OTP",
    "Card reader",
    "A code made by your card.",
    "Put your card into the reader and enter the code.",
)
PUSH = Method("push", "PUSH_OTP", "KontoBank app", "A question in the app.", "Confirm in the KontoBank app.")
METHODS: tuple[Method, ...] = (SMS, CHIP, PUSH)
TOKEN = Method(
    "token",
    "CHIP_OTP",
    "Token",
    "A code made by your token.",
    "Type {asked} into your token, then enter what it shows. (Practice: the same digits backwards.)",
)
APP = Method(
    "app",
    "PUSH_OTP",
    "KontoBank app",
    "A code in the app.",
    "Open the KontoBank app and enter the code that it shows.",
)
CODE_LIST = Method(
    "list",
    "CHIP_OTP",
    "Code list",
    "A code of your list.",
    "Enter code {asked} of your code list. (Practice: the number in two digits, three times.)",
)
PHOTO = Method(
    "photo", "PHOTO_OTP", "Picture", "A code in a picture.", "Enter the letters that you see in the picture."
)
METHOD_OF: dict[str, Method] = {"token": TOKEN, "app": APP, "list": CODE_LIST, "picture": PHOTO, "push": PUSH}


@dataclass
class Authorisation:
    """One attempt to confirm a consent. `polls` counts questions for the status of a decoupled one."""

    id: str
    consent_id: str
    approach: Approach
    status: ScaStatus = ScaStatus.RECEIVED
    psu_id: str | None = None
    is_oauth: bool = False
    method: Method | None = None
    puzzle: Puzzle | None = None
    wrong_entries: int = 0
    polls: int = 0

    def is_over(self) -> bool:
        """Tell whether nothing can change any more."""
        return self.status in (ScaStatus.FINALISED, ScaStatus.FAILED)


def puzzle_of(method: Method, seed: str) -> Puzzle | None:
    """Make the puzzle of a method; `None` where a code is sent."""
    make = {TOKEN.id: token_puzzle, CODE_LIST.id: list_puzzle, PHOTO.id: picture_puzzle}.get(method.id)
    return make(seed) if make else None


def new_id() -> str:
    """Return an id that nobody guesses."""
    return secrets.token_urlsafe(18)


class Authorisations:
    """All authorisations; the oldest are forgotten beyond 50,000."""

    def __init__(self) -> None:
        self._by_id: OrderedDict[str, Authorisation] = OrderedDict()

    def clear(self) -> None:
        """Forget everything."""
        self._by_id.clear()

    def start(
        self, consent_id: str, approach: Approach, *, psu_id: str | None, is_oauth: bool = False
    ) -> Authorisation:
        """Start a new one."""
        authorisation = Authorisation(new_id(), consent_id, approach, psu_id=psu_id, is_oauth=is_oauth)
        if psu_id is not None:
            authorisation.status = ScaStatus.IDENTIFIED
        self._by_id[authorisation.id] = authorisation
        if len(self._by_id) > _MOST:
            self._by_id.popitem(last=False)
        return authorisation

    def find(self, authorisation_id: str) -> Authorisation | None:
        """Find one; `None` where it is unknown or forgotten."""
        return self._by_id.get(authorisation_id)

    def waiting_in_app(self, psu_id: str) -> list[Authorisation]:
        """List the decoupled ones that wait for this owner."""
        return [
            one
            for one in self._by_id.values()
            if one.psu_id == psu_id and one.approach is Approach.DECOUPLED and not one.is_over()
        ]
