"""Parse replies about uploads, labels and corrections."""

from __future__ import annotations

from kontora.client.json_documents import Fields, parse_object
from kontora.client.label_model import Complaint, LabelCorrection, LabelledMoneyTransaction, UploadedOwner
from kontora.client.model import Vendor


def parse_uploaded_owner(body: bytes) -> UploadedOwner:
    """Read what became of an upload."""
    found = parse_object(body)
    return UploadedOwner(request_id=found.text("requestId"), warnings=parse_complaints(found, "warnings"))


def parse_labelled(body: bytes) -> tuple[LabelledMoneyTransaction, ...]:
    """Read the labels of money transactions, in the order in which they were sent."""
    return tuple(
        LabelledMoneyTransaction(
            id=one.text("id"), labels=frozenset(one.texts("labels")), vendors=parse_vendors(one)
        )
        for one in parse_object(body).object("content").objects("moneyTransactions")
    )


def parse_correction_id(body: bytes) -> str:
    """Read the id of a correction."""
    return parse_object(body).text("correctionId")


def parse_corrections(body: bytes) -> tuple[LabelCorrection, ...]:
    """Read corrections, oldest first."""
    return tuple(
        LabelCorrection(
            id=one.text("correctionId"),
            direction=one.text("direction"),
            party=one.optional("party"),
            title=one.optional("title"),
            add=one.texts("add"),
            remove=one.texts("remove"),
            made_at=one.moment("madeAt"),
        )
        for one in parse_object(body).objects("corrections")
    )


def parse_no_object(body: bytes) -> None:
    """Check that the body is an object; it carries nothing."""
    parse_object(body)


def parse_vendors(found: Fields) -> tuple[Vendor, ...]:
    """Read the companies behind a money transaction."""
    return tuple(Vendor(one.text("label"), one.text("name")) for one in found.objects("vendors"))


def parse_complaints(found: Fields, name: str) -> tuple[Complaint, ...]:
    """Read what is wrong with parts of a document."""
    return tuple(Complaint(one.text("path"), one.text("message")) for one in found.objects(name))
