"""KontoBank's web bank, Spanish branch: euros, dots between thousands, dates with slashes."""

from kontora.connectors.standards.kontobank_web.connector import KontoBankWebConnector, WebSignOut
from kontora.connectors.standards.kontobank_web.pages import Pages
from kontora.connectors.standards.web_pages.converters import Writing, number

_WRITING = Writing(".", ",", r"(?P<day>\d\d)/(?P<month>\d\d)/(?P<year>\d{4})")


class WebConnector(KontoBankWebConnector, WebSignOut):
    """Signs in and out, and reads accounts and credit cards."""

    described = Pages.of(_WRITING, number)
