"""Facts: the ways into KontoBank, Czech branch."""

from kontora.connectors.banks.cz_kontobank.connector import Connector
from kontora.connectors.banks.cz_kontobank.web import WebConnector
from kontora.connectors.protocol import CredentialKind
from kontora.connectors.target import Institution, TargetFacts

INSTITUTION = Institution(
    name="KontoBank_cz",
    official_name="KontoBank",
    official_url="https://bank.kontomatik.com",
    country="cz",
    fallback_allowed=True,
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
    TargetFacts(
        name="KontoBank_cz",
        institution=INSTITUTION,
        connector=WebConnector,
        base_url="/web/cz",
        account_types=("Individual", "Corporate"),
        credential_kinds=(CredentialKind.STATIC_LOGIN,),
        login_name="Login",
        beta=True,
        practice=True,
    ),
)
