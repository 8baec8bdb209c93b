"""Parse replies about statements and confirmations."""

from __future__ import annotations

from kontora.client.failures import UnexpectedReply
from kontora.client.json_documents import Fields, parse_object
from kontora.client.label_replies import parse_vendors
from kontora.client.model import Account, MoneyTransaction, Owner
from kontora.client.statement_model import (
    Confirmation,
    ConfirmationParty,
    Confirmations,
    FailedVerification,
    KeptStatement,
    PdfCatalog,
    PdfLayout,
    PdfTarget,
    Statement,
)


def parse_statement(body: bytes) -> Statement:
    """Read what a statement brought."""
    found = parse_object(body)
    period = found.object("period")
    return Statement(
        id=found.text("statementId"),
        owner_external_id=found.text("ownerExternalId"),
        is_consistent=found.flag("isConsistent"),
        target=found.text("target"),
        official_name=found.text("officialName"),
        layout=found.text("layout"),
        document_type=found.text("documentType"),
        period_start=period.day("start"),
        period_end=period.day("end"),
        failed_verifications=parse_failed_verifications(found),
        owners=tuple(_owner(owner) for owner in found.objects("owners")),
        accounts=tuple(_account(account) for account in found.objects("accounts")),
        evidence_pdf=found.file("evidencePdfAsBase64"),
    )


def parse_statements(body: bytes) -> tuple[KeptStatement, ...]:
    """Read an owner's list, oldest first."""
    return tuple(_kept(entry) for entry in parse_object(body).objects("statements"))


def parse_confirmations(body: bytes) -> Confirmations:
    """Read what a file with confirmations brought."""
    found = parse_object(body)
    return Confirmations(
        target=found.text("target"),
        official_name=found.text("officialName"),
        layout=found.text("layout"),
        confirmations=tuple(_confirmation(one) for one in found.objects("confirmations")),
        failed_verifications=parse_failed_verifications(found),
        evidence_pdf=found.file("evidencePdfAsBase64"),
    )


def parse_pdf_catalog(body: bytes) -> PdfCatalog:
    """Read which documents are read, by bank."""
    found = parse_object(body)
    return PdfCatalog(
        targets=tuple(_pdf_target(target) for target in found.objects("targets")),
        assumed=tuple(_pdf_target(target) for target in found.objects("assumed")),
    )


def _kept(entry: Fields) -> KeptStatement:
    period = entry.object("period")
    return KeptStatement(
        id=entry.text("statementId"),
        file_name=entry.optional("fileName"),
        uploaded_at=entry.moment("uploadedAt"),
        mode=entry.text("mode"),
        is_consistent=entry.flag("isConsistent"),
        target=entry.text("target"),
        layout=entry.text("layout"),
        document_type=entry.text("documentType"),
        period_start=period.day("start"),
        period_end=period.day("end"),
        failed_verifications=parse_failed_verifications(entry),
        pdf=entry.file("pdfAsBase64"),
    )


def _pdf_target(found: Fields) -> PdfTarget:
    return PdfTarget(
        name=found.text("name"),
        official_name=found.text("officialName"),
        country=found.text("country"),
        layouts=tuple(_pdf_layout(layout) for layout in found.objects("layouts")),
    )


def _pdf_layout(found: Fields) -> PdfLayout:
    is_unknown = found.values.get("isConsistent") is None
    return PdfLayout(
        layout=found.text("layout"),
        document_type=found.text("documentType"),
        title=found.text("title"),
        grade=found.text("grade"),
        is_consistent=None if is_unknown else found.flag("isConsistent"),
    )


def parse_failed_verifications(found: Fields) -> tuple[FailedVerification, ...]:
    """Read what speaks against a file."""
    return tuple(
        FailedVerification(
            name=one.text("name"),
            severity=one.text("severity"),
            message=one.text("message"),
            page=one.number("page"),
            box=_box(one),
        )
        for one in found.objects("failedVerifications")
    )


def _box(found: Fields) -> tuple[float, float, float, float] | None:
    if found.values.get("box") is None:
        return None
    try:
        x0, y0, x1, y1 = (float(edge) for edge in found.list("box"))
    except (TypeError, ValueError) as error:
        raise UnexpectedReply("The reply has a box that is malformed.") from error
    return (x0, y0, x1, y1)


def _owner(found: Fields) -> Owner:
    return Owner(name=found.text("name"), kind=found.optional("kind"), address=found.optional("address"))


def _account(found: Fields) -> Account:
    return Account(
        name=found.optional("name") or "",
        iban=found.text("iban"),
        currency_name=found.text("currencyName"),
        currency_balance=found.money("currencyBalance"),
        money_transactions=tuple(_money_transaction(item) for item in found.objects("moneyTransactions")),
    )


def _money_transaction(found: Fields) -> MoneyTransaction:
    return MoneyTransaction(
        transaction_on=found.known_day("transactionOn"),
        currency_amount=found.amount("currencyAmount"),
        status=found.text("status"),
        booked_on=found.day("bookedOn"),
        currency_balance=found.money("currencyBalance"),
        title=found.optional("title"),
        party=found.optional("party"),
        party_iban=found.optional("partyIban"),
        kind=found.optional("kind"),
        labels=frozenset(found.texts("labels")),
        vendors=parse_vendors(found),
    )


def _confirmation(found: Fields) -> Confirmation:
    return Confirmation(
        transaction_on=found.known_day("transactionOn"),
        currency_amount=found.amount("currencyAmount"),
        currency_name=found.text("currencyName"),
        booking_status=found.text("bookingStatus"),
        status=found.optional("status"),
        generated_by=found.optional("generatedBy"),
        issued_on=found.day("issuedOn"),
        booked_on=found.day("bookedOn"),
        title=found.optional("title"),
        kind=found.optional("kind"),
        reference_number=found.optional("referenceNumber"),
        sender=_party(found.object("sender")),
        recipient=_party(found.object("recipient")),
        labels=frozenset(found.texts("labels")),
        vendors=parse_vendors(found),
    )


def _party(found: Fields) -> ConfirmationParty:
    return ConfirmationParty(
        name=found.optional("name"), iban=found.optional("iban"), address=found.optional("address")
    )
