"""What an account is: a payment account or a card, by its type."""

from __future__ import annotations

from kontora.connectors.standards.json_fields import Json, a_text, an_optional_object
from kontora.connectors.standards.polish_api.dialect import Dialect


def is_card(item: Json, at: str, dialect: Dialect) -> bool:
    """Tell whether an account is a card, by its type and the type's name.

    Raises: BankChanged.
    """
    kind = an_optional_object(item.get("accountType"), f"{at}.accountType")
    code = a_text(kind.get("code"), f"{at}.accountType.code") or ""
    words = (kind.get("description"), item.get("accountTypeName"))
    return dialect.is_card(code, " / ".join(a_text(word, f"{at}.accountType") or "" for word in words))
