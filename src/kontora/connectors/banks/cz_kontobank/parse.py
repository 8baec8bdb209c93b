"""Czech payment symbols in structured references."""

from __future__ import annotations

import re

from kontora.connectors.standards.berlin_group.dialect import Symbols

_SYMBOL = re.compile(r"\b(VS|KS|SS)[:/ ]?(\d{1,10})\b")


def parse_symbols(text: str) -> Symbols:
    """Read payment symbols, e.g. `VS:1234567890/KS:0308/SS:42`; `None` for those that are not there."""
    told = dict(_SYMBOL.findall(text))
    return Symbols(told.get("VS"), told.get("KS"), told.get("SS"))
