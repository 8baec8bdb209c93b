"""Facts: the ways into KontoBank, Spanish branch."""

from kontora.connectors.banks.es_kontobank.connector import Connector
from kontora.connectors.target import Institution, TargetFacts

INSTITUTION = Institution(
    name="KontoBank_es",
    official_name="KontoBank",
    official_url="https://bank.kontomatik.com",
    country="es",
)

TARGETS = (
    TargetFacts(
        name="KontoBankApi_es",
        institution=INSTITUTION,
        connector=Connector,
        base_url="/es",
        beta=True,
        psd2=True,
        practice=True,
    ),
)
