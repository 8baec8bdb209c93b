"""Facts: the ways into BNP Paribas (GOonline). Source: the catalogue of May 2023 (`spec/wire.md`, App. A)."""

from kontora.connectors.banks.pl_bnp.connector import Connector
from kontora.connectors.target import NEVER_AT_THE_BANK, Institution, TargetFacts

INSTITUTION = Institution(name="Bnp", official_name="BNP Paribas (GOonline)", official_url=None, country="pl")

TARGETS = (
    TargetFacts(
        name="BnpGoOnlineApi",
        institution=INSTITUTION,
        connector=Connector,
        account_types=("Individual", "SoleTrader"),
        beta=True,
        psd2=True,
        exercised=NEVER_AT_THE_BANK,
    ),
)
