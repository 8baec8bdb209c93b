"""Facts: the ways into UniCredit, Italy.

Source: the catalogue of May 2023 (`spec/wire.md`, Appendix A) for the name; `spec/psd2.md`, 1.3 and 4.
"""

from kontora.connectors.banks.it_unicredit.connector import Connector
from kontora.connectors.target import NEVER_AT_THE_BANK, Institution, TargetFacts

INSTITUTION = Institution(name="Unicredit_it", official_name="UniCredit", official_url=None, country="it")

TARGETS = (
    TargetFacts(
        name="UnicreditApi_it",
        institution=INSTITUTION,
        connector=Connector,
        beta=True,
        psd2=True,
        exercised=NEVER_AT_THE_BANK,
    ),
)
