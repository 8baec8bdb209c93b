"""Facts: the ways into Alior Bank. Source: the catalogue of May 2023 (`spec/wire.md`, Appendix A)."""

from kontora.connectors.banks.pl_alior.connector import Connector
from kontora.connectors.target import NEVER_AT_THE_BANK, Institution, TargetFacts

INSTITUTION = Institution(name="Alior", official_name="Alior Bank", official_url=None, country="pl")

TARGETS = (
    TargetFacts(
        name="AliorApi",
        institution=INSTITUTION,
        connector=Connector,
        account_types=("Individual", "SoleTrader"),
        beta=True,
        psd2=True,
        exercised=NEVER_AT_THE_BANK,
    ),
)
