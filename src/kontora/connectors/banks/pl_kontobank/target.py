"""Facts: the ways into KontoBank, Polish branch."""

from kontora.connectors.banks.pl_kontobank.connector import Connector
from kontora.connectors.target import Institution, TargetFacts

INSTITUTION = Institution(
    name="KontoBank",
    official_name="KontoBank",
    official_url="https://bank.kontomatik.com",
    country="pl",
)

TARGETS = (
    TargetFacts(
        name="KontoBankApi",
        institution=INSTITUTION,
        connector=Connector,
        base_url="",
        beta=True,
        psd2=True,
        practice=True,
    ),
)
