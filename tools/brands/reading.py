"""The two lists of names: what the index of shops and the seed of lenders say."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

INDEX, SEED = "merchants_nsi.csv", "merchants_seed.json"
NOT_A_SHOP = frozenset(
    {
        "amenity/atm",
        "amenity/bank",
        "amenity/bicycle_rental",
        "amenity/bureau_de_change",
        "amenity/car_sharing",
        "amenity/hospital",
        "amenity/money_transfer",
        "amenity/parcel_locker",
        "amenity/payment_terminal",
        "amenity/post_office",
        "amenity/prep_school",
        "office/financial",
        "shop/car",
        "shop/mall",
        "shop/money_lender",
        "shop/motorcycle",
    }
)
OF_NAMES = {
    "payday_loan": ("payday loan payout", "payday loan repayment"),
    "consumer_finance": ("loan payout", "loan repayment"),
    "bnpl": ("buy now pay later",),
    "collector": ("debt collection",),
    "gambling": ("gambling",),
    "processor": ("payment processor",),
}
OF_WORDS = frozenset(
    {
        "bailiff",
        "child_benefit",
        "fine",
        "pension",
        "salary",
        "state_tax",
        "state_zus",
        "unemployment",
    }
)
"""Kinds of the seed that are words of a language rather than names; the rules of each country know them."""


@dataclass(frozen=True, slots=True)
class Named:
    """A name on a list. `label`: what money with that name is for, by the list."""

    name: str
    label: str
    country: str
    source: str


def read_index(file: Path) -> Iterator[Named]:
    """Read the index of shops; banks, cash machines, parcels and the like are passed over."""
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["label"] not in {"_bank", "parcel"} and row["osm"] not in NOT_A_SHOP:
                yield Named(row["name"], row["label"], row["country"].lower(), "nsi")


def read_seed(file: Path) -> Iterator[Named]:
    """Read the seed; a name that lends gives two labels, one for each way the money goes.

    Raises: ValueError, for a kind of names that nobody has mapped.
    """
    told = json.loads(file.read_text(encoding="utf-8"))
    for country, kinds in told.items():
        if country.startswith("_"):
            continue
        for kind, names in kinds.items():
            if kind not in OF_NAMES and kind not in OF_WORDS:
                raise ValueError(f"the seed has a new kind of names: {kind}")
            for label in OF_NAMES.get(kind, ()):
                yield from (Named(name, label, country.lower(), "seed") for name in names)
