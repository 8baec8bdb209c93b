"""Facts: the ways into Commerzbank, Germany.

Source: `spec/psd2.md`, sections 1.3 and 4.
"""

from kontora.connectors.banks.de_commerzbank.connector import Connector
from kontora.connectors.target import NEVER_AT_THE_BANK, Institution, TargetFacts

INSTITUTION = Institution(name="Commerzbank_de", official_name="Commerzbank", official_url=None, country="de")

TARGETS = (
    TargetFacts(
        name="CommerzbankApi_de",
        institution=INSTITUTION,
        connector=Connector,
        beta=True,
        psd2=True,
        exercised=NEVER_AT_THE_BANK,
    ),
)
