"""KontoBankPolish: the standard, the practice bank's own keys, and what it tells in `auxData`."""

from kontora.connectors.bank_jws import JoseHeader
from kontora.connectors.banks.pl_kontobankpolish.parse import parse_details
from kontora.connectors.standards.kontobank import name_failure
from kontora.connectors.standards.polish_api.connector import CreditCards, PolishApiConnector, SignOut
from kontora.connectors.standards.polish_api.dialect import Dialect


class Connector(PolishApiConnector, CreditCards, SignOut):
    """Signs in and reads accounts and credit cards."""

    dialect = Dialect(
        client_id="kontora",
        jose=JoseHeader(x5c=True),
        keys_path="/keys.json",
        per_page=200,
        is_card=lambda code, _: code == "CARD",
        name_failure=name_failure,
        parse_details=parse_details,
    )
