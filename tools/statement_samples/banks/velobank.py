"""VeloBank: the account's history, and the statements of the time before 2024's end and after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from tools.statement_samples.amounts import plain, without_diacritics
from tools.statement_samples.ledger import Bank, write
from tools.statement_samples.numbers import grouped
from tools.statement_samples.pages import split
from tools.statement_samples.paper import Paper, Writer
from tools.statement_samples.sample import Layout, Row, Sample, statement
from tools.statement_samples.story import AT_A_SHOP, BY_CARD, Difficulty, Entry, Kind, Story

WORDS = {
    Kind.CARD: "Operacja kartą",
    Kind.CARD_REFUND: "Zwrot operacji kartą",
    Kind.BLIK_WEB: "BLIK",
    Kind.CASH_OUT_BLIK: "Wypłata BLIK",
    Kind.SENT: "Przelew wychodzący zewnętrzny",
    Kind.RECEIVED: "Przelew przychodzący zewnętrzny",
    Kind.SENT_INSIDE: "Przelew wychodzący wewnętrzny",
    Kind.RECEIVED_INSIDE: "Przelew przychodzący wewnętrzny",
    Kind.TAX: "Przelew do Urzędu Skarbowego",
    Kind.OWN_OUT: "Przelew na rachunek własny",
    Kind.OWN_IN: "Przelew z rachunku własnego",
    Kind.STANDING_ORDER: "Zlecenie stałe",
    Kind.DIRECT_DEBIT: "Polecenie zapłaty",
    Kind.CASH_IN: "Wpłata gotówkowa",
    Kind.INTEREST: "Kapitalizacja odsetek",
    Kind.CARD_FEE: "Opłata",
    Kind.COMMISSION: "Prowizja",
    Kind.LOAN: "Spłata kredytu",
}
NAMES = ("VeloKonto",)
HISTORY = Layout("velobank-history", "VeloBank", "VeloBank", "HISTORY")
STATEMENT_2018 = Layout("velobank-statement-2018", "VeloBank", "VeloBank", "STATEMENT")
STATEMENT_2024 = Layout("velobank-statement-2024", "VeloBank", "VeloBank", "STATEMENT")

WRITER = Writer(
    producer="Qt 4.8.7",
    creator="wkhtmltopdf 0.12.6",
    title="Historia rachunku",
    font="Verdana",
    bold_font="Verdana-Bold",
)
WIDTH, HEIGHT = 595.0, 842.0
EDGES = (26.24, 89.21, 153.94, 440.23, 504.37, 567.93)
SIZE, STEP, BAND, SEPARATOR, HEADER = 5.25, 5.83, 39.7, 1.17, 28.0
SHIFT = 0.58
GREY, LIGHT = (189, 190, 193), (220, 221, 223)
TOP, BOTTOM, FIRST_TOP = 12.0, 818.0, 176.0
NOTICE = (
    "Dokument sporządzony na podstawie art. 7 Ustawy Prawo Bankowe (Dz. U. Nr 140 z 1997 roku, poz. 939"
    " z późniejszymi zmianami), nie wymaga podpisu ani stempla."
)


@dataclass(frozen=True)
class Look:
    """What tells the three documents apart. `columns`: headings, by column."""

    layout: Layout
    columns: tuple[tuple[str, ...], ...]
    day: Callable[[date], str]
    with_currency: bool
    booked_first: bool
    party_label: tuple[str, str]
    title_label: str
    newest_first: bool = False


def _dotted(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _year_first(day: date) -> str:
    return f"{day:%Y.%m.%d}"


_CAPITALS = (("DATA", "TRANSAKCJI"), ("DATA", "KSIĘGOWANIA"), ("OPIS TRANSAKCJI",), ("KWOTA", "TRANSAKCJI"))
LOOK_HISTORY = Look(
    HISTORY,
    (*_CAPITALS, ("SALDO PO", "TRANSAKCJI")),
    _dotted,
    with_currency=True,
    booked_first=False,
    party_label=("Odbiorca:", "Nadawca:"),
    title_label="Tytuł:",
    newest_first=True,
)
LOOK_2018 = Look(
    STATEMENT_2018,
    (*_CAPITALS, ("SALDO PO", "TRANSAKCJI")),
    _year_first,
    with_currency=True,
    booked_first=False,
    party_label=("Prowadzonego na rzecz:", "Prowadzonego na rzecz:"),
    title_label="Tytułem:",
)
LOOK_2024 = Look(
    STATEMENT_2024,
    (
        ("Data", "księgowania"),
        ("Data", "transakcji"),
        ("Opis transakcji",),
        ("Kwota transakcji", "w PLN"),
        ("Saldo po", "transakcji w PLN"),
    ),
    _year_first,
    with_currency=False,
    booked_first=True,
    party_label=("Odbiorca:", "Nadawca:"),
    title_label="Tytuł:",
)


def make_history(rng: Random, rows: int | None, difficulty: Difficulty) -> Sample:
    """Print the history: newest first, pending rows on top with dashes."""
    days = rng.choice((90, 365, 45))
    story = write(Bank("1560", tuple(WORDS), NAMES, first=(2024, 6), days=days), rng, rows, difficulty)
    paper = Paper(WRITER, WIDTH, HEIGHT, story.issued_on, SIZE)
    told = _all_told(LOOK_HISTORY, story)
    _heading(paper, "Historia rachunku", 30)
    period = {
        90: "Ostatnie 90 dni",
        365: "Ostatni rok",
        45: f"Za okres od {_dotted(story.start)} do {_dotted(story.end)}",
    }[days]
    holders = ", ".join(owner.name for owner in story.owners)
    lines = [("NUMER RACHUNKU:", grouped(story.account)), ("POSIADACZ RACHUNKU:", holders)]
    for place, (label, value) in enumerate(lines):
        paper.text(EDGES[0], 78 + place * 14, _label(story, label), 7, bold=True)
        paper.text(130, 78 + place * 14, value, 7)
    paper.text(EDGES[0], 112, _label(story, period), 7)
    _table(paper, LOOK_HISTORY, story, told, FIRST_TOP, rng)
    balance = story.closing if story.booked else None
    return _sample(
        LOOK_HISTORY, story, paper, told, balance, None if days != 45 else (story.start, story.end)
    )


def make_statement_2018(rng: Random, rows: int | None, difficulty: Difficulty) -> Sample:
    """Print the statement of the time of Getin Bank, to early 2024."""
    bank = Bank("1560", tuple(WORDS), NAMES, first=(2019, 1), last=(2024, 2))
    story = write(bank, rng, rows, difficulty.but(pending=0))
    paper = Paper(WRITER, WIDTH, HEIGHT, story.issued_on, SIZE)
    told = _all_told(LOOK_2018, story)
    period = f"{_year_first(story.start)} - {_year_first(story.end)}"
    _heading(paper, f"Wyciąg z rachunku nr {story.number}/{story.start.year} za okres {period}", 30)
    _account_block(paper, story, currency=True)
    y = _table(paper, LOOK_2018, story, told, FIRST_TOP, rng)
    paper.text(EDGES[0], y + 14, NOTICE)
    return _sample(LOOK_2018, story, paper, told, story.closing, (story.start, story.end))


def make_statement_2024(rng: Random, rows: int | None, difficulty: Difficulty) -> Sample:
    """Print the statement of late 2024 and after: the booking date comes first."""
    bank = Bank("1560", tuple(WORDS), NAMES, first=(2024, 12))
    story = write(bank, rng, rows, difficulty.but(pending=0))
    paper = Paper(WRITER, WIDTH, HEIGHT, story.issued_on, SIZE)
    told = _all_told(LOOK_2024, story)
    paper.text(EDGES[0], 28, "VeloBank S.A.", 9, bold=True)
    _heading(paper, f"Wyciąg nr {7_000_000 + story.booked[-1].serial if story.booked else 7_000_001}", 44)
    period = f"Wyciąg za okres od {_year_first(story.start)} do {_year_first(story.end)}"
    paper.text(EDGES[0], 60, _label(story, period), 7)
    _account_block(paper, story, currency=True)
    y = _table(paper, LOOK_2024, story, told, FIRST_TOP, rng)
    paper.text(EDGES[0], y + 14, NOTICE)
    return _sample(LOOK_2024, story, paper, told, story.closing, (story.start, story.end))


def _sample(
    look: Look,
    story: Story,
    paper: Paper,
    told: list[tuple[Row, list[str]]],
    balance: Decimal | None,
    period: tuple[date, date] | None,
) -> Sample:
    rows = [row for row, _ in told]
    expected = statement(
        look.layout,
        tuple(rows if look.newest_first else reversed(rows)),
        account=story.account,
        currency=story.currency,
        account_name=None,
        balance=balance,
        period=period,
        owners=tuple(type(owner)(owner.name) for owner in story.owners),
    )
    return Sample(paper.finish(), expected, look.layout.name)


def _label(story: Story, text: str) -> str:
    return without_diacritics(text) if story.difficulty.lost_diacritics else text


def _heading(paper: Paper, text: str, y: float) -> None:
    paper.text(EDGES[0], y, text, 11, bold=True)


def _account_block(paper: Paper, story: Story, *, currency: bool) -> None:
    def money(amount: Decimal) -> str:
        return f"{plain(amount, story.difficulty)} PLN"

    holders = ", ".join(owner.name for owner in story.owners)
    lines = [("Posiadacz rachunku:", holders), ("Numer rachunku:", grouped(story.account))]
    if currency:
        lines.append(("Waluta rachunku:", story.currency))
    lines += [("Saldo początkowe:", money(story.opening)), ("Saldo końcowe:", money(story.closing))]
    for place, (label, value) in enumerate(lines):
        paper.text(EDGES[0], 84 + place * 14, _label(story, label), 7, bold=True)
        paper.text(130, 84 + place * 14, value, 7)


def _all_told(look: Look, story: Story) -> list[tuple[Row, list[str]]]:
    entries = reversed(story.entries) if look.newest_first else story.entries
    return [_told(look, entry, story) for entry in entries]


def _told(look: Look, entry: Entry, story: Story) -> tuple[Row, list[str]]:
    kind = WORDS[entry.kind]
    party = account = title = None
    texts = [kind]
    if entry.kind in BY_CARD:
        party = entry.place
        amount = f"{plain(abs(entry.amount), story.difficulty)} {story.currency}"
        if entry.foreign is not None:
            amount = f"{plain(abs(entry.foreign.amount), story.difficulty)} {entry.foreign.currency}"
        first, last = entry.card or ("", "")
        texts = [f"{kind} {first} xxxx xxxx {last} na kwotę {amount} w {party}"]
    elif entry.kind in AT_A_SHOP:
        party = entry.place
        texts.append(party)
    elif entry.party is not None:
        party, account, title = entry.party.whole, entry.party.account, entry.title
        direction = "Na rachunek:" if entry.is_debit else "Z rachunku:"
        texts.append(f"{direction} {grouped(account or '')}")
        texts.append(f"{look.party_label[0 if entry.is_debit else 1]} {party}")
    else:
        title = entry.title if entry.title != kind else None
    if title is not None:
        texts.append(f"{look.title_label} {title}")
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


def _table(
    paper: Paper, look: Look, story: Story, told: list[tuple[Row, list[str]]], top: float, rng: Random
) -> float:
    width = EDGES[3] - EDGES[2] - 12
    lines = [[line for text in texts for line in paper.wrap(text, width)] for _, texts in told]
    heights = [max(BAND, STEP * len(each) + 16) + SEPARATOR for each in lines]
    shifted = story.difficulty.shifted
    room = BOTTOM - HEADER - (HEADER if shifted else 0)
    pages = split(heights, room - top, room - TOP, last=24)
    y = top
    for number, places in enumerate(pages, 1):
        if number > 1:
            paper.turn()
            y = TOP
        edges = EDGES
        y = _header(paper, look, story, edges, y)
        for place in places:
            if shifted and number > 1 and place == places[len(places) // 2] and len(places) > 2:
                # The table begins again in mid-page, its inner columns a little to the right.
                edges = (EDGES[0], *(edge + SHIFT for edge in EDGES[1:-1]), EDGES[-1])
                y = _header(paper, look, story, edges, y)
            _band(paper, look, story, told[place][0], lines[place], edges, y, heights[place])
            y += heights[place]
        if look.newest_first is False:
            paper.right(EDGES[-1], 832, f"Strona {number} z {len(pages)}")
    return y


def _header(paper: Paper, look: Look, story: Story, edges: tuple[float, ...], y: float) -> float:
    for place, lines in enumerate(look.columns):
        paper.fill(edges[place], y, edges[place + 1], y + HEADER, GREY)
        base = y + HEADER / 2 + 2 - (len(lines) - 1) * STEP / 2
        for line, text in enumerate(lines):
            paper.text(edges[place] + 4, base + line * STEP, _label(story, text), bold=True)
    return y + HEADER


def _band(
    paper: Paper,
    look: Look,
    story: Story,
    row: Row,
    lines: list[str],
    edges: tuple[float, ...],
    y: float,
    height: float,
) -> None:
    def money(amount: Decimal | None) -> str:
        if amount is None:
            return "-"
        return plain(amount, story.difficulty) + (f" {story.currency}" if look.with_currency else "")

    days = [look.day(row.transaction_on), look.day(row.booked_on) if row.booked_on else "-"]
    if look.booked_first:
        days.reverse()
    # Values stand in the middle of the band; the description begins at its top.
    middle = y + (height - SEPARATOR) / 2 + 1.9
    paper.text(edges[0] + 4, middle, days[0])
    paper.text(edges[1] + 4, middle, days[1])
    for place, line in enumerate(lines):
        paper.text(edges[2] + 4, y + 10 + place * STEP, line)
    paper.right(edges[4] - 4, middle, money(row.amount))
    paper.right(edges[5] - 4, middle, money(row.balance))
    paper.fill(edges[0], y + height - SEPARATOR, edges[-1], y + height, LIGHT)


PRINTERS = {
    HISTORY: make_history,
    STATEMENT_2018: make_statement_2018,
    STATEMENT_2024: make_statement_2024,
}
