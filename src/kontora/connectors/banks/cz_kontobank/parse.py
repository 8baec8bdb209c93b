"""Czech payment symbols in structured references."""

from __future__ import annotations

from collections.abc import Sequence

from kontora.connectors.standards.berlin_group.dialect import Symbols


def parse_symbols(references: Sequence[tuple[str, str]]) -> Symbols:
    """Read payment symbols, e.g. `("VS", "1234567890")`; `None` for those that are not there."""
    told = {kind: reference for kind, reference in reversed(references) if reference.isdigit()}
    return Symbols(told.get("VS"), told.get("KS"), told.get("SS"))
