"""What Kontora tells of uploads, of labelled data and of corrections, as frozen data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kontora.client.model import Vendor


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with a part of a document. `path` leads to it: `accounts[0].currencyName`."""

    path: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedOwner:
    """An upload that was kept. `warnings`: what of it does not hold, or was not kept."""

    request_id: str
    warnings: tuple[Complaint, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledMoneyTransaction:
    """The labels of one money transaction of your own. `id` is yours; `labels` may be empty.

    `vendors` is empty, too, where they are not switched on for the client.
    """

    id: str
    labels: frozenset[str]
    vendors: tuple[Vendor, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelCorrection:
    """A correction. `direction`: `incoming` or `outgoing`; `party` and `title`: what it fits."""

    id: str
    direction: str
    party: str | None
    title: str | None
    add: tuple[str, ...]
    remove: tuple[str, ...]
    made_at: datetime
