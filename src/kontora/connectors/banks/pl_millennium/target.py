"""Facts: the ways into Millennium. Source: the catalogue of May 2023 (`spec/wire.md`, Appendix A)."""

from kontora.connectors.banks.pl_millennium.connector import Connector
from kontora.connectors.target import NEVER_AT_THE_BANK, Institution, TargetFacts

INSTITUTION = Institution(name="Millennium", official_name="Millennium", official_url=None, country="pl")

TARGETS = (
    TargetFacts(
        name="MillenniumApi",
        institution=INSTITUTION,
        connector=Connector,
        account_types=("Individual", "SoleTrader"),
        beta=True,
        psd2=True,
        exercised=NEVER_AT_THE_BANK,
    ),
)
