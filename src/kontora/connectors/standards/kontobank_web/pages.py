"""The pages of KontoBank's web bank, described: address, mark, fields. Nothing here is code that reads."""

from __future__ import annotations

from dataclasses import dataclass

from kontora.connectors.protocol import CredentialKind, Subject
from kontora.connectors.standards.web_pages import converters
from kontora.connectors.standards.web_pages.converters import Writing
from kontora.connectors.standards.web_pages.descriptions import Convert, Field, Page, Table
from kontora.model import OwnerKind

HIDDEN = ("_csrf", "flow")
LANGUAGES = frozenset({"en"})
FAULT = "p.error[role=alert]"
PICTURE = "img.picture[src]"
OPTIONS = "label.option"
OPEN_BOXES = "fieldset.mask input:not([disabled])"
BOXES = "fieldset.mask input"
NEXT = "p.pages a[rel=next][href]"
END = "p.pages.end"

LOGIN = Page("login", "/login", "main#login form#login-form")
NOTICE = Page("notice", "/notice", "main#notice form#notice-form")
WAIT = Page(
    "wait",
    "/wait",
    "main#wait",
    {
        "words": Field("p.words"),
        "expires_at": Field("p.expiry time", converters.moment, "datetime", needed=False),
    },
)
AGAIN = Page("again", "/history", "main#again")


@dataclass(frozen=True, slots=True)
class Question:
    """A page with a question: what it asks for, the form, and the field that the answer goes into.

    `subject`: what its options are about. `has_picture`, `has_mask`: what it shows beside.
    """

    page: Page
    kind: CredentialKind
    label: str
    form: str
    field: str
    subject: Subject | None = None
    asterisked: bool = False
    has_picture: bool = False
    has_mask: bool = False
    digits: bool = False


_WORDS = {"words": Field(".words"), "help": Field(".help", needed=False)}
_CODE = {
    **_WORDS,
    "max_length": Field("input#code", converters.count, "maxlength", needed=False),
    "expires_at": Field("p.expiry time", converters.moment, "datetime", needed=False),
}


def _code_page(method: str, **more: Field) -> Page:
    return Page("confirm", "/confirm", f"main#confirm[data-method={method}]", {**_CODE, **more})


_PASSWORD = CredentialKind.STATIC_PASSWORD
QUESTIONS: tuple[Question, ...] = (
    Question(
        Page("captcha", "/captcha", "main#captcha", _WORDS),
        CredentialKind.CAPTCHA,
        "Characters in the picture",
        "form#captcha-form",
        "letters",
        has_picture=True,
    ),
    Question(
        Page("picture", "/picture", "main#picture", _WORDS),
        CredentialKind.PICTURE,
        "Is this your picture?",
        "form#picture-form",
        "mine",
        Subject.PICTURE,
        has_picture=True,
    ),
    Question(
        Page("password", "/password", "main#password form#password-form"),
        _PASSWORD,
        "Password",
        "form#password-form",
        "password",
        asterisked=True,
    ),
    Question(
        Page(
            "password",
            "/password",
            "main#password form#mask-form",
            {"words": Field("fieldset.mask legend")},
        ),
        _PASSWORD,
        "Some characters of your password",
        "form#mask-form",
        "c",
        asterisked=True,
        has_mask=True,
    ),
    Question(
        Page("context", "/context", "main#context", {"words": Field("legend.words")}),
        CredentialKind.CHOICE,
        "For whom do you sign in?",
        "form#context-form",
        "context",
        Subject.CONTEXT,
    ),
    Question(
        Page("method", "/method", "main#method", {"words": Field("legend.words")}),
        CredentialKind.CHOICE,
        "How do you want to confirm?",
        "form#method-form",
        "method",
        Subject.METHOD,
    ),
    Question(
        _code_page("sms", sent_to=Field("p.sent-to")),
        CredentialKind.SMS_CODE,
        "SMS code",
        "form#code-form",
        "code",
    ),
    Question(
        _code_page("token", token_challenge=Field("p.token-challenge")),
        CredentialKind.HARDWARE_TOKEN,
        "Code from your token",
        "form#code-form",
        "code",
        digits=True,
    ),
    Question(_code_page("app"), CredentialKind.MOBILE_OTP, "Code from the app", "form#code-form", "code"),
    Question(
        _code_page("list", code_number=Field("p.code-number", converters.count)),
        CredentialKind.CODE_LIST,
        "Code from your list",
        "form#code-form",
        "code",
        digits=True,
    ),
)

_ROLES = converters.one_of(
    {"Owner": OwnerKind.OWNER, "Co-owner": OwnerKind.CO_OWNER, "Company": OwnerKind.COMPANY}
)
OWNERS = "ul.owners > li"
OWNER = {
    "name": Field(".owner-name"),
    "kind": Field(".owner-role", _ROLES),
    "address": Field(".owner-address", needed=False),
}
_HANDLE = "[0-9a-f]{14}"
_LINK = Field("td a", attribute="href")


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages after the sign-in, as one country writes them."""

    accounts: Page
    account: Page
    history: Page
    cards: Page
    card: Page
    card_history: Page
    profile: Page

    @classmethod
    def of(cls, writing: Writing, number: Convert, *, symbols: Convert | None = None) -> Pages:
        """Describe the pages. `number` reads account numbers, `symbols` a column of payment symbols."""
        return cls(
            accounts=_list_page("accounts", ("Account", "Number", "Balance"), number),
            account=_account_page(writing, number),
            history=_history_page(writing, number, symbols),
            cards=_list_page("cards", ("Card", "Number"), converters.number),
            card=_card_page(writing, number),
            card_history=_card_history_page(writing),
            profile=Page(
                "profile",
                "/profile",
                "main#profile",
                {
                    "name": Field("dd.fact-name"),
                    "address": Field("dd.fact-address", needed=False),
                    "phone": Field("dd.fact-phone", needed=False),
                    "polish_pesel": Field("dd.fact-pesel", needed=False),
                    "polish_nip": Field("dd.fact-nip", needed=False),
                },
            ),
        )


def _list_page(name: str, heads: tuple[str, ...], number: Convert) -> Page:
    fields = {"link": _LINK, "number": Field("td.number", number)}
    table = Table(f"table.{name}-table", heads, fields, needed=False, none=f"main#{name} > p.none")
    return Page(name, f"/{name}", f"main#{name}", tables={name: table})


def _account_page(writing: Writing, number: Convert) -> Page:
    return Page(
        "account",
        f"/accounts/{_HANDLE}",
        "main#account",
        {
            "name": Field("dd.fact-name"),
            "friendly_name": Field("dd.fact-alias", needed=False),
            "number": Field("dd.fact-number", number),
            "currency": Field("dd.fact-currency"),
            "balance": Field("dd.fact-balance", writing.money),
            "available": Field("dd.fact-available", writing.money),
            "opened_on": Field("dd.fact-opened", writing.date, needed=False),
            "direct_debit": Field("dd.fact-debit", converters.one_of({"yes": True, "no": False})),
            "history": Field("a#history-link", attribute="href"),
        },
    )


def _history_page(writing: Writing, number: Convert, symbols: Convert | None) -> Page:
    shown = ("Title", "Party", "Account", "Type")
    pending = {
        "ref": Field("", attribute="data-ref"),
        "made_on": Field("td:nth-child(1)", writing.date),
        "title": Field("td:nth-child(2)", needed=False),
        "party": Field("td:nth-child(3)", needed=False),
        "party_number": Field("td:nth-child(4)", number, needed=False),
        "kind": Field("td:nth-child(5)", needed=False),
        "amount": Field("td.amount", writing.money),
    }
    booked = {
        **pending,
        "booked_on": Field("td:nth-child(2)", writing.date),
        "title": Field("td:nth-child(3)", needed=False),
        "party": Field("td:nth-child(4)", needed=False),
        "party_number": Field("td:nth-child(5)", number, needed=False),
        "kind": Field("td:nth-child(6)", needed=False),
        "balance": Field("td.balance", writing.money),
    }
    heads: tuple[str, ...] = ("Date", "Booked", *shown)
    if symbols is not None:
        booked["symbols"] = Field("td:nth-child(7)", symbols, needed=False)
        heads = (*heads, "Symbols")
    return Page(
        "history",
        f"/accounts/{_HANDLE}/history",
        "main#history",
        tables={
            "pending": Table("table.blocked", ("Date", *shown, "Amount"), pending, needed=False),
            "booked": Table("table.booked", (*heads, "Amount", "Balance"), booked),
        },
    )


def _card_page(writing: Writing, number: Convert) -> Page:
    return Page(
        "card",
        f"/cards/{_HANDLE}",
        "main#card",
        {
            "name": Field("dd.fact-name"),
            "number": Field("dd.fact-number", converters.number),
            "currency": Field("dd.fact-currency"),
            "limit": Field("dd.fact-limit", writing.money),
            "balance": Field("dd.fact-balance", writing.money),
            "available": Field("dd.fact-available", writing.money),
            "interest": Field("dd.fact-interest", converters.percent, needed=False),
            "due_on": Field("dd.fact-due", writing.date, needed=False),
            "account": Field("dd.fact-account", number, needed=False),
            "history": Field("a#history-link", attribute="href"),
        },
    )


def _card_history_page(writing: Writing) -> Page:
    pending = {
        "ref": Field("", attribute="data-ref"),
        "made_on": Field("td:nth-child(1)", writing.date),
        "title": Field("td:nth-child(2)", needed=False),
        "mcc": Field("td:nth-child(3)", needed=False),
        "kind": Field("td:nth-child(4)", needed=False),
        "amount": Field("td.amount", writing.money),
    }
    booked = {
        **pending,
        "booked_on": Field("td:nth-child(2)", writing.date),
        "title": Field("td:nth-child(3)", needed=False),
        "mcc": Field("td:nth-child(4)", needed=False),
        "kind": Field("td:nth-child(5)", needed=False),
    }
    shown = ("Description", "Category", "Type", "Amount")
    return Page(
        "card history",
        f"/cards/{_HANDLE}/history",
        "main#card-history",
        tables={
            "pending": Table("table.blocked", ("Date", *shown), pending, needed=False),
            "booked": Table("table.booked", ("Date", "Booked", *shown), booked),
        },
    )
