"""Documents and statements made by hand: sound ones, of which tests change one thing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec

from kontora.model import MoneyTransaction, TransactionStatus
from kontora.statements.checks import verify
from kontora.statements.document import Anatomy, Document, Page, Painted, PaintedKind, Revision, Style, Word
from kontora.statements.findings import FailedVerification
from kontora.statements.forms.amounts import AmountForm, Minus
from kontora.statements.forms.dates import DateForm
from kontora.statements.layout import Arithmetic, Institution, Layout, Order, Recognition, Running
from kontora.statements.layout_confirmation import ConfirmationFields, ConfirmationForm, Sign
from kontora.statements.layout_fields import FieldForm, StatementFields
from kontora.statements.layout_table import Column, Description, Grid, KindAt, RowCut, Table, TextName
from kontora.statements.profiles import Profile
from kontora.statements.readings import (
    BookingStatus,
    Confirmation,
    ConfirmationParty,
    DocumentType,
    EvidenceGrade,
    Place,
    Statement,
    StatementRow,
)

TODAY = date(2026, 6, 10)
IBAN = "PL74114000000000000000000007"
OTHER_BANK = "PL84249000050000000000000004"
A4 = (0.0, 0.0, 595.3, 841.9)
BLACK, WHITE, RED = (0, 0, 0, 255), (255, 255, 255, 255), (200, 0, 0, 255)
PLAIN = Style("Arial", 8.0, BLACK)
EDGES = {"date": 40.0, "amount": 491.0, "balance": 551.0}
AIR = {"1": 0.9, "7": 0.3}
"""What a tight box leaves at the right of some digits."""


def word(text: str, x: float, y: float, *, style: int = 0, order: int = 10, end: float | None = None) -> Word:
    """A word of letters five points wide; `end`: where it ends, in place of `x`, where it begins."""
    width = 5.0 * len(text)
    x0 = end - width if end is not None else x
    return Word(text, x0, y, x0 + width - AIR.get(text[-1], 0.1), y + 6, y, style, order)


def page(number: int, words: list[Word], **changes: object) -> Page:
    """A page of A4 with words in one style."""
    plain = Page(number, A4, A4, 0, tuple(words), (PLAIN,), (), (), sum(len(each.text) for each in words))
    return msgspec.structs.replace(plain, **changes)


def band(box: tuple[float, float, float, float], order: int, fill=WHITE) -> Painted:
    """A filled rectangle."""
    return Painted(PaintedKind.PATH, box, order, fill=fill)


ANATOMY = Anatomy(
    version="1.4",
    header_comment="e2e3cfd3",
    info=(("Producer", "Bank Writer 4.3"), ("CreationDate", "D:20260601081500+02'00'")),
    created_at=datetime(2026, 6, 1, 6, 15, tzinfo=UTC),
    modified_at=None,
    created_text="D:20260601081500+02'00'",
    modified_text=None,
    xmp=(),
    is_encrypted=False,
    is_linearised=False,
    xref="table",
    has_object_streams=False,
    revisions=(Revision(20_000),),
    startxrefs=1,
    bytes_after_end=0,
    objects=20,
    duplicate_objects=0,
    objects_out_of_order=False,
    holes=0,
    ids=("aa", "aa"),
    trailer_keys=("Info", "Root", "Size"),
    root_keys=("Pages", "Type"),
    page_keys=("Contents", "MediaBox", "Parent", "Resources", "Type"),
    content_streams=(1,),
    filters=("FlateDecode",),
    resource_names=("Font/F1",),
    text_operators=("Tj",),
    deflates=(),
    fonts=(),
    active=(),
    pages_by_second_parser=1,
)

INSTITUTION = Institution("MBank", "MBank", "mBank", "pl", ("1140",))
AMOUNTS = AmountForm(Minus.BEFORE)
LAYOUT = Layout(
    name="some-statement",
    title="Wyciąg",
    institution=INSTITUTION,
    document_type=DocumentType.STATEMENT,
    grade=EvidenceGrade.ASSUMED,
    source="Made by hand.",
    recognise=Recognition(("Wyciąg",)),
    amounts=AMOUNTS,
    dates=(DateForm.ISO,),
    order=Order.OLDEST_FIRST,
    arithmetic=Arithmetic(Running.CHAIN, opening_and_closing=False),
    fields=StatementFields(iban=FieldForm(("Numer rachunku",)), currency_of_amounts=True),
    table=Table(
        header=("Data", "Kwota", "Saldo"),
        grid=Grid(
            columns=(
                Column("transaction_on", 40, 100),
                Column("booked_on", 100, 160),
                Column("description", 160, 430),
                Column("amount", 430, 495),
                Column("balance", 495, 555),
            ),
            cut=RowCut.LINES,
            starts_in="transaction_on",
        ),
    ),
    description=Description(kind=KindAt.NONE, rest=TextName.TITLE),
)
CONFIRMATIONS = Layout(
    name="some-confirmation",
    title="Potwierdzenie",
    institution=INSTITUTION,
    document_type=DocumentType.CONFIRMATION,
    grade=EvidenceGrade.ASSUMED,
    source="Made by hand.",
    recognise=Recognition(("Potwierdzenie",)),
    amounts=AMOUNTS,
    dates=(DateForm.ISO,),
    reference="KB[0-9]{4}",
    confirmation=ConfirmationForm(
        starts=("Potwierdzenie",),
        sign=Sign.PRINTED,
        fields=ConfirmationFields(amount=FieldForm(("Kwota",)), transaction_on=FieldForm(("Data",))),
    ),
)


def place(words: list[Word], page_number: int = 1) -> Place:
    """Where words stand."""
    boxes = [(each.x0, each.y0, each.x1, each.y1) for each in words]
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return Place(page_number, (min(x0), min(y0), max(x1), max(y1)))


def row(order: int, **changes: object) -> tuple[StatementRow, list[Word]]:
    """A booked row of the first page, and its words: date, amount, balance."""
    y = 700.0 - 12 * order
    day = date(2026, 5, 1 + order // 2)
    amount, balance = f"-{10 + order},{order % 10}0", f"{900 - order},{order % 10}7"
    words = [
        word(day.isoformat(), EDGES["date"], y),
        word(amount, 0, y, end=EDGES["amount"]),
        word(balance, 0, y, end=EDGES["balance"]),
    ]
    item = MoneyTransaction(
        transaction_on=day,
        booked_on=day,
        currency_amount=Decimal(amount.replace(",", ".")),
        currency_balance=Decimal(balance.replace(",", ".")),
        status=TransactionStatus.DONE,
    )
    made = StatementRow(
        item, order, place(words), place([words[1]]), place([words[0]]), balance_place=place([words[2]])
    )
    return msgspec.structs.replace(made, **changes), words


def with_words(made: StatementRow, words: list[Word]) -> StatementRow:
    """The row with its cells where these words stand."""
    return msgspec.structs.replace(
        made,
        place=place(words),
        date_place=place([words[0]]),
        amount_place=place([words[1]]),
        balance_place=place([words[2]]),
    )


def moved(made: StatementRow, **changes: object) -> StatementRow:
    """The row with another money transaction."""
    item = msgspec.structs.replace(made.money_transaction, **changes)
    return msgspec.structs.replace(made, money_transaction=item)


def statement(rows: list[StatementRow], **changes: object) -> Statement:
    """A statement of May 2026 with these rows."""
    head = Place(1, (40, 760, 200, 766))
    plain = Statement(
        iban=IBAN,
        iban_place=head,
        currency="PLN",
        account_name=None,
        owners=(),
        period_start=date(2026, 5, 1),
        period_end=date(2026, 5, 31),
        period_place=head,
        opening_balance=None,
        opening_place=None,
        closing_balance=None,
        closing_place=None,
        rows=tuple(rows),
        issued_on=date(2026, 6, 1),
        pages_said=((1, 1),),
    )
    return msgspec.structs.replace(plain, **changes)


def confirmation(**changes: object) -> Confirmation:
    """A confirmed payment to another bank."""
    where = Place(1, (40, 400, 400, 800))
    plain = Confirmation(
        currency_amount=Decimal("-12.34"),
        currency="PLN",
        transaction_on=date(2026, 5, 4),
        booking_status=BookingStatus.BOOKED,
        place=where,
        amount_place=where,
        booked_on=date(2026, 5, 5),
        issued_on=date(2026, 5, 6),
        reference="KB1234",
        sender=ConfirmationParty(iban=IBAN),
        recipient=ConfirmationParty(iban=OTHER_BANK),
    )
    return msgspec.structs.replace(plain, **changes)


def document(
    words: list[Word] | None = None, *, signatures=(), anatomy=None, pages=None, **changes
) -> Document:
    """A document of one page; `changes` are of the page."""
    made = pages or (page(1, words or [word("Wyciąg", 40, 780)], **changes),)
    facts = {"pages_by_second_parser": len(made)} | (anatomy or {})
    return Document(20_000, tuple(made), msgspec.structs.replace(ANATOMY, **facts), tuple(signatures))


def table(rows: int = 12, changed=None) -> tuple[Document, Statement]:
    """A document with a table of rows; `changed`: by row, its words in place of the usual ones."""
    words = [word("Wyciąg", 40, 780)]
    made = []
    for order in range(rows):
        usual, its_words = row(order)
        if changed and order in changed:
            its_words = changed[order](its_words)
            usual = with_words(usual, its_words)
        made.append(usual)
        words += its_words
    return document(words, styles=STYLES), statement(made)


STYLES = (PLAIN, Style("Helvetica", 8.0, BLACK), Style("Arial", 8.0, RED), Style("Arial", 7.0, BLACK))


def failed(
    found_in: Document,
    read: Statement | None = None,
    *,
    layout: Layout | None = None,
    confirmations: tuple[Confirmation, ...] = (),
    today: date = TODAY,
    **facts: object,
) -> list[FailedVerification]:
    """What fails. `facts`: those that a profile has."""
    layout = layout or (CONFIRMATIONS if confirmations else LAYOUT)
    profile = Profile(layout=layout.name, source="Made by hand.", **facts) if facts else None
    return list(verify(found_in, layout, profile, read, confirmations, today=today))


def names(found: list[FailedVerification]) -> list[str]:
    """The names and severities of what failed, each once, in order."""
    return list(dict.fromkeys(f"{each.name.value} {each.severity.value}" for each in found))
