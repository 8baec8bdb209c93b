"""Owners as several accounts name them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from kontora.model import Owner, OwnerKind


def merged_owners(groups: Iterable[Sequence[Owner]]) -> tuple[Owner, ...]:
    """Return everybody once, in the order met; who owns one account is an owner, not a co-owner."""
    found: dict[str, Owner] = {}
    for owner in (owner for group in groups for owner in group):
        known = found.get(owner.name)
        if known is None:
            found[owner.name] = owner
        else:
            kind = owner.kind if known.kind is OwnerKind.CO_OWNER else known.kind
            found[owner.name] = msgspec.structs.replace(
                known, kind=kind, address=known.address or owner.address
            )
    return tuple(found.values())
