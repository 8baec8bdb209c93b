"""mBank: the electronic list of operations with balances, the plain list without, and confirmations."""

from __future__ import annotations

from datetime import date
from random import Random

from tools.statement_samples.amounts import plain, without_diacritics
from tools.statement_samples.ledger import Bank, write
from tools.statement_samples.numbers import grouped
from tools.statement_samples.pages import split
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
from tools.statement_samples.story import AT_A_SHOP, BY_CARD, Difficulty, Entry, Kind, Story

WORDS = {
    Kind.CARD: "ZAKUP PRZY UŻYCIU KARTY",
    Kind.CARD_REFUND: "POS ZWROT TOWARU",
    Kind.BLIK_WEB: "BLIK ZAKUP E-COMMERCE",
    Kind.BLIK_REFUND: "BLIK KOR. ZAKUPU E-COMMERCE",
    Kind.BLIK_SENT: "BLIK P2P-WYCHODZĄCY",
    Kind.BLIK_RECEIVED: "BLIK P2P-PRZYCHODZĄCY",
    Kind.SENT: "PRZELEW ZEWNĘTRZNY WYCHODZĄCY",
    Kind.RECEIVED: "PRZELEW ZEWNĘTRZNY PRZYCHODZĄCY",
    Kind.SENT_INSIDE: "PRZELEW WEWNĘTRZNY WYCHODZĄCY",
    Kind.RECEIVED_INSIDE: "PRZELEW WEWNĘTRZNY PRZYCHODZĄCY",
    Kind.OWN_OUT: "PRZELEW WŁASNY",
    Kind.RECEIVED_FROM_ABROAD: "PRZELEW WALUTOWY PRZYCHODZĄCY",
    Kind.CASH_OUT: "WYPŁATA W BANKOMACIE",
    Kind.CARD_FEE: "OPŁATA ZA KARTĘ",
    Kind.INTEREST: "KAPITALIZACJA ODSETEK",
}
BANK = Bank(prefix="1140", kinds=tuple(WORDS), account_names=("eKonto",), first=(2023, 6))
STATEMENT = Layout("mbank-statement", "MBank", "mBank", "STATEMENT")
LIST = Layout("mbank-list", "MBank", "mBank", "HISTORY", is_consistent=False)
CONFIRMATION = Layout("mbank-confirmation", "MBank", "mBank", "CONFIRMATION")

WRITER = Writer(producer="Ibex PDF Creator 4.3")
WIDTH, HEIGHT = 595.238, 828.0
STEP, PAD, GREY = 9.6, 6.65, 153 / 255
EDGES = (40, 96.7, 148.2, 452.2, 503.7, 555.2)
LIST_EDGES = (40, 96.7, 148.2, 503.7, 555.2)
SUMMARY_EDGES = (40, 246.1, 348.6, 452.2)
LETTERHEAD = (
    "mBank S.A. Bankowość Detaliczna",
    "Skrytka Pocztowa 2108",
    "90-959 Łódź 2",
    "www.mBank.pl",
    "mLinia: 801 300 800",
    "+48 (42) 6 300 800",
)
BOTTOM, LATER_TOP = 780.0, 130.0
NOTICE = (
    "Niniejsze zestawienie jest dokumentem sporządzonym na podstawie art. 7 Ustawy Prawo Bankowe (Dz. U.",
    "Nr 140 z 1997 roku, poz. 939 z późniejszymi zmianami) i nie wymaga podpisu ani stempla.",
)
CONFIRMATION_NOTICE = (
    "Dokument sporządzony na podstawie art. 7 Ustawy Prawo Bankowe (Dz. U. Nr 140 z 1997 roku, poz. 939",
    "z późniejszymi zmianami). Nie wymaga podpisu ani stempla.",
)
LIST_NOTICE = (
    "Lista nie jest dokumentem w rozumieniu art. 7 Ustawy Prawo Bankowe (Dz. U. Nr 140 z 1997 roku, poz. 939",
    "z późniejszymi zmianami), ponieważ operacje można samodzielnie edytować.",
)


def make_statement(rng: Random, rows: int | None, difficulty: Difficulty) -> Sample:
    """Print the statement with balances, oldest first."""
    story = write(BANK, rng, rows, difficulty.but(pending=0))
    told = [_told(entry) for entry in story.booked]
    paper = Paper(WRITER, WIDTH, HEIGHT, story.issued_on, password=difficulty.password)
    _Print(paper, story, EDGES, rng).statement(told)
    expected = statement(
        STATEMENT,
        tuple(row for row, _ in reversed(told)),
        account=story.account,
        currency=story.currency,
        account_name=None,
        balance=story.closing,
        period=(story.start, story.end),
        owners=story.owners,
    )
    return Sample(paper.finish(), expected, STATEMENT.name, difficulty.password)


def make_list(rng: Random, rows: int | None, difficulty: Difficulty) -> Sample:
    """Print the list that the owner can edit: no balances, and it says that it proves nothing."""
    story = write(BANK, rng, rows, difficulty.but(pending=0))
    told = [_told(entry, with_balance=False) for entry in story.booked]
    paper = Paper(WRITER, WIDTH, HEIGHT, story.issued_on)
    _Print(paper, story, LIST_EDGES, rng).plain_list(told)
    expected = statement(
        LIST,
        by_day(tuple(row for row, _ in reversed(told))),
        account=story.account,
        currency=story.currency,
        account_name=None,
        balance=None,
        period=(story.start, story.end),
        owners=story.owners,
    )
    return Sample(paper.finish(), expected, LIST.name)


def _told(entry: Entry, *, with_balance: bool = True) -> tuple[Row, list[str]]:
    """Return the row as it is to be read, and the texts of its description: the kind, then a text a line."""
    kind = WORDS[entry.kind]
    texts = [kind]
    party = account = title = None
    if entry.kind in AT_A_SHOP:
        party = entry.place.upper()
        texts.append(f"{party} DATA TRANSAKCJI: {entry.transaction_on.isoformat()}")
    elif entry.party is not None:
        party, account = entry.party.whole.upper(), entry.party.account
        title = entry.title.upper() if entry.title else None
        texts += [party, account or "", title or ""]
    else:
        title = (entry.title or "").upper()
        texts.append(title)
    row = Row(
        entry.transaction_on,
        entry.booked_on,
        entry.amount,
        balance=entry.balance if with_balance else None,
        title=title,
        party=party,
        party_account=account,
        kind=kind,
    )
    return row, [text for text in texts if text]


class _Print:
    """Prints one document. Rows are lines of a fixed step in stroked cells."""

    def __init__(self, paper: Paper, story: Story, edges: tuple[float, ...], rng: Random) -> None:
        self.paper, self.story, self.edges, self.rng = paper, story, edges, rng
        self.has_balance = edges is EDGES

    def label(self, text: str) -> str:
        return without_diacritics(text) if self.story.difficulty.lost_diacritics else text

    def money(self, amount) -> str:
        return plain(amount, self.story.difficulty)

    def day(self, day: date) -> str:
        return f"{day:%d-%m-%Y}" if self.story.difficulty.older else day.isoformat()

    def statement(self, told: list[tuple[Row, list[str]]]) -> None:
        story = self.story
        period = f"od {self.day(story.start)} do {self.day(story.end)}"
        self._head(f"Elektroniczne zestawienie operacji za okres {period}")
        y = self._summary(self._account(130) + 14)
        y = self._wide(y + 12, f"Saldo początkowe: {self.money(story.opening)}")
        y = self._table(told, y)
        y = self._wide(y, f"Saldo końcowe: {self.money(story.closing)}")
        self._notice(y, NOTICE)

    def plain_list(self, told: list[tuple[Row, list[str]]]) -> None:
        story = self.story
        self._head(f"Lista operacji za okres od {story.start} do {story.end}")
        y = self._table(told, self._account(130) + 14)
        self._notice(y, LIST_NOTICE)

    def _head(self, title: str) -> None:
        for place, line in enumerate(LETTERHEAD):
            self.paper.text(43.3, 44 + place * STEP, line)
        self.paper.centre(WIDTH / 2, 114, title, bold=True)

    def _account(self, y: float) -> float:
        story, paper = self.story, self.paper
        holders = [owner.name for owner in story.owners]
        pairs = [
            ("Właściciel rachunku", ", ".join(holders)),
            ("", " ".join(story.owners[0].address)),
            ("Waluta", story.currency),
            ("Numer rachunku", grouped(story.account)),
            ("Data wygenerowania", self.day(story.issued_on)),
            ("Oprocentowanie rachunku", "0,00 %"),
        ]
        if not story.difficulty.missing:
            pairs += [("Limit debetowy", "0,00"), ("Oprocentowanie debetu", "9,90 %")]
        for label, value in pairs:
            y += STEP + 2
            if label:
                paper.text(43.3, y, f"{self.label(label)}:", bold=True)
            paper.text(170, y, value)
        return y

    def _summary(self, y: float) -> float:
        story = self.story
        lines = [
            (
                self.label("Podsumowanie obrotów na rachunku"),
                self.label("Liczba operacji"),
                self.label("Wartość operacji"),
            ),
            ("Uznania", str(len(story.credits)), self.money(sum(story.credits))),
            (self.label("Obciążenia"), str(len(story.debits)), self.money(sum(story.debits))),
            (
                self.label("Łącznie"),
                str(len(story.booked)),
                self.money(sum(story.credits) + sum(story.debits)),
            ),
        ]
        for place, (name, count, value) in enumerate(lines):
            self.paper.grid(SUMMARY_EDGES, y, y + STEP + PAD, grey=GREY)
            base = y + 10.9
            self.paper.text(43.3, base, name, bold=place == 0)
            self.paper.right(345.3, base, count, bold=place == 0)
            self.paper.right(448.9, base, value, bold=place == 0)
            y += STEP + PAD
        return y

    def _wide(self, y: float, text: str) -> float:
        self.paper.grid((40, 555.2), y, y + STEP + PAD, grey=GREY)
        # Some of these files lose every space of these two lines.
        text = text.replace(" ", "") if self.story.difficulty.glued else text
        self.paper.text(43.3, y + 10.9, self.label(text), bold=True)
        return y + STEP + PAD

    def _header(self, y: float) -> float:
        names = [("Data", "księgowania"), ("Data", "operacji"), ("Opis operacji",), ("Kwota",)]
        if self.has_balance:
            names.append(("Saldo po", "operacji"))
        self.paper.grid(self.edges, y, y + 2 * STEP + PAD, grey=GREY)
        for place, lines in enumerate(names):
            middle = (self.edges[place] + self.edges[place + 1]) / 2
            for line, text in enumerate(lines):
                self.paper.centre(middle, y + 10.9 + line * STEP, self.label(text), bold=True)
        return y + 2 * STEP + PAD

    def _table(self, told: list[tuple[Row, list[str]]], y: float) -> float:
        paper = self.paper
        width = self.edges[3] - self.edges[2] - 6.6
        lines = [[line for text in texts for line in paper.wrap(text, width)] for _, texts in told]
        heights = [STEP * len(each) + PAD for each in lines]
        head = 2 * STEP + PAD
        pages = split(heights, BOTTOM - y - head, BOTTOM - LATER_TOP - head, last=50)
        for number, places in enumerate(pages, 1):
            if number > 1:
                paper.turn()
                self._head(self.label("Elektroniczne zestawienie operacji" if self.has_balance else "Lista"))
                y = LATER_TOP
            self._foot(number, len(pages))
            if places or number == 1:
                y = self._header(y)
            for place in places:
                self._row(told[place][0], lines[place], y, heights[place])
                y += heights[place]
        return y

    def _row(self, row: Row, lines: list[str], y: float, height: float) -> None:
        paper, edges, base = self.paper, self.edges, y + 10.9
        paper.grid(edges, y, y + height, grey=GREY)
        assert row.booked_on is not None
        paper.centre((edges[0] + edges[1]) / 2, base, self.day(row.booked_on))
        paper.centre((edges[1] + edges[2]) / 2, base, self.day(row.transaction_on))
        for place, line in enumerate(lines):
            paper.text(edges[2] + 3.3, base + place * STEP, line)
        paper.right(edges[4] - 3.3, base, self.money(row.amount))
        if row.balance is not None:
            paper.right(edges[5] - 3.3, base, self.money(row.balance))

    def _foot(self, number: int, count: int) -> None:
        older = self.story.difficulty.older
        self.paper.right(551.9, 806, f"{number}/{count}" if older else f"Strona : {number} / {count}")

    def _notice(self, y: float, lines: tuple[str, ...]) -> None:
        for place, line in enumerate(lines):
            self.paper.text(43.3, y + 16 + place * STEP, line, 7)


def make_confirmation(rng: Random, rows: int | None, difficulty: Difficulty) -> Sample:
    """Print the confirmation of a transfer or of a card operation; `rows` does not matter."""
    by_card = rng.random() < 0.4
    kinds = (Kind.CARD, Kind.CASH_OUT) if by_card else (Kind.SENT, Kind.SENT_INSIDE)
    bank = Bank(prefix=BANK.prefix, kinds=kinds, account_names=BANK.account_names)
    story = write(bank, rng, 2, difficulty.but(pending=0, foreign=False))
    entry = story.booked[-1]
    paper = Paper(WRITER, WIDTH, HEIGHT, story.issued_on)
    for place, line in enumerate(LETTERHEAD):
        paper.text(43.3, 44 + place * STEP, line)
    item = (
        _confirm_card(paper, story, entry)
        if entry.kind in BY_CARD
        else _confirm_transfer(paper, story, entry, rng)
    )
    for place, line in enumerate(CONFIRMATION_NOTICE):
        paper.text(43.3, 700 + place * STEP, line, 7)
    return Sample(paper.finish(), confirmations(CONFIRMATION, (item,)), CONFIRMATION.name)


def _fields(paper: Paper, difficulty: Difficulty, pairs: list[tuple[str, str]], y: float = 160) -> None:
    for label, value in pairs:
        lines = paper.wrap(value, 330) if value else []
        text = f"{label}:"
        # Some of these files come without the spaces of their labels.
        paper.text(43.3, y, text.replace(" ", "") if difficulty.glued else text, bold=True)
        for line in lines:
            paper.text(190, y, line)
            y += STEP
        y += 6 if lines else 6 + STEP


def _confirm_transfer(paper: Paper, story: Story, entry: Entry, rng: Random) -> Confirmed:
    assert entry.party is not None
    paper.centre(WIDTH / 2, 130, "POTWIERDZENIE WYKONANIA PRZELEWU", 10, bold=True)
    owner = Party(story.owners[0].name.upper(), (), story.account)
    other = Party(entry.party.whole.upper(), (), entry.party.account)
    dotted = rng.random() < 0.3
    day = f"{entry.transaction_on:%d.%m.%Y}" if dotted else entry.transaction_on.isoformat()
    title = (entry.title or "PRZELEW").upper()
    pairs = [
        ("Nadawca", owner.name),
        ("Rachunek nadawcy", grouped(owner.account or "")),
        ("Odbiorca", other.name),
        ("Rachunek odbiorcy", grouped(other.account or "")),
        ("Tytuł operacji", title),
        ("Kwota przelewu", f"{plain(abs(entry.amount), story.difficulty)} PLN"),
        ("Data operacji", day),
        ("Data księgowania", day),
    ]
    _fields(paper, story.difficulty, pairs)
    return Confirmed(
        entry.transaction_on,
        entry.amount,
        "PLN",
        booked_on=entry.transaction_on,
        title=title,
        sender=owner,
        recipient=other,
        booking="booked",
        status="DONE",
        kind=None,
    )


def _confirm_card(paper: Paper, story: Story, entry: Entry) -> Confirmed:
    assert entry.party is not None
    paper.centre(WIDTH / 2, 130, "POTWIERDZENIE WYKONANIA OPERACJI KARTOWEJ", 10, bold=True)
    owner = Party(story.owners[0].name.upper(), (), story.account)
    kind = WORDS[entry.kind]
    booked_on = entry.booked_on
    pairs = [
        ("Posiadacz rachunku", owner.name),
        ("Rachunek", grouped(story.account)),
        ("Rodzaj operacji", kind),
        ("Data transakcji", entry.transaction_on.isoformat()),
        ("Data operacji", booked_on.isoformat() if booked_on else ""),
        ("Miejsce transakcji", entry.place.upper()),
        ("Kwota operacji w PLN", plain(abs(entry.amount), story.difficulty)),
    ]
    _fields(paper, story.difficulty, pairs)
    return Confirmed(
        entry.transaction_on,
        entry.amount,
        "PLN",
        booked_on=booked_on,
        kind=kind,
        sender=owner,
        recipient=Party(entry.place.upper()),
        booking="booked",
        status="DONE",
    )


PRINTERS = {STATEMENT: make_statement, LIST: make_list, CONFIRMATION: make_confirmation}
