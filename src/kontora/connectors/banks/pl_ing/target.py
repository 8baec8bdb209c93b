"""Facts: the ways into ING Bank Śląski. Source: the catalogue of May 2023 (`spec/wire.md`, Appendix A)."""

from kontora.connectors.banks.pl_ing.connector import Connector
from kontora.connectors.target import NEVER_AT_THE_BANK, Institution, TargetFacts

INSTITUTION = Institution(name="Ing", official_name="ING Bank Śląski", official_url=None, country="pl")

TARGETS = (
    TargetFacts(
        name="IngApi",
        institution=INSTITUTION,
        connector=Connector,
        account_types=("Individual", "Corporate", "SoleTrader"),
        beta=True,
        psd2=True,
        exercised=NEVER_AT_THE_BANK,
    ),
)
