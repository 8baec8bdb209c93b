"""BNP Paribas Bank Polska: the statement, each row with a reference of its own."""

from __future__ import annotations

from random import Random

from tools.statement_samples.amounts import plain, without_diacritics
from tools.statement_samples.flow import Frame, fields, flow, paragraph
from tools.statement_samples.ledger import Bank, write
from tools.statement_samples.numbers import digits, grouped
from tools.statement_samples.paper import Paper, Writer
from tools.statement_samples.people import Party
from tools.statement_samples.sample import Layout, Row, Sample, statement
from tools.statement_samples.story import AT_A_SHOP, Difficulty, Entry, Kind, Story

WORDS = {
    Kind.CARD: "TRANSAKCJA KARTĄ",
    Kind.BLIK_WEB: "BLIK",
    Kind.CASH_OUT: "WYPŁATA KARTĄ Z BANKOMATU",
    Kind.SENT: "PRZELEW WYCHODZĄCY",
    Kind.RECEIVED: "PRZELEW OTRZYMANY",
    Kind.STANDING_ORDER: "ZLECENIE STAŁE",
    Kind.ACCOUNT_FEE: "OPŁATA ZA RACHUNEK/PAKIET",
    Kind.COMMISSION: "PROWIZJE I OPŁATY",
}
BANK = Bank("2030", tuple(WORDS), ("Konto Otwarte na Ciebie",), first=(2022, 1))
STATEMENT = Layout("bnp-statement", "BNP", "BNP Paribas", "STATEMENT")

WIDTH, HEIGHT = 595.276, 841.89
STEP = 10.0
DATE_X, TEXT_X, TEXT_WIDTH, AMOUNT_X, BALANCE_X = 42.0, 116.0, 262.0, 468.0, 555.0
PREFIXES = ("CEN", "PSD", "BLK", "KRT")
FOOTER = (
    "BNP Paribas Bank Polska Spółka Akcyjna z siedzibą w Warszawie przy ul. Kasprzaka 2, 01-211 Warszawa,"
    " zarejestrowany w rejestrze przedsiębiorców Krajowego Rejestru Sądowego"
)
NOTICE = (
    "Niniejszy wyciąg bankowy jest zestawieniem wszystkich operacji dokonanych na rachunku bankowym"
    " wygenerowanym elektronicznie na podstawie art. 7 ustawy Prawo Bankowe (Dz.U. Nr 140 z 1997 roku, poz."
    " 939 z późniejszymi zmianami) i nie wymaga podpisu ani stempla."
)


def make_statement(rng: Random, rows: int | None, difficulty: Difficulty) -> Sample:
    """Print the statement, oldest first."""
    story = write(BANK, rng, rows, difficulty.but(pending=0))
    told = [_told(entry, rng) for entry in story.booked]
    paper = Paper(Writer(title="Wyciąg bankowy"), WIDTH, HEIGHT, story.issued_on)
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


def _told(entry: Entry, rng: Random) -> tuple[Row, list[str]]:
    kind = WORDS[entry.kind]
    reference = f"{rng.choice(PREFIXES)}{digits(rng, 13)}"
    texts = [kind, f"{reference} Data waluty: {entry.transaction_on:%d.%m.%Y}"]
    party = account = title = None
    if entry.kind in AT_A_SHOP:
        party = entry.place
        texts.append(party)
    elif entry.party is not None:
        party, account, title = entry.party.whole, entry.party.account, entry.title
        texts += [party, grouped(account or ""), title or ""]
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

    def __init__(self, paper: Paper, story: Story) -> None:
        self.paper, self.story = paper, story

    def label(self, text: str) -> str:
        return without_diacritics(text) if self.story.difficulty.lost_diacritics else text

    def money(self, amount) -> str:
        return f"{plain(amount, self.story.difficulty)} {self.story.currency}"

    def all(self, told: list[tuple[Row, list[str]]]) -> None:
        paper, story = self.paper, self.story
        paper.text(DATE_X, 46, "BNP PARIBAS", 12, bold=True)
        paper.text(DATE_X, 74, "Wyciąg bankowy", 12, bold=True)
        pairs = [
            ("Wyciąg nr", f"{story.number}/{story.start.year}"),
            ("Za okres", f"od {story.start:%d.%m.%Y} do {story.end:%d.%m.%Y}"),
            ("Posiadacz rachunku:", ", ".join(owner.name for owner in story.owners)),
            ("Numer rachunku:", f"PL {grouped(story.account)}"),
            ("Waluta:", story.currency),
            ("SALDO POCZĄTKOWE", self.money(story.opening)),
            ("SALDO KOŃCOWE", self.money(story.closing)),
        ]
        fields(paper, [(self.label(a), b) for a, b in pairs], DATE_X, 160, 98, step=STEP, gap=3)
        lines = [[line for text in texts for line in paper.wrap(text, TEXT_WIDTH)] for _, texts in told]
        y = flow(
            paper,
            Frame(first=206, later=46, bottom=770, header=26, last=30),
            [STEP * len(each) + 7 for each in lines],
            header=self._header,
            row=lambda place, y: self._row(told[place][0], lines[place], y),
            foot=self._foot,
        )
        paragraph(paper, DATE_X, y + 10, NOTICE, 510, 6)

    def _header(self, y: float) -> None:
        self.paper.text(DATE_X, y + 8, "Data operacji", bold=True)
        self.paper.text(TEXT_X, y + 8, "Opis operacji", bold=True)
        self.paper.right(AMOUNT_X, y + 8, "Kwota", bold=True)
        self.paper.right(BALANCE_X, y + 8, "Saldo po operacji", bold=True)
        self.paper.line(DATE_X, y + 12, BALANCE_X)

    def _row(self, row: Row, lines: list[str], y: float) -> None:
        paper = self.paper
        assert row.booked_on is not None
        assert row.balance is not None
        paper.text(DATE_X, y, f"{row.booked_on:%d.%m.%Y}")
        for place, line in enumerate(lines):
            paper.text(TEXT_X, y + place * STEP, line)
        paper.right(AMOUNT_X, y, self.money(row.amount))
        paper.right(BALANCE_X, y, self.money(row.balance))

    def _foot(self, number: int, count: int) -> None:
        paragraph(self.paper, DATE_X, 800, FOOTER, 420, 6)
        self.paper.right(BALANCE_X, 816, f"Strona {number} z {count}")


PRINTERS = {STATEMENT: make_statement}
