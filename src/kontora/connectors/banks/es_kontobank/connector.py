"""KontoBank, Spanish branch: the shared dialect as it is."""

from kontora.connectors.standards.kontobank import KontoBankConnector


class Connector(KontoBankConnector):
    """Signs in and reads accounts and credit cards."""
