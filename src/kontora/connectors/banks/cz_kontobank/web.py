"""KontoBank's web bank, Czech branch: crowns, and a column of payment symbols."""

from collections.abc import Mapping

from kontora.connectors.standards.kontobank_web.connector import KontoBankWebConnector, WebSignOut
from kontora.connectors.standards.kontobank_web.pages import Pages
from kontora.connectors.standards.web_pages.converters import Writing, number

_WRITING = Writing(" ", ",", r"(?P<day>\d{1,2})\. (?P<month>\d{1,2})\. (?P<year>\d{4})")


def parse_symbols(text: str) -> Mapping[str, str]:
    """Read payment symbols. Example: VS 1234567890, KS 0308

    Raises: ValueError.
    """
    found = dict(part.split(" ") for part in text.split(", "))
    if not all(kind in ("VS", "KS", "SS") and symbol.isdigit() for kind, symbol in found.items()):
        raise ValueError("not payment symbols")
    return found


class WebConnector(KontoBankWebConnector, WebSignOut):
    """Signs in and out, and reads accounts and credit cards."""

    described = Pages.of(_WRITING, number, symbols=parse_symbols)
