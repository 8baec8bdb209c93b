"""Commerzbank: Berlin Group with OAuth; nothing here was tried against the bank.

Its habits that `spec/psd2.md` tells are those that every connector of the standard understands: metadata
at `openid-configuration` (1.3), amounts as numbers, texts that are whole only in the array, `NOTPROVIDED`
(4, numbers 1, 10 and 13).
"""

from kontora.connectors.standards.berlin_group.connector import BerlinGroupConnector, SignOut
from kontora.connectors.standards.berlin_group.dialect import Dialect


class Connector(BerlinGroupConnector, SignOut):
    """Signs in and reads accounts."""

    dialect = Dialect()
