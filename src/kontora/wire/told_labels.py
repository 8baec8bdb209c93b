"""Labels and vendors as replies carry them: by clients' names, in the order of the taxonomy.

Source: wire.md, 5.4 and 9.4; labels.md, 9.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from kontora.labels.taxonomy import for_clients, name_for_clients
from kontora.model import MoneyTransaction, Vendor
from kontora.wire.characters import attribute, text

LABELS, VENDORS = "labels", "vendors"
WriteLabels = Callable[[MoneyTransaction], str]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a client is told beside what the bank told. Vendors belong to labels: never without them."""

    labels: bool = False
    vendors: bool = False

    @classmethod
    def to(cls, features: Iterable[str]) -> Shown:
        """Return what a client with these features is told."""
        found = frozenset(features)
        return cls(LABELS in found, {LABELS, VENDORS} <= found)


NOTHING = Shown()


def label_writer(shown: Shown, country: str | None) -> WriteLabels:
    """Return what writes `labels` and `vendors` of a money transaction; both are left out when empty.

    `country`: whose names labels have.
    """
    if not shown.labels:
        return _nothing
    spoken = country or ""

    @cache
    def labels(names: tuple[str, ...]) -> str:
        told = for_clients(frozenset(names), spoken)
        return f"<labels>{''.join(f'<label>{text(name)}</label>' for name in told)}</labels>"

    def vendor(one: Vendor) -> str:
        label = attribute(name_for_clients(one.label, spoken))
        return f'<vendor label="{label}">{text(one.name)}</vendor>'

    def write(item: MoneyTransaction) -> str:
        written = labels(item.labels) if item.labels else ""
        if shown.vendors and item.vendors:
            return f"{written}<vendors>{''.join(map(vendor, item.vendors))}</vendors>"
        return written

    return write


def _nothing(_item: MoneyTransaction) -> str:
    return ""


def label_fields(
    shown: Shown, country: str | None, labels: Iterable[str], vendors: Iterable[Vendor]
) -> dict[str, object]:
    """Return the fields of a JSON object: none, `labels`, or `labels` and `vendors`; they may be empty."""
    if not shown.labels:
        return {}
    spoken = country or ""
    told: dict[str, object] = {LABELS: list(for_clients(frozenset(labels), spoken))}
    if shown.vendors:
        told[VENDORS] = [{"label": name_for_clients(one.label, spoken), "name": one.name} for one in vendors]
    return told
