"""Money transactions as a list brings them: ids for those without, repeats, the bank's own item."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from kontora.model import MoneyTransaction

HASHED = "hash:"
_RAW = msgspec.json.Encoder(decimal_format="number")


def raw_of(item: Mapping[str, Any]) -> bytes:
    """Return the bank's item as JSON."""
    return _RAW.encode(item)


def finished(item: MoneyTransaction) -> MoneyTransaction:
    """Give an item without an id one made of its content; it begins with `hash:`."""
    if item.internal_id is not None:
        return item
    content = "\x1f".join(
        str(part)
        for part in (
            item.booked_on,
            item.transaction_on,
            item.currency_amount,
            item.currency_balance,
            item.status,
            item.title,
            item.party,
            item.party_iban,
        )
    )
    digest = hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return msgspec.structs.replace(item, internal_id=HASHED + digest)


class Repeats:
    """Drops what a bank lists twice in one read: same id and same content.

    Items with the same id but other content are all kept; so are equal items without an id of the
    bank, for two equal purchases on one day are two purchases.
    """

    def __init__(self) -> None:
        self._seen: set[MoneyTransaction] = set()

    def dropped(self, items: Iterable[MoneyTransaction]) -> tuple[MoneyTransaction, ...]:
        """Return the items that were not met before."""
        kept = []
        for item in items:
            if (item.internal_id or HASHED).startswith(HASHED):
                kept.append(item)
                continue
            content = msgspec.structs.replace(item, raw=None)
            if content not in self._seen:
                self._seen.add(content)
                kept.append(item)
        return tuple(kept)
