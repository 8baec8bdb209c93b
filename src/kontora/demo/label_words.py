"""Labels of money transactions in a few words: the most telling first, with the company behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from rich.text import Text

from kontora.client import MoneyTransaction
from kontora.labels.taxonomy import BY_NAME, LABELS, Category, for_clients, name_for_clients

# Clients' names in the order of the taxonomy: parents before children, how money went before what it was for.
_PLACES = {name: place for place, name in enumerate(for_clients(frozenset(BY_NAME), "pl"))}
_TECHNICAL = for_clients(
    frozenset(label.name for label in LABELS if label.category is Category.TECHNICAL), "pl"
)
_PARENTS = {
    name_for_clients(label.name, "pl"): name_for_clients(label.parent, "pl")
    for label in LABELS
    if label.parent is not None
}


def most_telling(labels: Iterable[str]) -> list[str]:
    """Return labels without the parents of others, those that only say how the money went at the end."""
    found = frozenset(labels)
    parents = {_PARENTS[name] for name in found if name in _PARENTS}
    return sorted(found - parents, key=lambda name: (name in _TECHNICAL, _PLACES.get(name, 0), name))


def label_words(item: MoneyTransaction, *, with_vendors: bool) -> Text:
    """Return the labels of a money transaction, each with its company if asked for."""
    vendors = {vendor.label: vendor.name for vendor in item.vendors} if with_vendors else {}
    words = Text()
    for name in most_telling(item.labels):
        words.append(", " if words else "", style="dim")
        words.append(name, style="dim cyan" if name in _TECHNICAL else "cyan")
        if name in vendors:
            words.append(f" ({vendors[name]})", style="dim")
    return words


def label_counts(items: Iterable[MoneyTransaction], width: int) -> str:
    """Return how many money transactions have labels, and the most frequent labels, on one line."""
    found = list(items)
    labelled = [item for item in found if item.labels]
    counts = Counter(name for item in labelled for name in item.labels)
    frequent = sorted(counts, key=lambda name: (-counts[name], _PLACES.get(name, 0)))
    line = f"{len(labelled)} of {len(found)} with labels"
    for place, more in enumerate(_told(frequent, counts)):
        longer = f"{line}{': ' if place == 0 else ', '}{more}"
        if len(longer) > width:
            break
        line = longer
    return line


def _told(names: Iterable[str], counts: Counter[str]) -> Iterator[str]:
    for name in names:
        yield f"{name} {counts[name]}"
