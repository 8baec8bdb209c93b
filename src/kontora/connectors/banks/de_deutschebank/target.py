"""Facts: the ways into Deutsche Bank, Germany.

Source: `spec/psd2.md`, sections 1.3 and 4.
"""

from kontora.connectors.banks.de_deutschebank.connector import Connector
from kontora.connectors.target import NEVER_AT_THE_BANK, Institution, TargetFacts

INSTITUTION = Institution(
    name="DeutscheBank_de", official_name="Deutsche Bank", official_url=None, country="de"
)

TARGETS = (
    TargetFacts(
        name="DeutscheBankApi_de",
        institution=INSTITUTION,
        connector=Connector,
        beta=True,
        psd2=True,
        exercised=NEVER_AT_THE_BANK,
    ),
)
