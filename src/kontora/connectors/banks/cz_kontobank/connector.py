"""KontoBank, Czech branch: the shared dialect, and Czech payment symbols."""

from dataclasses import replace

from kontora.connectors.banks.cz_kontobank.parse import parse_symbols
from kontora.connectors.standards.kontobank import KONTOBANK, KontoBankConnector


class Connector(KontoBankConnector):
    """Signs in and reads accounts and credit cards."""

    dialect = replace(KONTOBANK, parse_symbols=parse_symbols)
