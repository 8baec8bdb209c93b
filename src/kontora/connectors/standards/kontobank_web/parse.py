"""From a page of KontoBank's web bank to the model. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from kontora.connectors.protocol import AnswerForm, BankAccount, BankCard, Challenge, CredentialKind, Mask
from kontora.connectors.standards.items import finished, raw_of
from kontora.connectors.standards.kontobank_web import pages
from kontora.connectors.standards.kontobank_web.pages import Question
from kontora.connectors.standards.web_pages.converters import Money
from kontora.connectors.standards.web_pages.descriptions import Page, Table, fields_of, raw_row, rows_of
from kontora.connectors.standards.web_pages.documents import Document, Node, NotUnderstood, text_of
from kontora.model import Account, AccountOwner, CreditCard, MoneyTransaction, Owner, TransactionStatus

Fields = Mapping[str, Any]


class Handle(msgspec.Struct, frozen=True):
    """What is needed to read the history of an account or card: its address."""

    history: str

    def encoded(self) -> str:
        """Return the handle as text."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def decoded(cls, text: str) -> Handle:
        """Return the handle of that text."""
        return msgspec.json.decode(text, type=cls)


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """One page of a history: not booked first, then booked, newest first; and where the next one is."""

    items: tuple[MoneyTransaction, ...]
    next_url: str | None


def parse_question(document: Document, question: Question, picture: str | None) -> Challenge:
    """Read a question. `picture`: the PNG that it shows, Base64.

    Raises: NotUnderstood.
    """
    told = _fields(document, question.page)
    words = [told.get("words"), told.get("help")]
    form = None
    if question.digits or told.get("max_length"):
        form = AnswerForm(question.digits, told.get("max_length"))
    return Challenge(
        kind=question.kind,
        name=question.label,
        description="\n".join(line for line in words if line) or None,
        asterisked=question.asterisked,
        options=_options(document, question) if question.subject is not None else (),
        subject=question.subject,
        image_base64=picture,
        mask=_mask(document) if question.has_mask else None,
        answer=form,
        token_challenge=told.get("token_challenge"),
        code_number=told.get("code_number"),
        sent_to=told.get("sent_to"),
        expires_at=told.get("expires_at"),
    )


def parse_wait(document: Document) -> Challenge:
    """Read the page that waits for the app. Raises: NotUnderstood."""
    told = _fields(document, pages.WAIT)
    return Challenge(
        kind=CredentialKind.APP_CONFIRMATION,
        name="Confirm in your bank's app",
        description=told["words"],
        expires_at=told["expires_at"],
    )


def _options(document: Document, question: Question) -> tuple[tuple[str, str], ...]:
    if question.kind is CredentialKind.PICTURE:
        buttons = document.tree.css(f"{question.form} button[name={question.field}]")
        found = [(node.attributes.get("value") or "", text_of(node)) for node in buttons]
    else:
        labels = document.tree.css(f"{question.form} {pages.OPTIONS}")
        found = [(_value_in(label, question.field), text_of(label)) for label in labels]
    if not found or not all(value and label for value, label in found):
        raise NotUnderstood(f"{question.form} {pages.OPTIONS}")
    return tuple(found)


def _value_in(label: Node, name: str) -> str:
    found = label.css_first(f"input[name={name}]")
    return (found.attributes.get("value") or "") if found is not None else ""


def _mask(document: Document) -> Mask:
    names = [node.attributes.get("name") or "" for node in document.tree.css(pages.OPEN_BOXES)]
    places = tuple(int(name[1:]) for name in names if name[:1] == "c" and name[1:].isdecimal())
    if not places or len(places) != len(names):
        raise NotUnderstood(pages.OPEN_BOXES)
    return Mask(len(document.tree.css(pages.BOXES)), places)


def parse_links(document: Document, page: Page) -> tuple[str, ...]:
    """Read where the pages of the accounts or cards of a list are, in the bank's order.

    Raises: NotUnderstood.
    """
    table = page.tables[page.name]
    rows = [fields_of(row, table.fields) for row in rows_of(document, table)]
    return tuple(document.link(row["link"]) for row in rows)


def parse_account(document: Document, page: Page) -> BankAccount:
    """Read the page of an account: everything but its money transactions. Raises: NotUnderstood."""
    told = _fields(document, page)
    owners = parse_owners(document)
    account = Account(
        name=told["name"],
        iban=told["number"],
        currency_name=told["currency"],
        currency_balance=_in_currency(told, "balance"),
        currency_funds_available=_in_currency(told, "available"),
        friendly_name=told["friendly_name"],
        active_since_at_least=told["opened_on"],
        direct_debit=told["direct_debit"],
        owners=tuple(AccountOwner(owner.name, owner.address, owner.kind) for owner in owners),
    )
    return BankAccount(Handle(document.link(told["history"])).encoded(), account, owners)


def parse_card(document: Document, page: Page) -> BankCard:
    """Read the page of a credit card: everything but its money transactions. Raises: NotUnderstood."""
    told = _fields(document, page)
    owners = tuple(AccountOwner(owner.name, owner.address, owner.kind) for owner in parse_owners(document))
    card = CreditCard(
        name=told["name"],
        card_id=told["number"],
        number=told["number"],
        currency_name=told["currency"],
        iban=told["account"],
        currency_balance=_in_currency(told, "balance"),
        currency_funds_available=_in_currency(told, "available"),
        limit=_in_currency(told, "limit"),
        interest=told["interest"],
        due_date=told["due_on"],
        owners=owners,
    )
    return BankCard(Handle(document.link(told["history"])).encoded(), card, owners)


def parse_owners(document: Document) -> tuple[Owner, ...]:
    """Read the owners on the page of an account or card, in the bank's order. Raises: NotUnderstood."""
    found = [fields_of(node, pages.OWNER) for node in document.tree.css(pages.OWNERS)]
    if not found:
        raise NotUnderstood(pages.OWNERS)
    return tuple(Owner(**told) for told in found)


def parse_profile(document: Document, page: Page) -> Mapping[str, str | None]:
    """Read the data of the owner who signed in, by the names of `Owner`. Raises: NotUnderstood."""
    return _fields(document, page)


def with_profile(owners: Sequence[Owner], profile: Mapping[str, str | None]) -> tuple[Owner, ...]:
    """Add to the owner who signed in what only the page of their own data tells."""
    more = {name: value for name, value in profile.items() if name not in ("name", "address")}
    return tuple(
        msgspec.structs.replace(owner, **more, address=owner.address or profile["address"])
        if owner.name == profile["name"]
        else owner
        for owner in owners
    )


def parse_history(document: Document, page: Page, currency: str) -> HistoryPage:
    """Read a page of the history of an account or card.

    Amounts: the account's currency, debit negative. The bank says where the list ends; a page that says
    neither that nor where it goes on is not understood. Raises: NotUnderstood.
    """
    items = (
        *_items(document, page.tables["pending"], TransactionStatus.PENDING, currency),
        *_items(document, page.tables["booked"], TransactionStatus.DONE, currency),
    )
    onward = document.first(pages.NEXT)
    if onward is None and document.first(pages.END) is None:
        raise NotUnderstood(f"{pages.NEXT} or {pages.END}")
    link = document.link(onward.attributes.get("href") or "") if onward is not None else None
    return HistoryPage(items, link)


def _items(
    document: Document, table: Table, status: TransactionStatus, currency: str
) -> Iterator[MoneyTransaction]:
    for row in rows_of(document, table):
        told = fields_of(row, table.fields)
        symbols = told.get("symbols") or {}
        yield finished(
            MoneyTransaction(
                transaction_on=told["made_on"],
                booked_on=told.get("booked_on"),
                currency_amount=_of(told["amount"], currency),
                currency_balance=_of(told["balance"], currency) if told.get("balance") else None,
                status=status,
                title=told["title"],
                party=told.get("party"),
                party_iban=told.get("party_number"),
                kind=told["kind"],
                variable_symbol=symbols.get("VS"),
                constant_symbol=symbols.get("KS"),
                specific_symbol=symbols.get("SS"),
                mcc=told.get("mcc"),
                internal_id=told["ref"],
                raw=raw_of({"ref": told["ref"], **raw_row(row, table)}),
            )
        )


def _fields(document: Document, page: Page) -> Fields:
    root = document.first("main")
    if root is None:
        raise NotUnderstood("main")
    return fields_of(root, page.fields)


def _in_currency(told: Fields, name: str) -> Any:
    return _of(told[name], told["currency"])


def _of(money: Money, currency: str) -> Any:
    if money.currency != currency:
        raise NotUnderstood("an amount", "is not in the account's currency")
    return money.amount
