"""Hooks of schemathesis: headers that would not arrive as they were made up are not sent.

Spaces and tabs around a header's value are no part of it, so a value that is wrong because of them is right
on the wire. Source: RFC 9110, 5.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import schemathesis

BLANK = " \t"


@schemathesis.hook
def filter_headers(_context: schemathesis.HookContext, headers: Mapping[str, Any] | None) -> bool:
    """Tell whether headers arrive as they are."""
    values = () if headers is None else headers.values()
    return all(not isinstance(value, str) or value == value.strip(BLANK) for value in values)
