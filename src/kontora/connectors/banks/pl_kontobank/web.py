"""KontoBank's web bank, Polish branch: złoty, account numbers without their country; no sign-out."""

from kontora.connectors.standards.kontobank_web.connector import KontoBankWebConnector
from kontora.connectors.standards.kontobank_web.pages import Pages
from kontora.connectors.standards.web_pages.converters import Writing, polish_number

_WRITING = Writing(" ", ",", r"(?P<day>\d\d)\.(?P<month>\d\d)\.(?P<year>\d{4})")


class WebConnector(KontoBankWebConnector):
    """Signs in and reads accounts and credit cards."""

    described = Pages.of(_WRITING, polish_number)
