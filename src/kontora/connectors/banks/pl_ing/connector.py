"""ING Bank Śląski: PolishAPI as the standard has it; nothing here was tried against the bank."""

from kontora.connectors.standards.polish_api.connector import CreditCards, PolishApiConnector, SignOut
from kontora.connectors.standards.polish_api.dialect import Dialect


class Connector(PolishApiConnector, CreditCards, SignOut):
    """Signs in and reads accounts and credit cards."""

    # The members of the signature's header that this bank wants are not known: these are the usual ones.
    dialect = Dialect()
