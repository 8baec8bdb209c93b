"""Read the fields that only this standard has: amounts with their currency, and links."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urljoin

from kontora.connectors.standards.json_fields import (
    Json,
    a_decimal,
    a_text,
    an_object,
    an_optional_object,
)
from kontora.errors import BankChanged


def money(value: Any, name: str) -> tuple[Decimal, str]:
    """Return amount and currency of an `amount` object. Raises: BankChanged, if it lacks one of them."""
    amount = an_object(value, name)
    currency = a_text(amount.get("currency"), f"{name}.currency")
    if currency is None or len(currency) != 3 or not currency.isascii() or not currency.isalpha():
        raise BankChanged(f"{name}.currency is not a currency")
    return a_decimal(amount.get("amount"), f"{name}.amount"), currency.upper()


def links_of(body: Json, url: str) -> dict[str, str]:
    """Return the links of a body as absolute URLs; links without an address are left out.

    Raises: BankChanged, if `_links` is not an object.
    """
    found = {}
    for name, link in an_optional_object(body.get("_links"), "_links").items():
        href = link.get("href") if isinstance(link, dict) else link
        if isinstance(href, str) and href.strip():
            try:
                found[name] = urljoin(url, href.strip())
            except ValueError as error:
                raise BankChanged(f"_links.{name} is not a URL") from error
    return found
