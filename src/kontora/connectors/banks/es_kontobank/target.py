"""Facts: the ways into KontoBank, Spanish branch."""

from kontora.connectors.banks.es_kontobank.connector import Connector
from kontora.connectors.banks.es_kontobank.web import WebConnector
from kontora.connectors.protocol import CredentialKind
from kontora.connectors.target import Institution, TargetFacts

INSTITUTION = Institution(
    name="KontoBank_es",
    official_name="KontoBank",
    official_url="https://bank.kontomatik.com",
    country="es",
    fallback_allowed=True,
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
    TargetFacts(
        name="KontoBank_es",
        institution=INSTITUTION,
        connector=WebConnector,
        base_url="/web/es",
        account_types=("Individual", "Corporate"),
        credential_kinds=(CredentialKind.STATIC_LOGIN,),
        login_name="Login",
        beta=True,
        practice=True,
    ),
)
