"""Facts: the ways into Pekao SA. Source: the catalogue of May 2023 (`spec/wire.md`, Appendix A)."""

from kontora.connectors.banks.pl_pekao.connector import Connector
from kontora.connectors.target import NEVER_AT_THE_BANK, Institution, TargetFacts

INSTITUTION = Institution(name="Pekao", official_name="Pekao SA", official_url=None, country="pl")

TARGETS = (
    TargetFacts(
        name="PekaoApi",
        institution=INSTITUTION,
        connector=Connector,
        account_types=("Individual", "Corporate", "SoleTrader"),
        beta=True,
        psd2=True,
        exercised=NEVER_AT_THE_BANK,
    ),
)
