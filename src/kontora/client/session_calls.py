"""What is asked to open a session, and about consents that last."""

from __future__ import annotations

from kontora.client import replies
from kontora.client.conversations import Conversation, asked
from kontora.client.model import Session
from kontora.client.pacing import Pacing
from kontora.client.requests import Request, pairs


def mock_session(
    pacing: Pacing,
    login: str,
    country: str = "pl",
    owner_external_id: str | None = None,
    *,
    multiple_access: bool = False,
) -> Conversation[Session]:
    """Open a session that is already signed in at the practice bank; test clients only.

    session = kontora.mock_session("test1", "pl", "o-1")
    """
    form = {
        "login": login,
        "country": country,
        "ownerExternalId": owner_external_id,
        "multipleAccess": multiple_access,
    }
    request = Request("POST", "/v1/mock-session.xml", form=pairs(form))
    return asked(request, pacing, replies.parse_session)


def open_session(
    pacing: Pacing, target: str, owner_external_id: str | None = None, *, ip: str | None = None
) -> Conversation[Session]:
    """Open a session that still has to sign in, with `enter_credential`; practice targets only.

    `ip`: the owner's address, which banks ask for while the owner is there.
    """
    form = {
        "target": target,
        "ip": ip,
        "ownerExternalId": owner_external_id,
        "sessionIdSignatureRequired": True,
    }
    return asked(Request("POST", "/v1/session.xml", form=pairs(form)), pacing, replies.parse_session)


def reuse_multiple_access(pacing: Pacing, multiple_access_id: str) -> Conversation[Session]:
    """Open a session by a consent that the owner gave earlier."""
    return asked(_consent("reuse", multiple_access_id), pacing, replies.parse_session)


def delete_multiple_access(pacing: Pacing, multiple_access_id: str) -> Conversation[None]:
    """End a consent that the owner gave earlier."""
    return asked(_consent("delete", multiple_access_id), pacing, replies.parse_nothing)


def _consent(what: str, multiple_access_id: str) -> Request:
    form = (("multipleAccessId", multiple_access_id),)
    return Request("POST", f"/v1/command/{what}-multiple-access.xml", form=form)
