"""Facts: the way into KontoBankPolish."""

from kontora.connectors.banks.pl_kontobankpolish.connector import Connector
from kontora.connectors.target import Institution, TargetFacts

INSTITUTION = Institution(
    name="KontoBankPolish",
    official_name="KontoBank PolishAPI",
    official_url="https://bank.kontomatik.com",
    country="pl",
)

TARGETS = (
    TargetFacts(
        name="KontoBankPolishApi",
        institution=INSTITUTION,
        connector=Connector,
        base_url="/polish",
        beta=True,
        psd2=True,
        practice=True,
    ),
)
