"""Parse replies: from status, headers and body to frozen data or a named failure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from kontora.client.documents import (
    Element,
    attribute,
    child,
    children,
    day,
    flag,
    moment,
    money,
    parse_document,
    required,
    text,
)
from kontora.client.failures import KontoraApiError, UnexpectedReply
from kontora.client.model import (
    Account,
    CommandReply,
    CredentialMetadata,
    CreditCard,
    Failure,
    ImportResult,
    MoneyTransaction,
    Owner,
    OwnerData,
    Session,
    Target,
    TargetData,
    Vendor,
)
from kontora.client.refusals import parse_refusal


@dataclass(frozen=True, slots=True)
class HttpReply:
    """What a server answered; header names in lower case. `repr` shows the status only."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)

    @property
    def retry_after_seconds(self) -> float | None:
        """The seconds of `Retry-After`; `None` where it is absent or a date."""
        found = self.headers.get("retry-after", "").strip()
        return float(found) if found.isascii() and found.isdigit() else None


def parse_failure(reply: HttpReply) -> KontoraApiError:
    """Return why a request was refused; named `UnexpectedReply` where the body does not tell."""
    wait = reply.retry_after_seconds
    if reply.headers.get("content-type", "").startswith("application/json"):
        try:
            return parse_refusal(reply.status, reply.body, wait)
        except UnexpectedReply:
            return KontoraApiError(reply.status, "UnexpectedReply", "The body is not Kontora's.", None, wait)
    try:
        root = parse_document(reply.body)
    except UnexpectedReply:
        return KontoraApiError(reply.status, "UnexpectedReply", "The body is not Kontora's.", None, wait)
    named = root.find("exception")
    if named is None:
        name = "Unauthorized" if reply.status == 401 else "UnexpectedReply"
        return KontoraApiError(reply.status, name, text(root, "comment") or "", None, wait)
    failure = _failure(named)
    return KontoraApiError(reply.status, failure.name, failure.message, failure.friendly_message, wait)


def parse_nothing(body: bytes) -> None:
    """Check that the body is a reply; it carries nothing."""
    parse_document(body)


def parse_session(body: bytes) -> Session:
    """Read a session."""
    root = parse_document(body)
    session = child(root, "session")
    return Session(
        id=attribute(session, "id"),
        signature=attribute(session, "signature"),
        owner_external_id=root.get("ownerExternalId"),
        multiple_access_id=session.get("multipleAccessId") or text(root, "multipleAccessId"),
    )


def parse_command(body: bytes) -> CommandReply:
    """Read where a command stands."""
    command = child(parse_document(body), "command")
    failure, result = command.find("exception"), command.find("result")
    return CommandReply(
        id=attribute(command, "id"),
        name=attribute(command, "name"),
        state=attribute(command, "state"),
        progress=_progress(command),
        target=command.get("target"),
        institution=command.get("institution"),
        failure=None if failure is None else _failure(failure),
        result=None if result is None else _result(command, result),
    )


def parse_owner_data(body: bytes) -> OwnerData:
    """Read all data of an owner."""
    owner = child(parse_document(body), "owner")
    return OwnerData(
        external_id=attribute(owner, "externalId"),
        created_at=moment(owner, "createdAt"),
        updated_at=moment(owner, "updatedAt"),
        last_change_at=moment(owner, "lastChange"),
        origin=owner.get("origin"),
        targets=tuple(_target_data(target) for target in owner.iterfind("target")),
    )


def parse_catalog(body: bytes) -> tuple[Target, ...]:
    """Read the targets, in the order of the catalogue."""
    return tuple(_target(target) for target in children(parse_document(body), "targets", "target"))


def parse_health(reply: HttpReply) -> bool:
    """Tell whether the server says that it is up.

    Raises: UnexpectedReply, if the body is not that of a health check.
    """
    try:
        status = json.loads(reply.body)["status"]
    except (ValueError, KeyError, TypeError) as error:
        raise UnexpectedReply("The reply is not that of a health check.") from error
    return reply.status == 200 and status == "UP"


def _failure(element: Element) -> Failure:
    return Failure(
        name=attribute(element, "name"),
        message=text(element, "message") or "",
        friendly_message=text(element, "friendlyMessage"),
    )


def _progress(command: Element) -> float:
    try:
        return float(command.findtext("progress/value") or 0)
    except ValueError as error:
        raise UnexpectedReply("The reply has a progress that is not a number.") from error


def _result(command: Element, result: Element) -> ImportResult:
    return ImportResult(
        owners=_owners(result),
        accounts=tuple(_account(account) for account in children(result, "accounts", "account")),
        credit_cards=None if result.find("creditCards") is None else _credit_cards(result),
        money_transactions=_money_transactions(result),
        credentials=_credentials(result),
        command_id=command.get("id"),
        target=command.get("target"),
        institution=command.get("institution"),
    )


def _target_data(target: Element) -> TargetData:
    return TargetData(
        name=attribute(target, "name"),
        official_name=target.get("officialName"),
        institution=target.get("institution"),
        origin=target.get("origin"),
        owners=_owners(target),
        accounts=tuple(_account(account) for account in children(target, "accounts", "account")),
        credit_cards=_credit_cards(target),
    )


def _target(target: Element) -> Target:
    types = children(target, "supportedAccountTypes", "supportedAccountType")
    return Target(
        name=attribute(target, "name"),
        country=attribute(target, "country"),
        institution=attribute(target, "institution"),
        official_name=attribute(target, "officialName"),
        official_url=target.get("officialUrl"),
        login_name=target.get("loginName"),
        beta=flag(target, "beta"),
        psd2=flag(target, "psd2"),
        account_types=tuple(attribute(kind, "name") for kind in types),
        commands=tuple(attribute(command, "name") for command in children(target, "commands", "command")),
        credentials=_credentials(target),
        favicon=target.get("favicon"),
    )


def _credentials(parent: Element) -> tuple[CredentialMetadata, ...]:
    return tuple(
        CredentialMetadata(
            kind=attribute(item, "kind"),
            name=item.findtext("name") or "",
            description=text(item, "description"),
            supported=item.findtext("supported") != "false",
            asterisked=item.findtext("asterisked") == "true",
            mask=text(item, "mask"),
            choices=tuple(option.text or "" for option in children(item, "choice", "option")),
        )
        for item in children(parent, "credentialsMetadata", "credentialMetadata")
    )


def _owners(parent: Element) -> tuple[Owner, ...]:
    return tuple(
        Owner(
            name=required(owner, "name"),
            kind=text(owner, "kind"),
            address=text(owner, "address"),
            polish_pesel=text(owner, "polishPesel"),
            polish_nip=text(owner, "polishNip"),
            polish_regon=text(owner, "polishRegon"),
            phone=text(owner, "phone"),
            email=text(owner, "email"),
            citizenship=text(owner, "citizenship"),
            nationality=text(owner, "nationality"),
            personal_document_type=text(owner, "personalDocumentType"),
            personal_document_number=text(owner, "personalDocumentNumber"),
            birth_date=day(owner, "birthDate"),
            birth_place=text(owner, "birthPlace"),
        )
        for owner in children(parent, "owners", "owner")
    )


def _account(account: Element) -> Account:
    debit = account.find("directDebit")
    return Account(
        name=required(account, "name"),
        iban=required(account, "iban"),
        currency_name=required(account, "currencyName"),
        currency_balance=money(account, "currencyBalance"),
        currency_funds_available=money(account, "currencyFundsAvailable"),
        friendly_name=text(account, "friendlyName"),
        active_since_at_least=day(account, "activeSinceAtLeast"),
        direct_debit=None if debit is None else flag(debit, "available"),
        money_transactions=_money_transactions(account),
        owners=_owners(account),
        partial_due_to_timeout=flag(account, "partialDueToTimeout"),
    )


def _credit_cards(parent: Element) -> tuple[CreditCard, ...]:
    return tuple(
        CreditCard(
            name=required(card, "name"),
            card_id=required(card, "cardId"),
            currency_name=required(card, "currencyName"),
            iban=text(card, "iban"),
            number=text(card, "number"),
            currency_balance=money(card, "currencyBalance"),
            currency_funds_available=money(card, "currencyFundsAvailable"),
            limit=money(card, "limit"),
            interest=money(card, "interest"),
            due_date=day(card, "dueDate"),
            money_transactions=_money_transactions(card),
            owners=_owners(card),
            partial_due_to_timeout=flag(card, "partialDueToTimeout"),
        )
        for card in children(parent, "creditCards", "creditCard")
    )


def _money_transactions(parent: Element) -> tuple[MoneyTransaction, ...]:
    return tuple(
        _money_transaction(item) for item in children(parent, "moneyTransactions", "moneyTransaction")
    )


def _money_transaction(item: Element) -> MoneyTransaction:
    transaction_on, amount = day(item, "transactionOn"), money(item, "currencyAmount")
    if transaction_on is None or amount is None:
        raise UnexpectedReply("The reply has a moneyTransaction without its date or amount.")
    return MoneyTransaction(
        transaction_on=transaction_on,
        currency_amount=amount,
        status=text(item, "status") or "DONE",
        booked_on=day(item, "bookedOn"),
        currency_balance=money(item, "currencyBalance"),
        title=text(item, "title"),
        party=text(item, "party"),
        party_iban=text(item, "partyIban"),
        kind=text(item, "kind"),
        variable_symbol=text(item, "variableSymbol"),
        constant_symbol=text(item, "constantSymbol"),
        specific_symbol=text(item, "specificSymbol"),
        labels=frozenset(label.text or "" for label in children(item, "labels", "label")),
        vendors=tuple(
            Vendor(attribute(vendor, "label"), vendor.text or "")
            for vendor in children(item, "vendors", "vendor")
        ),
    )
