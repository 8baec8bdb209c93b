"""PKO BP: the statement with carried balances, and the confirmation of an operation."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from tools.statement_samples.amounts import plain, without_diacritics
from tools.statement_samples.ledger import Bank, write
from tools.statement_samples.numbers import account_number, digits, grouped
from tools.statement_samples.pages import split
from tools.statement_samples.paper import Paper, Writer
from tools.statement_samples.people import Party
from tools.statement_samples.sample import Confirmed, Layout, Row, Sample, confirmations, statement
from tools.statement_samples.story import AT_A_SHOP, BY_CARD, Difficulty, Entry, Kind, Story

WORDS = {
    Kind.CARD: "ZAKUP PRZY UŻYCIU KARTY",
    Kind.BLIK_SHOP: "ZAKUP W TERMINALU-KOD MOBILNY",
    Kind.BLIK_WEB: "PŁATNOŚĆ WEB - KOD MOBILNY",
    Kind.SENT: "PRZELEW WYCHODZĄCY",
    Kind.RECEIVED: "PRZELEW PRZYCHODZĄCY",
    Kind.RECEIVED_AT_ONCE: "PRZELEW NATYCHMIASTOWY PRZYCHODZ.",
    Kind.CASH_OUT: "WYPŁATA W BANKOMACIE",
    Kind.CASH_OUT_BLIK: "WYPŁATA W BANKOMACIE-KOD MOBILNY",
    Kind.CASH_IN: "WPŁATA GOTÓWKI - KOD MOBILNY",
    Kind.TAX: "OBCIĄŻENIE OPERACJĄ SKARBOWĄ",
    Kind.SENT_ABROAD: "OBC.KWOTĄ WYSYŁ. PRZEL.ZAGRANICZNY",
    Kind.CARD_FEE: "OPŁATA MIESIĘCZNA ZA KARTĘ",
    Kind.ACCOUNT_FEE: "OPŁATA ZA PROWADZENIE RACHUNKU",
    Kind.COMMISSION: "PROWIZJA",
    Kind.LOAN: "KREDYT - SPŁATA RATY",
}
BANK = Bank("1020", tuple(WORDS), ("PKO KONTO ZA ZERO", "KONTO PROSTE"), first=(2023, 1))
STATEMENT = Layout("pko-statement", "PKO", "PKO BP", "STATEMENT")
CONFIRMATION = Layout("pko-confirmation", "PKO", "PKO BP", "CONFIRMATION")

WRITER = Writer(title="Wyciąg")
WIDTH, HEIGHT = 595.276, 841.89
SIZE, STEP = 7.0, 9.0
DATE_X, ID_X, TEXT_X, AMOUNT_X, BALANCE_X = 34.0, 84.0, 166.0, 486.0, 560.0
TEXT_WIDTH = 250.0
BOTTOM, FIRST_TOP, LATER_TOP = 770.0, 258.0, 70.0
LETTERS = "ABCDEFRSTUXZ0123456789"
NOTICE = "Niniejszy dokument jest wydrukiem z systemu informatycznego banku."
ARTICLE_7 = (
    "Dokument sporządzony na podstawie art. 7 Ustawy Prawo Bankowe (Dz. U. Nr 140 z 1997 roku, poz. 939",
    "z późniejszymi zmianami). Nie wymaga podpisu ani stempla.",
)
PROMO = (
    "{day} zmieniamy Regulamin promocji „Polecaj konto”. Szczegóły: www.pkobp.pl lub infolinia 800 302 302.",
    "Odbierz do 150,00 zł premii za aktywność. Oferta ważna do 31.12.{year}.",
)


def make_statement(rng: Random, rows: int | None, difficulty: Difficulty) -> Sample:
    """Print the statement: oldest first, balances carried from page to page."""
    story = write(BANK, rng, rows, difficulty.but(pending=0))
    told = [_told(entry, story) for entry in story.booked]
    paper = Paper(WRITER, WIDTH, HEIGHT, story.issued_on, SIZE)
    _Print(paper, story, rng).all(told)
    expected = statement(
        STATEMENT,
        tuple(row for row, _ in reversed(told)),
        account=story.account,
        currency=story.currency,
        account_name=story.account_name,
        balance=story.closing,
        period=(story.start, story.end),
        owners=story.owners,
    )
    return Sample(paper.finish(), expected, STATEMENT.name)


def _told(entry: Entry, story: Story) -> tuple[Row, list[str]]:
    """Return the row as it is to be read, and the texts under its kind."""
    kind = WORDS[entry.kind]
    party = account = title = None
    texts: list[str] = []
    if entry.kind in BY_CARD:
        party = entry.place
        first, last = entry.card or ("", "")
        original = abs(entry.foreign.amount if entry.foreign else entry.amount)
        currency = entry.foreign.currency if entry.foreign else story.currency
        texts = [f"Karta:{first}25******{last} Lokalizacja: {party} Nr ref: 7421{entry.serial:011d}"]
        if entry.foreign:
            rate = f"{entry.foreign.rate:.4f}".replace(".", ",")
            texts.append(f"FX{entry.serial:08d} {currency}/{story.currency} {rate}")
        texts.append(f"Kwota oryg.: {plain(original, story.difficulty)} {currency}")
    elif entry.kind in AT_A_SHOP:
        party = entry.place
        hour, minute, second = (entry.serial // part % 60 for part in (7, 11, 13))
        where = f"https://{party}" if entry.kind is Kind.BLIK_WEB else party
        party = where
        texts = [f"Tel.:48000000{entry.serial % 1000:03d} Godz.{hour % 24:02d}:{minute:02d}:{second:02d}"]
        texts[0] += f" Lokalizacja: {where}"
    elif entry.kind is Kind.SENT_ABROAD:
        assert entry.party is not None
        party, account = entry.party.whole, entry.party.account
        title = entry.title
        texts = [f"Benef.: {party} Rach. benef. {account}" + (f" tyt.: {title}" if title else "")]
    elif entry.kind is Kind.LOAN:
        interest = (abs(entry.amount) / 3).quantize(Decimal("0.01"))
        capital = abs(entry.amount) - interest
        title = f"KAPITAŁ: {plain(capital, story.difficulty)} ODSETKI: {plain(interest, story.difficulty)}"
        account = account_number(BANK.prefix, 900_000_000 + entry.serial % 1000)
        texts = [f"{title} {account}"]
    elif entry.party is not None:
        party, account, title = entry.party.whole, entry.party.account, entry.title
        texts = [grouped(account or ""), party]
        if title is not None:
            texts.append(f"Tytuł: {title}")
        if entry.serial % 4 == 0:
            texts.append(f"Ref. wł. zlec.: {entry.serial:012d}")
    else:
        title = entry.title if (entry.title or "").upper() != kind else None
        texts = [f"Tytuł: {title}"] if title is not None else []
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
    """Prints one statement. A row's first line has its numbers; the second begins with the value date."""

    def __init__(self, paper: Paper, story: Story, rng: Random) -> None:
        self.paper, self.story, self.rng = paper, story, rng

    def label(self, text: str) -> str:
        return without_diacritics(text, "ńæ") if self.story.difficulty.lost_diacritics else text

    def money(self, amount: Decimal) -> str:
        return plain(amount, self.story.difficulty)

    def all(self, told: list[tuple[Row, list[str]]]) -> None:
        paper, story = self.paper, self.story
        self._head()
        lines = [[line for text in texts for line in paper.wrap(text, TEXT_WIDTH)] for _, texts in told]
        heights = [STEP * (1 + max(1, len(each))) + 5 for each in lines]
        carry = STEP + 6
        pages = split(heights, BOTTOM - FIRST_TOP - carry, BOTTOM - LATER_TOP - 2 * carry, last=60)
        y = FIRST_TOP
        balance = story.opening
        for number, places in enumerate(pages, 1):
            if number > 1:
                self._carry("Saldo do przeniesienia", balance, y)
                self._foot(number - 1)
                paper.turn()
                y = LATER_TOP
            y = self._header(y)
            if number > 1:
                y = self._carry("Saldo z przeniesienia", balance, y)
            for place in places:
                row = told[place][0]
                self._row(row, lines[place], y)
                y += heights[place]
                balance = row.balance if row.balance is not None else balance
        y = self._carry("Saldo końcowe", story.closing, y)
        self._foot(len(pages))
        self._end(y)

    def _head(self) -> None:
        paper, story = self.paper, self.story
        paper.text(34, 50, "PKO Bank Polski", 12, bold=True)
        paper.text(34, 62, "www.pkobp.pl")
        period = f"{story.start:%d.%m.%Y} - {story.end:%d.%m.%Y}"
        paper.text(34, 92, f"WYCIĄG za okres {period}", 10, bold=True)
        credits = sum(story.credits, Decimal(0))
        debits = sum(story.debits, Decimal(0))
        left = [
            ("Nr:", f"{story.number}/{story.start.year}"),
            ("Nr rachunku/karty:", grouped(story.account)),
            ("Nr IBAN:", f"PL{story.account}"),
            ("Rodzaj rachunku:", story.account_name),
            ("Waluta rachunku:", story.currency),
            ("Posiadacz:", ", ".join(owner.name for owner in story.owners)),
            ("", " ".join(story.owners[0].address)),
        ]
        right = [
            ("Saldo poprzednie:", self.money(story.opening)),
            ("Obroty MA:", self.money(credits)),
            ("Obroty WN:", self.money(abs(debits))),
            ("Saldo końcowe:", self.money(story.closing)),
        ]
        for place, (label, value) in enumerate(left):
            paper.text(34, 114 + place * 13, self.label(label), bold=True)
            paper.text(120, 114 + place * 13, value)
        for place, (label, value) in enumerate(right):
            paper.text(392, 114 + place * 13, self.label(label), bold=True)
            paper.right(BALANCE_X, 114 + place * 13, value)
        if story.difficulty.missing is False:
            paper.text(392, 166, "Limit:", bold=True)
            paper.right(BALANCE_X, 166, "0,00")

    def _header(self, y: float) -> float:
        names = (
            (DATE_X, "Data operacji", "Data waluty"),
            (ID_X, "Identyfikator", "operacji"),
            (TEXT_X, "(Typ)", "Opis operacji"),
        )
        for x, first, second in names:
            self.paper.text(x, y - 18, self.label(first), bold=True)
            self.paper.text(x, y - 18 + STEP, self.label(second), bold=True)
        self.paper.right(AMOUNT_X, y - 18, "Kwota operacji", bold=True)
        self.paper.right(BALANCE_X, y - 18, "Saldo", bold=True)
        self.paper.line(DATE_X, y - 4, BALANCE_X)
        return y + STEP

    def _row(self, row: Row, lines: list[str], y: float) -> None:
        paper = self.paper
        assert row.booked_on is not None
        assert row.balance is not None
        paper.text(DATE_X, y, f"{row.booked_on:%d.%m.%Y}")
        paper.text(ID_X, y, self._identifier())
        paper.text(TEXT_X, y, row.kind or "")
        paper.right(AMOUNT_X, y, self.money(row.amount))
        paper.right(BALANCE_X, y, self.money(row.balance))
        paper.text(DATE_X, y + STEP, f"{row.transaction_on:%d.%m.%Y}")
        for place, line in enumerate(lines, 1):
            paper.text(TEXT_X, y + place * STEP, line)

    def _identifier(self) -> str:
        return "".join(self.rng.choices(LETTERS, k=3)) + digits(self.rng, 13) + self.rng.choice(LETTERS)

    def _carry(self, label: str, balance: Decimal, y: float) -> float:
        self.paper.text(TEXT_X, y, self.label(label), bold=True)
        self.paper.right(BALANCE_X, y, self.money(balance), bold=True)
        return y + STEP + 6

    def _foot(self, number: int) -> None:
        self.paper.text(34, 815, NOTICE, 6)
        self.paper.right(BALANCE_X, 815, f"strona {number}")

    def _end(self, y: float) -> None:
        paper, story = self.paper, self.story
        paper.line(DATE_X, y - 8, BALANCE_X)
        lines = ARTICLE_7
        if story.difficulty.promo:
            # Like a row, it begins with a date where rows begin; it stands after the end of the table.
            day = f"{story.issued_on:%d.%m.%Y}"
            lines = (*(line.format(day=day, year=story.end.year) for line in PROMO), *lines)
        for place, line in enumerate(lines):
            paper.text(DATE_X, y + 8 + place * STEP, line)


def make_confirmation(rng: Random, rows: int | None, difficulty: Difficulty) -> Sample:
    """Print the confirmation of one transfer; `rows` does not matter."""
    bank = Bank(BANK.prefix, (Kind.SENT, Kind.RECEIVED), BANK.account_names)
    story = write(bank, rng, 2, difficulty.but(pending=0))
    entry = story.booked[-1]
    assert entry.party is not None
    paper = Paper(Writer(title="Potwierdzenie"), WIDTH, HEIGHT, story.issued_on, 9)
    paper.text(40, 56, "PKO Bank Polski", 13, bold=True)
    paper.text(40, 96, "Potwierdzenie wykonania operacji", 12, bold=True)
    owner = Party(story.owners[0].name, story.owners[0].address, story.account)
    sender, recipient = (owner, entry.party) if entry.is_debit else (entry.party, owner)
    pairs: list[tuple[str, str]] = [
        ("Data operacji:", entry.transaction_on.isoformat()),
        ("Rodzaj operacji:", WORDS[entry.kind]),
    ]
    for name, party in (("Nadawca:", sender), ("Odbiorca:", recipient)):
        pairs += [(name, party.name), ("Rachunek:", grouped(party.account or ""))]
        pairs += [("Adres:", " ".join(party.address))] if party.address else []
    title = entry.title or "przelew"
    pairs += [("Tytuł:", title), ("Kwota", f"{plain(abs(entry.amount), story.difficulty)} {story.currency}")]
    y = 130.0
    for label, value in pairs:
        paper.text(40, y, label, bold=True)
        for line in paper.wrap(value, 360):
            paper.text(140, y, line)
            y += 12
        y += 5
    paper.text(40, 780, NOTICE, 7)
    paper.text(40, 790, "www.pkobp.pl", 7)
    item = Confirmed(
        entry.transaction_on,
        entry.amount,
        story.currency,
        title=title,
        kind=WORDS[entry.kind],
        sender=sender,
        recipient=recipient,
    )
    return Sample(paper.finish(), confirmations(CONFIRMATION, (item,)), CONFIRMATION.name)


PRINTERS = {STATEMENT: make_statement, CONFIRMATION: make_confirmation}
