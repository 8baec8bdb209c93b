"""ING Bank Śląski: the statement with sums and counts, and no balance after each row."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from tools.statement_samples.amounts import plain, without_diacritics
from tools.statement_samples.flow import Frame, fields, flow, paragraph
from tools.statement_samples.ledger import Bank, write
from tools.statement_samples.numbers import digits, grouped
from tools.statement_samples.paper import Paper, Writer
from tools.statement_samples.sample import Layout, Row, Sample, by_day, statement
from tools.statement_samples.story import AT_A_SHOP, BY_CARD, Difficulty, Entry, Kind, Story

CODES = {
    Kind.CARD: "TR.KART",
    Kind.CARD_REFUND: "TR.KART",
    Kind.BLIK_WEB: "TR.BLIK",
    Kind.BLIK_SENT: "P.BLIK",
    Kind.BLIK_RECEIVED: "P.BLIK",
    Kind.SENT: "PRZELEW",
    Kind.RECEIVED: "PRZELEW",
    Kind.STANDING_ORDER: "ST.ZLEC",
}
BANK = Bank("1050", tuple(CODES), ("Konto Direct", "Konto z Lwem"), first=(2022, 1))
STATEMENT = Layout("ing-statement", "ING", "ING Bank Śląski", "STATEMENT")

WIDTH, HEIGHT = 595.276, 841.89
STEP = 9.0
DATE_X, PARTY_X, TITLE_X, DETAIL_X, AMOUNT_X = 34.0, 102.0, 236.0, 364.0, 561.0
PARTY_WIDTH, TITLE_WIDTH, DETAIL_WIDTH = 130.0, 122.0, 140.0
NOTICE = (
    "Dokument sporządzony na podstawie art. 7 Ustawy Prawo Bankowe (Dz. U. Nr 140 z 1997 roku, poz. 939 z"
    " późniejszymi zmianami). Nie wymaga podpisu ani stempla. ING Bank Śląski S.A."
)
Cells = tuple[list[str], list[str], list[str]]


def make_statement(rng: Random, rows: int | None, difficulty: Difficulty) -> Sample:
    """Print the statement, oldest first."""
    story = write(BANK, rng, rows, difficulty.but(pending=0))
    told = [_told(entry, rng) for entry in story.booked]
    paper = Paper(Writer(title="Wyciąg z rachunku"), WIDTH, HEIGHT, story.issued_on, 7)
    _Print(paper, story).all(told)
    expected = statement(
        STATEMENT,
        by_day(tuple(row for row, _ in reversed(told))),
        account=story.account,
        currency=story.currency,
        account_name=story.account_name,
        balance=story.closing,
        period=(story.start, story.end),
        owners=story.owners,
    )
    return Sample(paper.finish(), expected, STATEMENT.name)


def _told(entry: Entry, rng: Random) -> tuple[Row, Cells]:
    """Return the row as it is to be read, and the texts of its three middle cells."""
    assert entry.party is not None
    assert entry.booked_on is not None
    code = CODES[entry.kind]
    # The reference is on the line of the amount.
    details = [f"{entry.booked_on:%Y%m%d}{digits(rng, 10)}", code]
    account = title = None
    day = f"{entry.transaction_on:%d.%m.%Y}"
    if entry.kind in AT_A_SHOP:
        party = entry.place
        people = [party]
        if entry.kind in BY_CARD:
            first, last = entry.card or ("", "")
            details += [f"Płatność kartą {day}", f"Nr karty {first}xx{last}"]
        else:
            details += [f"Płatność BLIK {day}", f"Nr transakcji {digits(rng, 11)}"]
    else:
        party, account, title = entry.party.whole, entry.party.account, entry.title
        people = [
            "Nazwa i adres odbiorcy:" if entry.is_debit else "Nazwa i adres płatnika:",
            party,
            grouped(account or ""),
        ]
        if entry.kind in (Kind.BLIK_SENT, Kind.BLIK_RECEIVED):
            details += ["Przelew na telefon", f"{'Dla' if entry.is_debit else 'Od'} {entry.party.name}"]
        elif entry.kind is Kind.STANDING_ORDER:
            details.append("Zlecenie stałe")
        details.append(f"{digits(rng, 8)}-{rng.randrange(1, 90)}/{rng.randrange(1, 9)}")
    row = Row(
        entry.transaction_on,
        entry.booked_on,
        entry.amount,
        title=title,
        party=party,
        party_account=account,
        kind=code,
    )
    return row, (people, [title] if title else [], details)


class _Print:
    """Prints one statement: five columns, dates over each other."""

    def __init__(self, paper: Paper, story: Story) -> None:
        self.paper, self.story = paper, story

    def label(self, text: str) -> str:
        return without_diacritics(text) if self.story.difficulty.lost_diacritics else text

    def money(self, amount: Decimal) -> str:
        return f"{plain(amount, self.story.difficulty)} {self.story.currency}"

    def all(self, told: list[tuple[Row, Cells]]) -> None:
        paper = self.paper
        y = self._head()
        widths = (PARTY_WIDTH, TITLE_WIDTH, DETAIL_WIDTH)
        cells = [
            [
                [line for text in texts for line in paper.wrap(text, width)]
                for texts, width in zip(columns, widths, strict=True)
            ]
            for _, columns in told
        ]
        y = flow(
            paper,
            Frame(first=y, later=44, bottom=790, header=34, last=40),
            [STEP * max(2, *(len(cell) for cell in each)) + 7 for each in cells],
            header=self._header,
            row=lambda place, y: self._row(told[place][0], cells[place], y),
            foot=lambda number, _: paper.right(AMOUNT_X, 816, f"Strona: {number}"),
        )
        paragraph(paper, DATE_X, y + 14, NOTICE, 520, 6)

    def _head(self) -> float:
        paper, story = self.paper, self.story
        paper.text(DATE_X, 46, "ING Bank Śląski", 11, bold=True)
        paper.text(DATE_X, 72, "Wyciąg z rachunku", 12, bold=True)
        period = f"{story.start:%d.%m.%Y} - {story.end:%d.%m.%Y}"
        paper.text(DATE_X, 86, f"Nr {story.number} / {period}", 9)
        owner = story.owners[0]
        names = ", ".join(each.name for each in story.owners)
        paper.text(DATE_X, 110, "Dane posiadacza", 8, bold=True)
        for place, text in enumerate((names, *owner.address, "Kod kraju: PL")):
            paper.text(DATE_X, 122 + place * 11, text)
        paper.text(300, 110, "Dane rachunku", 8, bold=True)
        account = [
            ("Nazwa rachunku:", story.account_name),
            ("Waluta rachunku:", story.currency),
            ("Nr rachunku/NRB:", grouped(story.account)),
            ("Nr rachunku IBAN:", f"PL{story.account}"),
            ("Nr BIC (SWIFT):", "INGBPLPW"),
        ]
        fields(paper, account, 300, 380, 122, step=11, gap=0)
        left = [
            (f"Saldo początkowe na {story.start:%d.%m.%Y}:", self.money(story.opening)),
            ("Saldo końcowe:", self.money(story.closing)),
            (f"Suma uznań ({len(story.credits)}):", self.money(sum(story.credits, Decimal(0)))),
            (f"Suma obciążeń ({len(story.debits)}):", self.money(sum(story.debits, Decimal(0)))),
        ]
        right = [
            ("Limit zadłużenia:", self.money(Decimal(0))),
            ("Kwota prowizji zaległej:", self.money(Decimal(0))),
            ("Kwota zablokowana:", self.money(Decimal(0))),
            ("Saldo dostępne:", self.money(story.closing)),
        ]
        fields(paper, [(self.label(a), b) for a, b in left], DATE_X, 170, 194, step=11, gap=0)
        if not story.difficulty.missing:
            fields(paper, [(self.label(a), b) for a, b in right], 300, 420, 194, step=11, gap=0)
        return 256.0

    def _header(self, y: float) -> None:
        names = (
            (DATE_X, "Data księgowania", "Data transakcji"),
            (PARTY_X, "Dane kontrahenta", ""),
            (TITLE_X, "Tytuł", ""),
            (DETAIL_X, "Szczegóły /", "nr transakcji"),
        )
        for x, first, second in names:
            self.paper.text(x, y + 6, self.label(first), bold=True)
            if second:
                self.paper.text(x, y + 6 + STEP, second, bold=True)
        self.paper.right(AMOUNT_X, y + 6, "Kwota", bold=True)
        self.paper.line(DATE_X, y + 20, AMOUNT_X)

    def _row(self, row: Row, cells: list[list[str]], y: float) -> None:
        paper = self.paper
        assert row.booked_on is not None
        paper.text(DATE_X, y, f"{row.booked_on:%d.%m.%Y}")
        paper.text(DATE_X, y + STEP, f"{row.transaction_on:%d.%m.%Y}")
        for x, lines in zip((PARTY_X, TITLE_X, DETAIL_X), cells, strict=True):
            for place, line in enumerate(lines):
                paper.text(x, y + place * STEP, line)
        paper.right(AMOUNT_X, y, self.money(row.amount))


PRINTERS = {STATEMENT: make_statement}
