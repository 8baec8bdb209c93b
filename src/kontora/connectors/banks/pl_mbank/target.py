"""Facts: the ways into mBank. Source: the catalogue of May 2023 (`spec/wire.md`, Appendix A)."""

from kontora.connectors.banks.pl_mbank.connector import Connector
from kontora.connectors.target import NEVER_AT_THE_BANK, Institution, TargetFacts

INSTITUTION = Institution(name="MBank", official_name="mBank", official_url=None, country="pl")

TARGETS = (
    TargetFacts(
        name="MBankApi",
        institution=INSTITUTION,
        connector=Connector,
        account_types=("Individual",),
        beta=True,
        psd2=True,
        exercised=NEVER_AT_THE_BANK,
    ),
)
