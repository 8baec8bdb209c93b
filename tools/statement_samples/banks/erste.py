"""Erste Bank Polska, formerly Santander: the list of transactions that a browser prints."""

from __future__ import annotations

from html import escape
from random import Random

from tools.statement_samples.amounts import plain
from tools.statement_samples.chromium import font_face, running
from tools.statement_samples.ledger import Bank, write
from tools.statement_samples.numbers import grouped
from tools.statement_samples.sample import Layout, Row, Sample, by_day, statement
from tools.statement_samples.story import Difficulty, Entry, Kind, Story

KINDS = (
    Kind.CARD,
    Kind.CARD_REFUND,
    Kind.BLIK_WEB,
    Kind.BLIK_SENT,
    Kind.BLIK_RECEIVED,
    Kind.SENT,
    Kind.RECEIVED,
    Kind.OWN_OUT,
    Kind.CASH_OUT,
)
BANK = Bank("1090", KINDS, ("Konto",), first=(2026, 2), last=(2026, 10), days=60)
LIST = Layout("erste-list", "Santander", "Santander", "HISTORY")
MONTHS = ("sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru")
REFUND = "Zwrot"
ROWS_A_PAGE = 20
# In pixels of 0.75 points: edges 6.75, 123, 402.75, 495.75 and 588.75 points, bands of 30.
STYLE = """
@page{size:594.96pt 841.92pt;margin:0}
*{margin:0;padding:0;box-sizing:border-box}
body{font-family:'Sample Sans';font-size:16px;color:#222}
.page{position:relative;width:793px;height:1122px;overflow:hidden;break-after:page}
.page:last-child{break-after:auto}
.page>div,.row>div{position:absolute;white-space:nowrap}
.rows{left:9px;width:776px;border:1px solid #eaeaea}
.row{position:absolute;left:0;width:776px;height:40px}
.row i{position:absolute;left:0;top:39px;width:776px;height:1px;background:#eaeaea}
.label{font-size:13.3333px;color:#555}
.money{text-align:right}
"""


def make_list(rng: Random, rows: int | None, difficulty: Difficulty) -> Sample:
    """Print the list: newest first by a booking date that it does not show."""
    story = write(BANK, rng, rows, difficulty.but(pending=0, wraps=False))
    printed = _as_printed(story, rng)
    pages = [printed[place : place + ROWS_A_PAGE] for place in range(0, len(printed), ROWS_A_PAGE)] or [[]]
    body = "".join(_page(story, entries, number, len(pages)) for number, entries in enumerate(pages, 1))
    html = (
        f"<html lang=pl><title>Lista transakcji</title><style>{font_face('Sample Sans')}{STYLE}</style>{body}"
    )
    expected = statement(
        LIST,
        by_day(tuple(map(_row, printed))),
        account=story.account,
        currency=story.currency,
        account_name=None,
        balance=story.closing if story.booked else None,
        period=None,
        owners=(),
    )
    return Sample(running().print(html, story.issued_on), expected, LIST.name)


def _as_printed(story: Story, rng: Random) -> list[Entry]:
    """Return the booked entries, the newest day first; those of a day in no order of booking."""
    days: dict[object, list[Entry]] = {}
    for entry in story.booked:
        days.setdefault(entry.booked_on, []).append(entry)
    for entries in days.values():
        rng.shuffle(entries)
    return [entry for day in reversed(list(days)) for entry in days[day]]


def _row(entry: Entry) -> Row:
    return Row(
        entry.transaction_on,
        entry.transaction_on,
        entry.amount,
        balance=entry.balance,
        party=_party(entry),
        kind=REFUND if entry.kind is Kind.CARD_REFUND else None,
    )


def _party(entry: Entry) -> str:
    assert entry.party is not None
    return entry.party.name


def _page(story: Story, entries: list[Entry], number: int, count: int) -> str:
    parts = []
    top = 36
    if number == 1:
        parts.append(_at(9, 28, "Lista transakcji"))
        parts.append(_at(9, 58, f"Konto: {grouped(story.account)}"))
        top = 104
    for left, name in ((9, "Data operacji"), (164, "Operacja")):
        parts.append(_at(left + 8, top, name, "label"))
    for edge, name in ((661, "Kwota"), (785, "Saldo")):
        parts.append(_at(edge - 124, top, name, "label money", width=116))
    top += 24
    rows = "".join(_band(entry, place * 40, story.difficulty) for place, entry in enumerate(entries))
    parts.append(f'<div class=rows style="top:{top}px;height:{len(entries) * 40 + 2}px">{rows}</div>')
    day = story.issued_on
    parts.append(_at(9, 1080, f"Dokument z dnia: {day:%d} {MONTHS[day.month - 1]} {day:%Y}", "label"))
    parts.append(_at(585, 1080, f"Strona {number} z {count}", "label money", width=200))
    return f"<div class=page>{''.join(parts)}</div>"


def _band(entry: Entry, top: int, difficulty: Difficulty) -> str:
    day = entry.transaction_on
    assert entry.balance is not None
    cells = [
        _at(7, 2, f"{day:%d} {MONTHS[day.month - 1]} {day:%Y}"),
        _at(7, 21, "Data księgowania", "label"),
        _at(162, 2, _party(entry)),
        _at(519, 2, f"{plain(entry.amount, difficulty)} PLN", "money", width=124),
        _at(643, 2, f"{plain(entry.balance, difficulty)} PLN", "money", width=124),
    ]
    if entry.kind is Kind.CARD_REFUND:
        cells.append(_at(162, 21, REFUND, "label"))
    return f'<div class=row style="top:{top}px">{"".join(cells)}<i></i></div>'


def _at(left: int, top: int, text: str, classes: str = "", width: int | None = None) -> str:
    wide = f";width:{width}px" if width else ""
    return f'<div class="{classes}" style="left:{left}px;top:{top}px{wide}">{escape(text)}</div>'


PRINTERS = {LIST: make_list}
