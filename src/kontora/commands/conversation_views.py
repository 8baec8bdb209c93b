"""What the page of a conversation is shown at each step."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from kontora.commands.answers import Failure
from kontora.commands.credential_keys import PublicKey
from kontora.connectors.protocol import Challenge, CredentialKind

MOST_TRIES = 3


class View(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is kept, sealed, of one step: the questions with their key, or the way to the bank's page."""

    challenges: tuple[Challenge, ...] = ()
    public_key: PublicKey | None = None
    redirect_path: str | None = None
    bank_page: str | None = None


NOTHING = View()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The session that a conversation has brought: what the client's page is handed."""

    target: str
    official_name: str
    session_id: int
    signature: str
    multiple_access_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a conversation stands. `state` is one of the protocol's words; `return_url`: where to go last.
    `same_window`: the owner's one window goes to the bank and back."""

    step: int
    state: str
    target: str | None = None
    session_id: int | None = None
    view: View = NOTHING
    signed_in: SignedIn | None = None
    failure: Failure | None = None
    can_retry: bool = False
    progress: int | None = None
    return_url: str | None = None
    same_window: bool = False


def state_of(challenges: tuple[Challenge, ...]) -> str:
    """Return the state of a conversation in which the bank asks this."""
    kinds = {challenge.kind for challenge in challenges}
    if CredentialKind.REDIRECT in kinds:
        return "redirect"
    if kinds == {CredentialKind.APP_CONFIRMATION}:
        return "wait"
    return "questions"
