"""Deutsche Bank: Berlin Group by redirect; nothing here was tried against the bank.

Several currencies in one list of balances (`spec/psd2.md` 4, number 3) are understood by every connector
of the standard. Passwords, which the bank wants encrypted (1.3), never pass through here.
"""

from kontora.connectors.standards.berlin_group.connector import BerlinGroupConnector, SignOut
from kontora.connectors.standards.berlin_group.dialect import Dialect


class Connector(BerlinGroupConnector, SignOut):
    """Signs in and reads accounts."""

    dialect = Dialect()
