"""The Python client: talk to a Kontora server, sync or async, with typed results and polling included.

    from kontora.client import Kontora

    with Kontora("http://127.0.0.1:8700", api_key) as kontora:
        session = kontora.mock_session("test1", "pl", "o-1")
        result = kontora.default_import(session)

It imports nothing else of Kontora, and never prints or logs.
"""

from kontora.client.asynchronous import AsyncKontora
from kontora.client.blocking import Kontora
from kontora.client.failures import (
    CommandFailed,
    CommandStillRunning,
    KontoraApiError,
    KontoraClientError,
    KontoraUnreachable,
    StatementRefused,
    UnexpectedReply,
)
from kontora.client.model import (
    Account,
    CommandReply,
    CredentialMetadata,
    CreditCard,
    Failure,
    ImportResult,
    MoneyTransaction,
    Owner,
    OwnerData,
    Session,
    Target,
    TargetData,
    Vendor,
)
from kontora.client.pacing import Pacing
from kontora.client.requests import (
    Command,
    DefaultImport,
    EnterCredential,
    ImportAccounts,
    ImportAccountTransactions,
    ImportCreditCards,
    ImportCreditCardTransactions,
    ImportOwners,
    SignOut,
)
from kontora.client.statement_model import (
    Confirmation,
    ConfirmationParty,
    Confirmations,
    FailedVerification,
    KeptStatement,
    PdfCatalog,
    PdfLayout,
    PdfTarget,
    Statement,
)

__all__ = [
    "Account",
    "AsyncKontora",
    "Command",
    "CommandFailed",
    "CommandReply",
    "CommandStillRunning",
    "Confirmation",
    "ConfirmationParty",
    "Confirmations",
    "CredentialMetadata",
    "CreditCard",
    "DefaultImport",
    "EnterCredential",
    "FailedVerification",
    "Failure",
    "ImportAccountTransactions",
    "ImportAccounts",
    "ImportCreditCardTransactions",
    "ImportCreditCards",
    "ImportOwners",
    "ImportResult",
    "KeptStatement",
    "Kontora",
    "KontoraApiError",
    "KontoraClientError",
    "KontoraUnreachable",
    "MoneyTransaction",
    "Owner",
    "OwnerData",
    "Pacing",
    "PdfCatalog",
    "PdfLayout",
    "PdfTarget",
    "Session",
    "SignOut",
    "Statement",
    "StatementRefused",
    "Target",
    "TargetData",
    "UnexpectedReply",
    "Vendor",
]
