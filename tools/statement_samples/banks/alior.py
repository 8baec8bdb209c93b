"""Alior Bank: the statement, the history without balances, and confirmations."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from tools.statement_samples.amounts import plain, without_diacritics
from tools.statement_samples.flow import Frame, fields, flow, paragraph
from tools.statement_samples.ledger import Bank, write
from tools.statement_samples.numbers import grouped
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
from tools.statement_samples.story import AT_A_SHOP, Difficulty, Entry, Kind, Story

WORDS = {
    Kind.CARD: "TRANSAKCJA KARTĄ DEBETOWĄ",
    Kind.CASH_OUT: "TRANSAKCJA KARTĄ DEBETOWĄ",
    Kind.SENT: "PRZELEW DO INNEGO BANKU KRAJOWEGO",
    Kind.SENT_INSIDE: "PRZELEW W RAMACH BANKU NA RACH OBCY",
    Kind.RECEIVED: "PRZELEW KRAJOWY ELIXIR PRZYCHODZACY Z INNEGO BANKU",
    Kind.RECEIVED_AT_ONCE: "PRZELEW NATYCHMIASTOWY",
    Kind.OWN_OUT: "ZAŁOŻENIE LOKATY",
    Kind.INTEREST: "KAPITALIZACJA ODSETEK",
}
NAMES = ("Konto Jakże Osobiste",)
BANK = Bank("2490", tuple(WORDS), NAMES, first=(2021, 1))
TRANSFERS = (Kind.SENT, Kind.SENT_INSIDE, Kind.RECEIVED, Kind.RECEIVED_AT_ONCE)
STATEMENT = Layout("alior-statement", "Alior", "Alior Bank", "STATEMENT")
HISTORY = Layout("alior-history", "Alior", "Alior Bank", "HISTORY", is_consistent=False)
CONFIRMATION = Layout("alior-confirmation", "Alior", "Alior Bank", "CONFIRMATION")

WIDTH, HEIGHT = 595.276, 841.89
SIZE, STEP = 7.5, 10.0
DATE_X, TEXT_X, AMOUNT_X, BALANCE_X = 40.0, 104.0, 470.0, 555.0
KIND_WIDTH, TEXT_WIDTH, NAME_LENGTH = 190.0, 290.0, 35
FOOTER = (
    "Niniejszy dokument jest wydrukiem komputerowym sporządzonym zgodnie z art. 7 Ustawy Prawo Bankowe (Dz."
    " U. Nr 140 z 1997 roku, poz. 939 z późniejszymi zmianami) i nie wymaga podpisów ani stempli bankowych."
)
BANK_LINE = (
    "Alior Bank S.A., ul. Łopuszańska 38D, 02-232 Warszawa, KRS 0000305178, REGON 141387142, NIP 1070010731,"
    " kapitał zakładowy 1 305 187 160 PLN, infolinia 19 502"
)


def make_statement(rng: Random, rows: int | None, difficulty: Difficulty) -> Sample:
    """Print the statement, oldest first; a row's first line has its day, the second that of booking."""
    story = write(BANK, rng, rows, difficulty.but(pending=0))
    told = [_told(entry) for entry in story.booked]
    paper = Paper(Writer(title="Wyciąg z rachunku bankowego"), WIDTH, HEIGHT, story.issued_on, SIZE)
    _Print(paper, story, told).all()
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


def _told(entry: Entry) -> tuple[Row, list[str]]:
    """Return the row as it is to be read, and the texts under its kind."""
    kind = WORDS[entry.kind]
    party = account = title = None
    if entry.kind in AT_A_SHOP:
        party = entry.place
        texts = [party]
    elif entry.party is not None:
        # Payment orders have 35 letters a line; the name has the first.
        party, account, title = entry.party.name[:NAME_LENGTH].strip(), entry.party.account, entry.title
        texts = [grouped(account or ""), party, title or ""]
    else:
        title = None
        texts = []
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
    return row, [text for text in texts if text]


class _Print:
    """Prints one statement."""

    def __init__(self, paper: Paper, story: Story, told: list[tuple[Row, list[str]]]) -> None:
        self.paper, self.story, self.told = paper, story, told
        self.text_x, self.balance_x = TEXT_X, BALANCE_X
        self.kinds = [paper.wrap(row.kind or "", KIND_WIDTH) for row, _ in told]
        if story.difficulty.glued and told:
            # The widest kind touches the amount, the widest balance touches it from the other side.
            widths = [
                paper.measure(kind[0]) + paper.measure(self.money(row.amount))
                for kind, (row, _) in zip(self.kinds, told, strict=True)
            ]
            self.text_x = AMOUNT_X - max(widths) - 0.2
            widest = max(paper.measure(self.money(row.balance or Decimal(0))) for row, _ in told)
            self.balance_x = AMOUNT_X + widest + 0.2

    def label(self, text: str) -> str:
        return without_diacritics(text) if self.story.difficulty.lost_diacritics else text

    def money(self, amount: Decimal) -> str:
        return plain(amount, self.story.difficulty)

    def all(self) -> None:
        paper, told = self.paper, self.told
        self._head()
        width = min(TEXT_WIDTH, AMOUNT_X - self.text_x - 4)
        details = [[line for text in texts for line in paper.wrap(text, width)] for _, texts in told]
        # A kind of one line leaves the line of the second date free.
        lines = [
            (kind if len(kind) > 1 else [*kind, ""]) + texts
            for kind, texts in zip(self.kinds, details, strict=True)
        ]
        y = flow(
            paper,
            Frame(first=232, later=50, bottom=780, header=28, last=50),
            [STEP * len(each) + 6 for each in lines],
            header=self._header,
            row=lambda place, y: self._row(told[place][0], lines[place], y),
            foot=self._foot,
        )
        paper.line(DATE_X, y - 4, BALANCE_X)
        paragraph(paper, DATE_X, y + 10, FOOTER, 510, 6)

    def _head(self) -> None:
        paper, story = self.paper, self.story
        paper.text(DATE_X, 48, "Alior Bank S.A.", 11, bold=True)
        paper.text(DATE_X, 76, "Wyciąg z rachunku bankowego", 12, bold=True)
        zero = self.money(Decimal(0))
        left = [
            ("Nr wyciągu:", str(story.number)),
            ("Wyciąg za okres:", f"{story.start:%Y.%m.%d} - {story.end:%Y.%m.%d}"),
            ("Data wyciągu:", f"{story.issued_on:%Y.%m.%d}"),
            ("Posiadacz rachunku:", ", ".join(owner.name for owner in story.owners)),
            ("Numer rachunku:", grouped(story.account)),
            ("Waluta:", story.currency),
        ]
        right = [
            ("Saldo poczatkowe:", self.money(story.opening)),
            ("Saldo końcowe:", self.money(story.closing)),
            ("Saldo średnie:", self.money((story.opening + story.closing) / 2)),
            ("Uznania ogółem:", self.money(sum(story.credits, Decimal(0)))),
            ("Obciążenia ogółem:", self.money(sum(story.debits, Decimal(0)))),
        ]
        if not story.difficulty.missing:
            right += [
                ("Przyznany limit odnawialny w rachunku:", zero),
                ("Kwota blokad:", zero),
                ("Niespłacone odsetki od zadłużenia:", zero),
            ]
        fields(paper, [(self.label(a), b) for a, b in left], DATE_X, 125, 98, step=13, gap=0, width=200)
        for place, (label, value) in enumerate(right):
            paper.text(340, 98 + place * 13, self.label(label), bold=True)
            paper.right(BALANCE_X, 98 + place * 13, value)

    def _header(self, y: float) -> None:
        paper = self.paper
        paper.text(DATE_X, y + 4, "DATA OPERACJI", 6, bold=True)
        paper.text(DATE_X, y + 12, self.label("DATA KSIĘGOWANIA"), 6, bold=True)
        paper.text(self.text_x, y + 4, "OPIS OPERACJI", 6, bold=True)
        paper.right(AMOUNT_X, y + 4, "KWOTA OPERACJI", 6, bold=True)
        paper.text(AMOUNT_X + 8, y + 4, self.label("SALDO KSIĘGOWE"), 6, bold=True)
        paper.line(DATE_X, y + 16, BALANCE_X)

    def _row(self, row: Row, lines: list[str], y: float) -> None:
        paper = self.paper
        assert row.booked_on is not None
        assert row.balance is not None
        paper.text(DATE_X, y, f"{row.transaction_on:%Y.%m.%d}")
        paper.text(DATE_X, y + STEP, f"{row.booked_on:%Y.%m.%d}")
        for place, line in enumerate(lines):
            if line:
                paper.text(self.text_x, y + place * STEP, line)
        paper.right(AMOUNT_X, y, self.money(row.amount))
        paper.right(self.balance_x, y, self.money(row.balance))

    def _foot(self, number: int, count: int) -> None:
        paragraph(self.paper, DATE_X, 806, BANK_LINE, 450, 6)
        self.paper.right(BALANCE_X, 816, f"Strona {number} z {count}")


HISTORY_X = (30.0, 92.0, 158.0, 468.0, 565.0)
HISTORY_WIDTH = 216.0


def make_history(rng: Random, rows: int | None, difficulty: Difficulty) -> Sample:
    """Print the history: newest first, no balances, the minus apart from its amount."""
    bank = Bank(BANK.prefix, TRANSFERS, NAMES, first=(2023, 1), days=60)
    story = write(bank, rng, rows, difficulty.but(pending=0))
    entries = list(reversed(story.booked))
    paper = Paper(Writer(title="Historia transakcji"), WIDTH, HEIGHT, story.issued_on, 7)
    told = [_history_told(entry, story) for entry in entries]
    lines = [[line for text in texts for line in paper.wrap(text, HISTORY_WIDTH)] for _, texts in told]
    paper.text(30, 50, "HISTORIA TRANSAKCJI", 12, bold=True)
    paper.text(30, 76, f"Produkty: {story.account}", 8)
    paper.text(30, 100, "DANE TRANSAKCJI", 9, bold=True)
    y = flow(
        paper,
        Frame(first=112, later=40, bottom=785, header=30, last=30),
        [9 * len(each) + 9 for each in lines],
        header=lambda y: _history_header(paper, story, y),
        row=lambda place, y: _history_row(paper, story, told[place][0], lines[place], y),
        foot=lambda number, count: paper.right(565, 818, f"Strona {number} z {count}"),
    )
    notice = "Niniejszy dokument został wygenerowany elektronicznie i nie wymaga podpisu ani stempla."
    paper.text(30, y + 10, notice)
    expected = statement(
        HISTORY,
        by_day(tuple(row for row, _ in told)),
        account=story.account,
        currency=story.currency,
        account_name=None,
        balance=None,
        period=None,
        owners=(),
    )
    return Sample(paper.finish(), expected, HISTORY.name)


def _history_told(entry: Entry, story: Story) -> tuple[Row, list[str]]:
    assert entry.party is not None
    owner, other = story.owners[0].name, entry.party.whole
    own_number, number = grouped(story.account), grouped(entry.party.account or "")
    sender, recipient = (
        ((owner, own_number), (other, number)) if entry.is_debit else ((other, number), (owner, own_number))
    )
    texts = [
        f"Nadawca: {sender[0]}",
        f"Numer rachunku nadawcy: {sender[1]}",
        f"Odbiorca: {recipient[0]}",
        f"Numer rachunku odbiorcy: {recipient[1]}",
    ]
    if entry.title is not None:
        texts.append(f"Opis transakcji: {entry.title}")
    row = Row(
        entry.transaction_on,
        entry.booked_on,
        entry.amount,
        title=entry.title,
        party=other,
        party_account=entry.party.account,
    )
    return row, texts


def _history_header(paper: Paper, story: Story, y: float) -> None:
    names = ("Data transakcji", "Data księgowania", "Szczegóły transakcji")
    for x, name in zip(HISTORY_X, names, strict=False):
        text = without_diacritics(name) if story.difficulty.lost_diacritics else name
        paper.text(x, y + 8, text, bold=True)
    paper.right(HISTORY_X[3], y + 8, "Kwota", bold=True)
    paper.right(HISTORY_X[4], y + 8, "Kwota w walucie", bold=True)
    paper.right(HISTORY_X[4], y + 17, "rachunku", bold=True)
    paper.line(30, y + 20, 565)


def _history_row(paper: Paper, story: Story, row: Row, lines: list[str], y: float) -> None:
    assert row.booked_on is not None
    sign = "- " if row.amount < 0 else ""
    amount = f"{sign}{plain(abs(row.amount), story.difficulty)} {story.currency}"
    paper.text(HISTORY_X[0], y, f"{row.transaction_on:%d-%m-%Y}")
    paper.text(HISTORY_X[1], y, f"{row.booked_on:%d-%m-%Y}")
    for place, line in enumerate(lines):
        paper.text(HISTORY_X[2], y + place * 9, line)
    if story.difficulty.account_tail:
        # The amount follows the sender's account on its own line, one space after the last four digits.
        place = next(place for place, line in enumerate(lines) if line.startswith("Numer rachunku nadawcy:"))
        paper.text(HISTORY_X[2] + paper.measure(f"{lines[place]} "), y + place * 9, amount)
        paper.right(HISTORY_X[4], y + place * 9, amount)
        return
    paper.right(HISTORY_X[3], y, amount)
    paper.right(HISTORY_X[4], y, amount)


def make_confirmation(rng: Random, rows: int | None, difficulty: Difficulty) -> Sample:
    """Print the confirmation of a domestic transfer or of a card payment; `rows` does not matter."""
    by_card = rng.random() < 0.4
    kinds = (Kind.CARD,) if by_card else (Kind.SENT,)
    story = write(Bank(BANK.prefix, kinds, NAMES), rng, 2, difficulty.but(pending=0))
    entry = story.booked[-1]
    assert entry.party is not None
    paper = Paper(Writer(title="Potwierdzenie"), WIDTH, HEIGHT, story.issued_on, 9)
    paper.text(48, 60, "Alior Bank S.A.", 12, bold=True)
    holder = Party(story.owners[0].name, (), story.account)
    head = [("Nadawca", holder.name), ("Rachunek nadawcy", grouped(story.account))]
    day = ("Data transakcji", entry.transaction_on.isoformat())
    amount = f"{plain(abs(entry.amount), difficulty)} PLN"
    if by_card:
        title, name = None, "Potwierdzenie transakcji kartą debetową"
        recipient = Party(entry.place)
        original = amount
        if entry.foreign is not None:
            original = f"{plain(abs(entry.foreign.amount), difficulty)} {entry.foreign.currency}"
        pairs = [
            *head,
            day,
            ("Kwota", amount),
            ("Kwota w walucie oryginalnej transakcji", original),
            ("Miejsce operacji", entry.place),
        ]
    else:
        title, name = entry.title or "przelew", "Potwierdzenie wykonania przelewu krajowego"
        recipient = Party(entry.party.whole, (), entry.party.account)
        pairs = [
            *head,
            ("Odbiorca", recipient.name),
            ("Rachunek odbiorcy", grouped(recipient.account or "")),
            ("Kwota", amount),
            day,
            ("Tytuł płatności", title),
        ]
    paper.text(48, 100, name, 13, bold=True)
    fields(paper, pairs, 48, 235, 140, step=12, gap=8)
    paragraph(paper, 48, 740, FOOTER, 500, 7)
    paragraph(paper, 48, 770, BANK_LINE, 500, 7)
    item = Confirmed(
        entry.transaction_on, entry.amount, "PLN", title=title, sender=holder, recipient=recipient
    )
    return Sample(paper.finish(), confirmations(CONFIRMATION, (item,)), CONFIRMATION.name)


PRINTERS = {STATEMENT: make_statement, HISTORY: make_history, CONFIRMATION: make_confirmation}
