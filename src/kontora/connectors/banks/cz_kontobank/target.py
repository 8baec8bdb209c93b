"""Facts: the ways into KontoBank, Czech branch."""

from kontora.connectors.banks.cz_kontobank.connector import Connector
from kontora.connectors.target import Institution, TargetFacts

INSTITUTION = Institution(
    name="KontoBank_cz",
    official_name="KontoBank",
    official_url="https://bank.kontomatik.com",
    country="cz",
)

TARGETS = (
    TargetFacts(
        name="KontoBankApi_cz",
        institution=INSTITUTION,
        connector=Connector,
        base_url="/cz",
        beta=True,
        psd2=True,
        practice=True,
    ),
)
