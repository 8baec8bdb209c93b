"""What is asked about uploads, labels and corrections of labels."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from typing import Literal

from kontora.client import label_replies
from kontora.client.conversations import Conversation, asked
from kontora.client.label_model import LabelCorrection, LabelledMoneyTransaction, UploadedOwner
from kontora.client.pacing import Pacing
from kontora.client.requests import Request
from kontora.client.sent_documents import Document, encoded, packed


def upload_owner(
    pacing: Pacing, document: Document, *, idempotency_key: str | None = None
) -> Conversation[UploadedOwner]:
    """Upload what you know of an owner: all of it is kept and joins their data, or nothing is.

    `document`: as a mapping, as JSON, or where it is; packed where it is large. With the same
    `idempotency_key` it is kept once, however often it is sent; one is made if you give none.

        kontora.upload_owner(Path("o-1.json")).warnings

    Raises: DocumentRefused, with all that is wrong; OSError, if the file cannot be read.
    """
    content, told = packed(encoded(document))
    request = Request(
        "POST",
        "/v1/owner",
        document=content,
        more_headers=told,
        idempotency_key=idempotency_key or secrets.token_hex(16),
    )
    return asked(request, pacing, label_replies.parse_uploaded_owner)


def label_external_data(
    pacing: Pacing, document: Document
) -> Conversation[tuple[LabelledMoneyTransaction, ...]]:
    """Label money transactions of your own, 10,000 at most, in their order; nothing of them is kept.

    `document`: as a mapping, as JSON, or where it is.
    Raises: DocumentRefused, with all that is wrong; OSError, if the file cannot be read.
    """
    request = Request("POST", "/v1/external-data-labeling", document=encoded(document), is_harmless=True)
    return asked(request, pacing, label_replies.parse_labelled)


def correct_label(
    pacing: Pacing,
    direction: Literal["incoming", "outgoing"],
    *,
    party: str | None = None,
    title: str | None = None,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
) -> Conversation[str]:
    """Correct labels of all your data, past and future, and return the id of the correction.

    `party`: the other side, a name or an account number. `title`: words that stand in it.

        kontora.correct_label("outgoing", party="Jan Nowak", add=["rent"])

    Raises: DocumentRefused, with all that is wrong.
    """
    said = {"direction": direction, "party": party, "title": title, "add": [*add], "remove": [*remove]}
    body = json.dumps({name: value for name, value in said.items() if value is not None}).encode()
    request = Request("POST", "/v1/label-correction", document=body, is_harmless=True)
    return asked(request, pacing, label_replies.parse_correction_id)


def label_corrections(pacing: Pacing) -> Conversation[tuple[LabelCorrection, ...]]:
    """List your corrections of labels, oldest first."""
    return asked(Request("GET", "/v1/label-corrections"), pacing, label_replies.parse_corrections)


def delete_label_correction(pacing: Pacing, correction_id: str) -> Conversation[None]:
    """Take a correction back; labels are again as the rules say.

    Raises: KontoraApiError named `InvalidCorrectionId`, if there is none.
    """
    query = (("correctionId", correction_id),)
    return asked(
        Request("DELETE", "/v1/label-correction", query=query), pacing, label_replies.parse_no_object
    )
