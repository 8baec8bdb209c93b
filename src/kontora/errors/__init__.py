"""The named failures: one tree, whose class names are the names on the wire.

    KontoraError
    ├── ClientError      the client can act: its request, its quota, its keys
    │   ├── InvalidParameter  InvalidArgument  InvalidSince  InvalidTarget  InvalidIban
    │   ├── InvalidSessionId  InvalidSessionIdSignature  InvalidCommandId  InvalidOwnerExternalId
    │   ├── AlreadySignedIn  NotSignedIn  CommandNotAvailable  DefaultImportAlreadyExecuted
    │   ├── InvalidMultipleAccessId  IdempotencyConflict  OwnerDeleted  NoDataToCalculateScore
    │   ├── InvalidCorrectionId  LabelCorrectionLimitExceeded
    │   ├── JobsQuotaExceeded  ConcurrentSessionsLimitExceed  MultipleAccessLimitExceeded  RateLimitExceeded
    │   ├── NotFound  MethodNotAllowed  BodyTooLarge  RequestTimeout  UnsupportedMediaType
    │   └── Unauthorized
    ├── OwnerError       the owner can act: credentials, the bank's own demands
    │   ├── InvalidCredentials  TargetCredentialsMismatch  InsufficientIdentificationLevel
    │   ├── AccessBlocked  AccessTemporarilyBlocked  ManualActionRequired
    │   ├── SignInCancelled  UnsupportedLoginMethod  UnsupportedLanguage
    │   └── SignInExpired
    ├── StatementError   the owner can send another file; nothing of this one is kept
    │   ├── NotPdf  PdfTooLarge  PdfNotReadable  PdfEncrypted  PdfIsScan
    │   ├── PdfLayoutNotSupported
    │   │   └── PdfLanguageNotSupported  PdfCompanyAccount
    │   └── PdfInconsistent  PdfVerificationFailed
    ├── BankError        the bank can act; trying again later may help
    │   ├── IO  ServiceMaintenance  ServiceTemporarilyUnavailable  SessionExpired
    │   └── BankChanged
    └── OperatorError    whoever runs Kontora can act
        ├── CommandInterrupted  BankCertificateRefused  LabelsFailed  Overloaded
        └── ConfigurationError  StoreUnavailable

Anything that is not in this tree is our bug: the command ends `fatal`, an alarm is raised.
Messages name the target, the step and the field; never a body, a person, a credential or a
whole account number.
"""

from __future__ import annotations

from kontora.errors.bank import (
    IO,
    BankChanged,
    BankError,
    ServiceMaintenance,
    ServiceTemporarilyUnavailable,
    SessionExpired,
)
from kontora.errors.client import (
    AlreadySignedIn,
    BodyTooLarge,
    ClientError,
    CommandNotAvailable,
    ConcurrentSessionsLimitExceed,
    DefaultImportAlreadyExecuted,
    IdempotencyConflict,
    InvalidArgument,
    InvalidBody,
    InvalidCommandId,
    InvalidCorrectionId,
    InvalidIban,
    InvalidMultipleAccessId,
    InvalidOwnerExternalId,
    InvalidParameter,
    InvalidSessionId,
    InvalidSessionIdSignature,
    InvalidSince,
    InvalidTarget,
    JobsQuotaExceeded,
    LabelCorrectionLimitExceeded,
    MalformedOwnerExternalId,
    MethodNotAllowed,
    MultipleAccessLimitExceeded,
    NoDataToCalculateScore,
    NotFound,
    NotSignedIn,
    OwnerDeleted,
    RateLimitExceeded,
    RequestTimeout,
    Unauthorized,
    UnsupportedMediaType,
)
from kontora.errors.failure import (
    KontoraError,
)
from kontora.errors.operator import (
    BankCertificateRefused,
    CommandInterrupted,
    ConfigurationError,
    LabelsFailed,
    OperatorError,
    Overloaded,
    StoreUnavailable,
)
from kontora.errors.owner import (
    AccessBlocked,
    AccessTemporarilyBlocked,
    InsufficientIdentificationLevel,
    InvalidCredentials,
    ManualActionRequired,
    OwnerError,
    SignInCancelled,
    SignInExpired,
    TargetCredentialsMismatch,
    UnsupportedLanguage,
    UnsupportedLoginMethod,
)
from kontora.errors.statement import (
    NotPdf,
    PdfCompanyAccount,
    PdfEncrypted,
    PdfInconsistent,
    PdfIsScan,
    PdfLanguageNotSupported,
    PdfLayoutNotSupported,
    PdfNotReadable,
    PdfTooLarge,
    PdfVerificationFailed,
    StatementError,
)

__all__ = [
    "IO",
    "AccessBlocked",
    "AccessTemporarilyBlocked",
    "AlreadySignedIn",
    "BankCertificateRefused",
    "BankChanged",
    "BankError",
    "BodyTooLarge",
    "ClientError",
    "CommandInterrupted",
    "CommandNotAvailable",
    "ConcurrentSessionsLimitExceed",
    "ConfigurationError",
    "DefaultImportAlreadyExecuted",
    "IdempotencyConflict",
    "InsufficientIdentificationLevel",
    "InvalidArgument",
    "InvalidBody",
    "InvalidCommandId",
    "InvalidCorrectionId",
    "InvalidCredentials",
    "InvalidIban",
    "InvalidMultipleAccessId",
    "InvalidOwnerExternalId",
    "InvalidParameter",
    "InvalidSessionId",
    "InvalidSessionIdSignature",
    "InvalidSince",
    "InvalidTarget",
    "JobsQuotaExceeded",
    "KontoraError",
    "LabelCorrectionLimitExceeded",
    "LabelsFailed",
    "MalformedOwnerExternalId",
    "ManualActionRequired",
    "MethodNotAllowed",
    "MultipleAccessLimitExceeded",
    "NoDataToCalculateScore",
    "NotFound",
    "NotPdf",
    "NotSignedIn",
    "OperatorError",
    "Overloaded",
    "OwnerDeleted",
    "OwnerError",
    "PdfCompanyAccount",
    "PdfEncrypted",
    "PdfInconsistent",
    "PdfIsScan",
    "PdfLanguageNotSupported",
    "PdfLayoutNotSupported",
    "PdfNotReadable",
    "PdfTooLarge",
    "PdfVerificationFailed",
    "RateLimitExceeded",
    "RequestTimeout",
    "ServiceMaintenance",
    "ServiceTemporarilyUnavailable",
    "SessionExpired",
    "SignInCancelled",
    "SignInExpired",
    "StatementError",
    "StoreUnavailable",
    "TargetCredentialsMismatch",
    "Unauthorized",
    "UnsupportedLanguage",
    "UnsupportedLoginMethod",
    "UnsupportedMediaType",
    "failures",
]


def failures() -> dict[str, type[KontoraError]]:
    """Return every failure that can stand on the wire, by its name, in the order of the tree."""
    branches = {
        KontoraError,
        ClientError,
        OwnerError,
        StatementError,
        BankError,
        OperatorError,
        MalformedOwnerExternalId,
        InvalidBody,
    }
    found: dict[str, type[KontoraError]] = {}

    def walk(failure: type[KontoraError]) -> None:
        if failure not in branches:
            found[failure.__name__] = failure
        for child in failure.__subclasses__():
            walk(child)

    walk(KontoraError)
    return found
