"""Bank Millennium: the statement with trailing minus signs, and files of one or several confirmations."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from tools.statement_samples.amounts import plain, trailing, without_diacritics
from tools.statement_samples.flow import Frame, fields, flow, paragraph
from tools.statement_samples.ledger import Bank, write
from tools.statement_samples.numbers import account_number, grouped
from tools.statement_samples.paper import Paper, Writer
from tools.statement_samples.people import Party
from tools.statement_samples.sample import Confirmed, Layout, Row, Sample, confirmations, statement
from tools.statement_samples.story import AT_A_SHOP, Difficulty, Entry, Kind, Story

WORDS = {
    Kind.CARD: "ZAKUP - FIZ. UŻYCIE KARTY",
    Kind.CASH_OUT: "WYPŁATA KARTĄ Z BANKOMATU",
    Kind.BLIK_WEB: "TRANSAKCJA BLIK",
    Kind.SENT: "PRZELEW DO INNEGO BANKU",
    Kind.RECEIVED: "PRZELEW PRZYCHODZĄCY",
    Kind.SENT_INSIDE: "PRZELEW WEWNĘTRZNY",
    Kind.COMMISSION: "NALICZENIE OPŁAT",
    Kind.INTEREST: "ODSETKI OD SALDA",
    Kind.LOAN: "SPŁ.RATY-REGULARNA",
}
BANK = Bank("1160", tuple(WORDS), ("Konto 360",), first=(2022, 1))
STATEMENT = Layout("millennium-statement", "Millennium", "Millennium", "STATEMENT")
CONFIRMATION = Layout("millennium-confirmation", "Millennium", "Millennium", "CONFIRMATION")

WIDTH, HEIGHT = 595.276, 841.89
SIZE, STEP = 7.0, 9.0
BOOKED_X, DATE_X, TEXT_X, TEXT_WIDTH, AMOUNT_X, BALANCE_X = 24.0, 68.0, 113.0, 350.0, 536.0, 590.0
FOOTER = (
    "Bank Millennium S.A. z siedzibą w Warszawie, ul. Stanisława Żaryna 2A, 02-593 Warszawa, KRS 0000010186,"
    " NIP 526-021-29-31, kapitał zakładowy 1.213.116.777,00 PLN."
)
NOTICE = (
    "Dokument wygenerowany elektronicznie na podstawie art. 7 Ustawy Prawo Bankowe (Dz. U. Nr 140 z 1997"
    " roku, poz. 939 z późniejszymi zmianami). Nie wymaga podpisu ani stempla."
)


def make_statement(rng: Random, rows: int | None, difficulty: Difficulty) -> Sample:
    """Print the statement, oldest first."""
    story = write(BANK, rng, rows, difficulty.but(pending=0))
    told = [_told(entry) for entry in story.booked]
    paper = Paper(Writer(title="Wyciąg"), WIDTH, HEIGHT, story.issued_on, SIZE)
    _Print(paper, story).all(told)
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
    kind = WORDS[entry.kind]
    texts = [kind]
    party = account = title = None
    if entry.kind in AT_A_SHOP:
        party = entry.place
        texts.append(party)
        if entry.foreign is not None:
            # Original amounts have a decimal point, in a document whose own have a comma.
            rate = f"{entry.foreign.rate:.4f}".replace(".", ",")
            texts.append(f"Kwota transakcji: {abs(entry.foreign.amount):.2f} {entry.foreign.currency}")
            texts.append(f"Kurs walutowy: 1 {entry.foreign.currency} = {rate} PLN")
    elif entry.party is not None:
        party, account, title = entry.party.whole, entry.party.account, entry.title
        texts += [
            f"{'Odbiorca' if entry.is_debit else 'Nadawca'}: {party}",
            f"Rachunek: {grouped(account or '')}",
        ]
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
    """Prints one statement: two dates side by side, the minus after the amount."""

    def __init__(self, paper: Paper, story: Story) -> None:
        self.paper, self.story = paper, story

    def label(self, text: str) -> str:
        return without_diacritics(text) if self.story.difficulty.lost_diacritics else text

    def money(self, amount: Decimal) -> str:
        return trailing(amount, self.story.difficulty)

    def all(self, told: list[tuple[Row, list[str]]]) -> None:
        paper, story = self.paper, self.story
        paper.text(BOOKED_X, 44, "Bank Millennium S.A.", 11, bold=True)
        paper.text(BOOKED_X, 70, "WYCIĄG Z RACHUNKU", 11, bold=True)
        left = [
            ("Numer wyciągu:", f"{story.number}/{story.start.year}"),
            ("", f"za okres od {story.start:%d.%m.%Y} do {story.end:%d.%m.%Y}"),
            ("Posiadacz rachunku:", ", ".join(owner.name for owner in story.owners)),
            ("Numer rachunku:", f"PL {grouped(story.account)}"),
            ("WALUTA:", story.currency),
        ]
        right = [
            ("SALDO POCZĄTKOWE:", self.money(story.opening)),
            ("SALDO KOŃCOWE:", self.money(story.closing)),
            ("SUMA UZNAŃ:", self.money(sum(story.credits, Decimal(0)))),
            ("SUMA OBCIĄŻEŃ:", self.money(sum(story.debits, Decimal(0)))),
        ]
        fields(paper, [(self.label(a), b) for a, b in left], BOOKED_X, 110, 90, step=12, gap=0)
        fields(paper, [(self.label(a), b) for a, b in right], 400, 490, 90, step=12, gap=0)
        lines = [[line for text in texts for line in paper.wrap(text, TEXT_WIDTH)] for _, texts in told]
        y = flow(
            paper,
            Frame(first=164, later=40, bottom=785, header=28, last=40),
            [STEP * len(each) + 7 for each in lines],
            header=self._header,
            row=lambda place, y: self._row(told[place][0], lines[place], y),
            foot=self._foot,
        )
        paragraph(paper, BOOKED_X, y + 10, NOTICE, 540, 6)

    def _header(self, y: float) -> None:
        for x, first, second in (
            (BOOKED_X, "Data", "księgowania"),
            (DATE_X, "Data", "transakcji"),
            (TEXT_X, "Opis", ""),
        ):
            self.paper.text(x, y + 4, first, bold=True)
            if second:
                self.paper.text(x, y + 12, self.label(second), bold=True)
        self.paper.right(AMOUNT_X, y + 4, "Kwota", bold=True)
        self.paper.right(BALANCE_X, y + 4, "Saldo", bold=True)
        self.paper.line(BOOKED_X, y + 16, BALANCE_X)

    def _row(self, row: Row, lines: list[str], y: float) -> None:
        paper = self.paper
        assert row.booked_on is not None
        assert row.balance is not None
        paper.text(BOOKED_X, y, row.booked_on.isoformat())
        paper.text(DATE_X, y, row.transaction_on.isoformat())
        for place, line in enumerate(lines):
            paper.text(TEXT_X, y + place * STEP, line)
        paper.right(AMOUNT_X, y, self.money(row.amount))
        paper.right(BALANCE_X, y, self.money(row.balance))

    def _foot(self, number: int, count: int) -> None:
        paragraph(self.paper, BOOKED_X, 806, FOOTER, 480, 6)
        self.paper.right(BALANCE_X, 820, f"Strona {number}/{count}")


CONFIRMED_WORDS = {
    Kind.SENT: "PRZELEW",
    Kind.CARD: "ZAKUP - FIZ. UŻYCIE KARTY",
    Kind.COMMISSION: "NALICZENIE OPŁAT",
    Kind.LOAN: "SPŁ.RATY-REGULARNA",
    Kind.RECEIVED: "WYPŁATA KREDYTU",
}


def make_confirmation(rng: Random, rows: int | None, difficulty: Difficulty) -> Sample:
    """Print as many confirmations as `difficulty.several` says, each on a page of its own."""
    bank = Bank(BANK.prefix, tuple(CONFIRMED_WORDS), BANK.account_names)
    story = write(bank, rng, max(2, difficulty.several), difficulty.but(pending=0))
    paper = Paper(Writer(title="Potwierdzenie wykonania operacji"), WIDTH, HEIGHT, story.issued_on, 9)
    items = []
    for place, entry in enumerate(story.booked[: difficulty.several]):
        if place:
            paper.turn()
        items.append(_confirmation(paper, story, entry))
    return Sample(paper.finish(), confirmations(CONFIRMATION, tuple(items)), CONFIRMATION.name)


def _confirmation(paper: Paper, story: Story, entry: Entry) -> Confirmed:
    holder = Party(story.owners[0].name, (), story.account)
    for place, line in enumerate((*paper.wrap(holder.name, 215), *story.owners[0].address)):
        paper.text(340, 90 + place * 12, line)
    paper.text(48, 180, "Potwierdzenie wykonania operacji", 13, bold=True)
    kind = CONFIRMED_WORDS[entry.kind]
    amount, currency = entry.amount, story.currency
    if entry.foreign is not None:
        amount, currency = entry.foreign.amount, entry.foreign.currency
    title = entry.title or (entry.place if entry.party else "OPERACJA")
    pairs = [
        ("Data transakcji", entry.transaction_on.isoformat()),
        ("Data waluty", (entry.booked_on or entry.transaction_on).isoformat()),
        ("Kwota transakcji", f"{plain(abs(amount), story.difficulty)} {currency}"),
        ("Typ transakcji:", kind),
    ]
    sender, recipient = holder, None
    if entry.kind is Kind.SENT and entry.party is not None:
        recipient = Party(entry.party.whole, (), entry.party.account)
        pairs += [
            ("Nadawca", holder.name),
            ("Rachunek nadawcy", grouped(story.account)),
            ("Odbiorca", recipient.name),
            ("Rachunek odbiorcy", grouped(recipient.account or "")),
        ]
    elif entry.kind is Kind.RECEIVED:
        loan = account_number(BANK.prefix, 700_000_000 + entry.serial)
        sender, recipient = Party("", (), loan), Party("", (), story.account)
        title = f"WYPŁATA KREDYTU NR {entry.serial:08d}"
        pairs += [("Rachunek nadawcy", grouped(loan)), ("Rachunek odbiorcy", grouped(story.account))]
    else:
        sender = Party("", (), story.account)
        pairs += [("Rachunek nadawcy", grouped(story.account))]
    pairs += [
        ("Tytuł operacji", title),
        ("Data wystawienia dokumentu:", f"  {story.issued_on.isoformat()}"),
    ]
    fields(paper, pairs, 48, 200, 220, step=12, gap=8, width=320)
    paragraph(paper, 48, 720, NOTICE, 500, 7)
    paragraph(paper, 48, 760, FOOTER, 500, 7)
    return Confirmed(
        entry.transaction_on,
        amount,
        currency,
        issued_on=story.issued_on,
        title=title,
        kind=kind,
        sender=sender,
        recipient=recipient,
    )


PRINTERS = {STATEMENT: make_statement, CONFIRMATION: make_confirmation}
