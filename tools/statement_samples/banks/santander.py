"""Santander Bank Polska, before it was renamed: the statement, and the confirmation of a transfer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

from tools.statement_samples.amounts import plain, without_diacritics
from tools.statement_samples.flow import Frame, fields, flow, paragraph
from tools.statement_samples.ledger import Bank, write
from tools.statement_samples.numbers import grouped
from tools.statement_samples.paper import Paper, Writer
from tools.statement_samples.people import Party
from tools.statement_samples.sample import Confirmed, Layout, Row, Sample, confirmations, statement
from tools.statement_samples.story import AT_A_SHOP, Difficulty, Entry, Kind, Story

WORDS = {
    Kind.CARD: "Płatność kartą",
    Kind.CARD_REFUND: "Zwrot płatności kartą",
    Kind.CASH_OUT: "Wypłata kartą",
    Kind.BLIK_WEB: "Płatność BLIK",
    Kind.SENT: "Przelew krajowy wychodzący",
    Kind.RECEIVED: "Przelew krajowy przychodzący",
    Kind.SENT_INSIDE: "Przelew wewnętrzny wychodzący",
    Kind.OWN_IN: "Przelew własny przychodzący",
    Kind.CARD_FEE: "Opłata",
    Kind.INTEREST: "Odsetki",
}
MONTHS = ("sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru")
BANK = Bank("1090", tuple(WORDS), ("Konto Santander",), first=(2021, 1), last=(2025, 12))
STATEMENT = Layout("santander-statement", "Santander", "Santander", "STATEMENT")
CONFIRMATION = Layout("santander-confirmation", "Santander", "Santander", "CONFIRMATION")

WIDTH, HEIGHT = 595.276, 841.89
STEP = 10.0
DATE_X, TEXT_X, TEXT_WIDTH, AMOUNT_X, BALANCE_X = 40.0, 125.0, 265.0, 475.0, 555.0
BANK_NAME = (
    "Santander Bank Polska S.A. z siedzibą w Warszawie, al. Jana Pawła II 17, 00-854 Warszawa, zarejestrowany"
    " w Krajowym Rejestrze Sądowym."
)
NOTICE = (
    "Dokument sporządzony na podstawie art. 7 Ustawy Prawo Bankowe (Dz. U. Nr 140 z 1997 roku, poz. 939 z"
    " późniejszymi zmianami). Nie wymaga podpisu ani stempla."
)


def make_statement(rng: Random, rows: int | None, difficulty: Difficulty) -> Sample:
    """Print the statement, oldest first; some of them name months by their letters."""
    story = write(BANK, rng, rows, difficulty.but(pending=0))
    with_month_names = rng.random() < 0.3
    told = [_told(entry, story) for entry in story.booked]
    paper = Paper(Writer(title="Wyciąg z rachunku"), WIDTH, HEIGHT, story.issued_on)
    _Print(paper, story, with_month_names).all(told)
    expected = statement(
        STATEMENT,
        tuple(row for row, _ in reversed(told)),
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
            texts.append(f"Numer karty: {entry.card[0]} **** **** {entry.card[1]}")
    elif entry.party is not None:
        party, account, title = entry.party.whole, entry.party.account, entry.title
        pair = [grouped(story.account), grouped(account or "")]
        origin, target = pair if entry.is_debit else reversed(pair)
        texts += [party, f"Z rachunku: {origin}", f"Na rachunek: {target}"]
    else:
        title = entry.title
    if title is not None:
        texts.append(f"Tytuł: {title}")
    row = Row(
        entry.transaction_on,
        entry.booked_on,
        entry.amount,
        balance=entry.balance,
        title=title,
        party=party,
        party_account=account,
        kind=kind,
    )
    return row, texts


class _Print:
    """Prints one statement. The column of dates has a label over each date."""

    def __init__(self, paper: Paper, story: Story, with_month_names: bool) -> None:
        self.paper, self.story, self.with_month_names = paper, story, with_month_names
        self.balance_x = BALANCE_X
        if story.difficulty.glued and story.booked:
            # The widest balance touches the amount left of it.
            widest = max(paper.measure(self.money(entry.balance or Decimal(0))) for entry in story.booked)
            self.balance_x = AMOUNT_X + widest + 0.2

    def label(self, text: str) -> str:
        return without_diacritics(text) if self.story.difficulty.lost_diacritics else text

    def money(self, amount: Decimal) -> str:
        return f"{plain(amount, self.story.difficulty)} PLN"

    def day(self, day: date) -> str:
        return f"{day:%d} {MONTHS[day.month - 1]} {day:%Y}" if self.with_month_names else day.isoformat()

    def all(self, told: list[tuple[Row, list[str]]]) -> None:
        paper, story = self.paper, self.story
        paper.text(DATE_X, 50, "Santander Bank Polska S.A.", 11, bold=True)
        paper.text(DATE_X, 78, "Wyciąg z rachunku", 12, bold=True)
        holders = ", ".join(owner.name for owner in story.owners)
        pairs = [
            ("Za okres:", f"{self.day(story.start)} - {self.day(story.end)}"),
            (self.label("Posiadacz rachunku:"), holders),
            ("Numer rachunku:", grouped(story.account)),
            ("Waluta:", story.currency),
        ]
        fields(paper, pairs, DATE_X, 150, 102, step=STEP)
        lines = [[line for text in texts for line in paper.wrap(text, TEXT_WIDTH)] for _, texts in told]
        y = flow(
            paper,
            Frame(first=176, later=50, bottom=790, header=22, last=110),
            [STEP * max(4, len(each)) + 8 for each in lines],
            header=self._header,
            row=lambda place, y: self._row(told[place][0], lines[place], y),
            foot=lambda number, count: paper.right(BALANCE_X, 815, f"Strona {number} z {count}"),
        )
        self._end(y)

    def _header(self, y: float) -> None:
        self.paper.text(DATE_X, y + 6, "Data", bold=True)
        self.paper.text(TEXT_X, y + 6, "Opis", bold=True)
        self.paper.right(AMOUNT_X, y + 6, "Kwota", bold=True)
        # Where columns touch, the heading begins where the column does.
        self.paper.right(max(self.balance_x, AMOUNT_X + 72), y + 6, "Saldo po operacji", bold=True)
        self.paper.line(DATE_X, y + 11, BALANCE_X)

    def _row(self, row: Row, lines: list[str], y: float) -> None:
        paper, y = self.paper, y + 2
        assert row.booked_on is not None
        assert row.balance is not None
        dates = ("Data operacji", self.day(row.transaction_on), "Data księgowania", self.day(row.booked_on))
        for place, text in enumerate(dates):
            paper.text(DATE_X, y + place * STEP, self.label(text) if place % 2 == 0 else text)
        for place, line in enumerate(lines):
            paper.text(TEXT_X, y + place * STEP, line)
        paper.right(AMOUNT_X, y, self.money(row.amount))
        paper.right(self.balance_x, y, self.money(row.balance))

    def _end(self, y: float) -> None:
        paper, story = self.paper, self.story
        paper.line(DATE_X, y - 4, BALANCE_X)
        paper.text(DATE_X, y + 10, self.label("Podsumowanie końcowe"), 9, bold=True)
        pairs = [
            (self.label("Saldo początkowe:"), self.money(story.opening)),
            (self.label("Suma uznań:"), self.money(sum(story.credits, Decimal(0)))),
            (self.label("Suma obciążeń:"), self.money(sum(story.debits, Decimal(0)))),
            (self.label("Saldo końcowe:"), self.money(story.closing)),
        ]
        y = fields(paper, pairs, DATE_X, 150, y + 24, step=STEP, gap=2)
        paragraph(paper, DATE_X, y + 6, f"{BANK_NAME} {NOTICE}", 500, 6)


def make_confirmation(rng: Random, rows: int | None, difficulty: Difficulty) -> Sample:
    """Print the confirmation of one transfer; `rows` does not matter. The bank is named at the end only."""
    story = write(
        Bank(BANK.prefix, (Kind.SENT,), BANK.account_names, last=(2025, 12)),
        rng,
        2,
        difficulty.but(pending=0, missing=False),
    )
    entry = story.booked[-1]
    assert entry.party is not None
    paper = Paper(Writer(title="Potwierdzenie"), WIDTH, HEIGHT, story.issued_on, 9)
    paper.text(40, 70, "POTWIERDZENIE WYKONANIA TRANSAKCJI", 13, bold=True)
    pairs = [
        ("DANE ODBIORCY", entry.party.whole),
        ("NUMER RACHUNKU ODBIORCY", grouped(entry.party.account or "")),
        ("TYTUŁ", entry.title or ""),
        ("KWOTA", f"{plain(entry.amount, difficulty)} PLN"),
        ("DATA OPERACJI", f"{entry.transaction_on:%d-%m-%Y}"),
    ]
    fields(paper, pairs, 40, 220, 110, step=12, gap=10)
    paragraph(paper, 40, 760, f"{NOTICE} {BANK_NAME}", 500, 7)
    item = Confirmed(
        entry.transaction_on,
        entry.amount,
        "PLN",
        title=entry.title,
        recipient=Party(entry.party.whole, (), entry.party.account),
    )
    return Sample(paper.finish(), confirmations(CONFIRMATION, (item,)), CONFIRMATION.name)


PRINTERS = {STATEMENT: make_statement, CONFIRMATION: make_confirmation}
