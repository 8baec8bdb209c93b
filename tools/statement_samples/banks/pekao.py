"""Bank Pekao: the statement with dots for thousands, and the confirmation of an operation."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from tools.statement_samples.amounts import dotted, without_diacritics
from tools.statement_samples.flow import Frame, fields, flow, paragraph
from tools.statement_samples.ledger import Bank, write
from tools.statement_samples.paper import Paper, Writer
from tools.statement_samples.people import Party
from tools.statement_samples.sample import (
    Confirmed,
    Layout,
    Row,
    Sample,
    by_day,
    confirmations,
    statement,
)
from tools.statement_samples.story import AT_A_SHOP, OF_THE_BANK, Difficulty, Entry, Kind, Story

WORDS = {
    Kind.CARD: "TRANSAKCJA KARTĄ PŁATNICZĄ",
    Kind.CARD_REFUND: "ZWROT",
    Kind.CASH_OUT: "WYPŁATA",
    Kind.BLIK_WEB: "PŁATNOŚĆ BLIK",
    Kind.BLIK_SENT: "PRZELEW BLIK",
    Kind.SENT: "PRZELEW KRAJOWY",
    Kind.STANDING_ORDER: "PRZELEW WYCHODZĄCY",
    Kind.RECEIVED: "PRZELEW PRZYCHODZĄCY",
    Kind.TAX: "PRZELEW DO US",
    Kind.COMMISSION: "PROWIZJA",
    Kind.ACCOUNT_FEE: "OPŁATA",
}
BANK = Bank("1240", tuple(WORDS), ("Konto Przekorzystne",), first=(2022, 1))
STATEMENT = Layout("pekao-statement", "Pekao", "Pekao SA", "STATEMENT")
CONFIRMATION = Layout("pekao-confirmation", "Pekao", "Pekao SA", "CONFIRMATION")

WIDTH, HEIGHT = 595.276, 841.89
STEP = 10.0
DATE_X, AMOUNT_X, TEXT_X, TEXT_WIDTH, END_X = 42.0, 176.0, 200.0, 350.0, 555.0
FOOTER = (
    "Bank Polska Kasa Opieki S.A., KRS 0000014843, NIP 526-00-06-841, REGON 000010205,"
    " kapitał zakładowy 262 470 034 zł."
)
NOTICE = (
    "Dokument sporządzony na podstawie art. 7 Ustawy Prawo Bankowe (Dz. U. Nr 140 z 1997 roku, poz. 939"
    " z późniejszymi zmianami). Nie wymaga podpisu ani stempla."
)


def make_statement(rng: Random, rows: int | None, difficulty: Difficulty) -> Sample:
    """Print the statement, oldest first: no balances, the amount left of the description."""
    story = write(BANK, rng, rows, difficulty.but(pending=0))
    told = [_told(entry, story) for entry in story.booked]
    paper = Paper(Writer(title="Wyciąg z rachunku"), WIDTH, HEIGHT, story.issued_on)
    _Print(paper, story).all(told)
    expected = statement(
        STATEMENT,
        by_day(tuple(row for row, _ in reversed(told))),
        account=story.account,
        currency=story.currency,
        account_name=None,
        balance=story.closing,
        period=(story.start, story.end),
        owners=tuple(Party(owner.name) for owner in story.owners),
    )
    return Sample(paper.finish(), expected, STATEMENT.name)


def _told(entry: Entry, story: Story) -> tuple[Row, list[str]]:
    kind = WORDS[entry.kind]
    texts = [kind]
    party = account = title = None
    if entry.kind in AT_A_SHOP:
        party = entry.place
        texts.append(party)
        if entry.card:
            texts.append(f"Karta: {entry.card[0]}********{entry.card[1]}")
        if entry.foreign is not None:
            rate = f"{entry.foreign.rate:.4f}".replace(".", ",")
            texts.append(f"Kurs kupna: PLN {rate} Kurs sprzedaży: {entry.foreign.currency} 1,0000")
    elif entry.kind in OF_THE_BANK:
        texts.append(f"Kwota VAT: {dotted(Decimal(0))} {story.currency}")
    elif entry.party is not None:
        party, account, title = entry.party.whole, entry.party.account, entry.title
        texts += [party, account or ""]
        if title is not None:
            texts.append(f"Tytułem: {title}")
    # The statement prints one date: the day of the value.
    row = Row(
        entry.booked_on or entry.transaction_on,
        entry.booked_on,
        entry.amount,
        title=title,
        party=party,
        party_account=account,
        kind=kind,
    )
    return row, texts


class _Print:
    """Prints one statement: date, amount, description."""

    def __init__(self, paper: Paper, story: Story) -> None:
        self.paper, self.story = paper, story

    def label(self, text: str) -> str:
        return without_diacritics(text) if self.story.difficulty.lost_diacritics else text

    def all(self, told: list[tuple[Row, list[str]]]) -> None:
        paper, story = self.paper, self.story
        paper.text(DATE_X, 46, "Bank Pekao S.A.", 12, bold=True)
        paper.text(DATE_X, 74, "Wyciąg z rachunku", 12, bold=True)
        paper.text(DATE_X, 92, f"Za okres od {story.start:%d/%m/%Y} do {story.end:%d/%m/%Y}", 9)
        pairs = [
            ("Posiadacz rachunku:", ", ".join(owner.name for owner in story.owners)),
            ("Numer rachunku", f"PL{story.account}"),
            ("Waluta rachunku:", story.currency),
            ("SALDO POCZĄTKOWE", dotted(story.opening)),
            ("SALDO KOŃCOWE", dotted(story.closing)),
        ]
        fields(paper, [(self.label(a), b) for a, b in pairs], DATE_X, 160, 114, step=STEP)
        paper.text(DATE_X, 202, self.label("Wyszczególnienie transakcji"), 9, bold=True)
        lines = [[line for text in texts for line in paper.wrap(text, TEXT_WIDTH)] for _, texts in told]
        y = flow(
            paper,
            Frame(first=212, later=46, bottom=785, header=26, last=30),
            [STEP * len(each) + 7 for each in lines],
            header=self._header,
            row=lambda place, y: self._row(told[place][0], lines[place], y),
            foot=self._foot,
        )
        paragraph(paper, DATE_X, y + 10, NOTICE, 510, 6)

    def _header(self, y: float) -> None:
        self.paper.text(DATE_X, y + 8, "Data waluty", bold=True)
        self.paper.right(AMOUNT_X, y + 8, "Kwota", bold=True)
        self.paper.text(TEXT_X, y + 8, "Opis operacji", bold=True)
        self.paper.line(DATE_X, y + 12, END_X)

    def _row(self, row: Row, lines: list[str], y: float) -> None:
        self.paper.text(DATE_X, y, f"{row.transaction_on:%d/%m/%Y}")
        self.paper.right(AMOUNT_X, y, dotted(row.amount))
        for place, line in enumerate(lines):
            self.paper.text(TEXT_X, y + place * STEP, line)

    def _foot(self, number: int, count: int) -> None:
        paragraph(self.paper, DATE_X, 812, FOOTER, 450, 6)
        self.paper.right(END_X, 812, f"Strona {number}/{count}")


def make_confirmation(rng: Random, rows: int | None, difficulty: Difficulty) -> Sample:
    """Print the confirmation of one transfer; `rows` does not matter."""
    bank = Bank(BANK.prefix, (Kind.SENT,), BANK.account_names)
    story = write(bank, rng, 2, difficulty.but(pending=0))
    entry = story.booked[-1]
    assert entry.party is not None
    assert entry.booked_on is not None
    paper = Paper(Writer(title="Potwierdzenie"), WIDTH, HEIGHT, story.issued_on, 9)
    paper.text(48, 60, "Bank Pekao S.A.", 12, bold=True)
    paper.text(48, 100, "Potwierdzenie wykonania operacji", 13, bold=True)
    title = entry.title or "przelew"
    holder = Party(story.owners[0].name, (), story.account)
    recipient = Party(entry.party.whole, (), entry.party.account)
    pairs = [
        ("Data księgowania:", f"{entry.booked_on:%d/%m/%Y}"),
        ("Kwota operacji:", f"{dotted(entry.amount)} PLN"),
        ("Nadawca:", holder.name),
        ("Rachunek nadawcy:", f"PL{story.account}"),
        ("Odbiorca:", recipient.name),
        ("Rachunek odbiorcy:", f"PL{recipient.account}"),
        ("Tytułem:", title),
    ]
    fields(paper, pairs, 48, 180, 140, step=12, gap=8)
    paragraph(paper, 48, 750, NOTICE, 500, 7)
    paragraph(paper, 48, 775, FOOTER, 500, 7)
    item = Confirmed(
        entry.booked_on,
        entry.amount,
        "PLN",
        booked_on=entry.booked_on,
        title=title,
        sender=holder,
        recipient=recipient,
        booking="booked",
        status="DONE",
    )
    return Sample(paper.finish(), confirmations(CONFIRMATION, (item,)), CONFIRMATION.name)


PRINTERS = {STATEMENT: make_statement, CONFIRMATION: make_confirmation}
