"""Layouts of no bank, made small: the parts that tests change."""

from __future__ import annotations

from typing import Any

import msgspec

from kontora.statements.layout import Layout

HEAD = {
    "name": "some-statement",
    "title": "Wyciąg",
    "institution": {"target": "Some", "institution": "Some", "official_name": "Some Bank", "country": "pl"},
    "document_type": "STATEMENT",
    "grade": "assumed",
    "source": "Nobody's.",
    "recognise": {"all": ["Wyciąg Some Bank"]},
    "amounts": {"minus": "before"},
    "dates": ["dd.mm.yyyy"],
    "page_number": "strona([0-9]+)z([0-9]+)",
}
FIELDS = {
    "iban": {"labels": ["Numer rachunku:"]},
    "owners": {"labels": ["Posiadacz:"], "separator": ", ", "optional": True},
    "currency": {"labels": ["Waluta:"]},
    "opening_balance": {"labels": ["Saldo początkowe:"]},
    "closing_balance": {"labels": ["Saldo końcowe:"], "where": "foot"},
}
COLUMNS = [
    {"name": "booked_on", "x0": 40, "x1": 100},
    {"name": "transaction_on", "x0": 100, "x1": 160},
    {"name": "description", "x0": 160, "x1": 400},
    {"name": "amount", "x0": 400, "x1": 470, "align": "right"},
    {"name": "balance", "x0": 470, "x1": 555, "align": "right"},
]
TABLE = {
    "header": ["Data księgowania", "Data operacji", "Opis", "Kwota", "Saldo"],
    "end": ["Saldo końcowe"],
    "foot": ["Strona"],
    "grid": {"cut": "lines", "starts_in": "transaction_on", "columns": COLUMNS},
}
READING = {
    "header": ["Data", "Opis", "Kwota", "Saldo"],
    "end": ["Saldo końcowe"],
    "foot": ["Strona"],
    "reading": {"dates": ["booked_on", "transaction_on"], "numbers": ["amount", "balance"]},
}
PARTS: dict[str, Any] = {
    **HEAD,
    "order": "oldest-first",
    "fields": FIELDS,
    "table": TABLE,
    "description": {"kind": "first-lines", "rest": "title"},
    "arithmetic": {"running": "chain", "opening_and_closing": True},
}
CONFIRMATION: dict[str, Any] = {
    **HEAD,
    "name": "some-confirmation",
    "document_type": "CONFIRMATION",
    "recognise": {"all": ["Potwierdzenie Some Bank"]},
    "confirmation": {
        "starts": ["Potwierdzenie Some Bank"],
        "sign": "printed",
        "fields": {
            "amount": {"labels": ["Kwota:"]},
            "transaction_on": {"labels": ["Data operacji:"]},
            "title": {"labels": ["Tytuł:"], "lines": 4, "optional": True},
            "recipient_name": {"labels": ["Odbiorca:"], "lines": 2, "optional": True},
        },
    },
}


def layout_of(parts: dict[str, Any] | None = None, **changes: Any) -> Layout:
    """Build the layout of no bank; a changed part that is a dict goes over the part's own keys."""
    whole = dict(parts or PARTS)
    for name, change in changes.items():
        whole[name] = {**whole.get(name, {}), **change} if isinstance(change, dict) else change
    return msgspec.convert(whole, Layout)
