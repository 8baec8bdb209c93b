"""Facts: the ways into KontoBank, Polish branch."""

from kontora.connectors.banks.pl_kontobank.connector import Connector
from kontora.connectors.banks.pl_kontobank.web import WebConnector
from kontora.connectors.protocol import CredentialKind
from kontora.connectors.target import Institution, TargetFacts

INSTITUTION = Institution(
    name="KontoBank",
    official_name="KontoBank",
    official_url="https://bank.kontomatik.com",
    country="pl",
    fallback_allowed=True,
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
    TargetFacts(
        name="KontoBank",
        institution=INSTITUTION,
        connector=WebConnector,
        base_url="/web/pl",
        account_types=("Individual", "Corporate"),
        credential_kinds=(CredentialKind.STATIC_LOGIN,),
        login_name="Login",
        beta=True,
        practice=True,
    ),
)
