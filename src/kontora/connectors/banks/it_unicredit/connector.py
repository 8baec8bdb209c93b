"""UniCredit, Italy: Berlin Group with an explicit start; nothing here was tried against the bank.

The balance type `authorised` and the authorisation on the consent itself (`spec/psd2.md` 4, numbers 4 and
19) are understood by every connector of the standard: it follows the bank's links.
"""

from kontora.connectors.standards.berlin_group.connector import BerlinGroupConnector, SignOut
from kontora.connectors.standards.berlin_group.dialect import Dialect


class Connector(BerlinGroupConnector, SignOut):
    """Signs in and reads accounts."""

    dialect = Dialect(prefer_explicit=True)
