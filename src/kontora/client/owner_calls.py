"""What is asked about owners' data, the targets, and the server itself."""

from __future__ import annotations

from kontora.client import replies
from kontora.client.conversations import Ask, Conversation, asked
from kontora.client.model import OwnerData, Target
from kontora.client.pacing import Pacing
from kontora.client.requests import Request, pairs


def data(pacing: Pacing, owner_external_id: str) -> Conversation[OwnerData]:
    """Read all data of an owner over all their imports.

    Raises: KontoraApiError named `InvalidOwnerExternalId`, if there is none.
    """
    return asked(_owner("GET", owner_external_id), pacing, replies.parse_owner_data)


def delete_data(pacing: Pacing, owner_external_id: str) -> Conversation[None]:
    """Delete all data of an owner, now and for good."""
    return asked(_owner("DELETE", owner_external_id), pacing, replies.parse_nothing)


def _owner(method: str, owner_external_id: str) -> Request:
    return Request(method, "/v1/data.xml", query=(("ownerExternalId", owner_external_id),))


def catalog(
    pacing: Pacing, country: str = "all", *, favicons: bool = False, access_mode: str = "MIXED"
) -> Conversation[tuple[Target, ...]]:
    """List the targets: banks, what they offer, and what they ask for.

    `access_mode`: `SINGLE`, `MULTIPLE` or `MIXED`.
    """
    query = {"country": country, "favicons": favicons, "accessMode": access_mode}
    return asked(Request("GET", "/v1/catalog.xml", query=pairs(query)), pacing, replies.parse_catalog)


def health(_pacing: Pacing) -> Conversation[bool]:
    """Ask once whether the server is well."""
    return replies.parse_health((yield Ask(Request("GET", "/v1/health"))))
