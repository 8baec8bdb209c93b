"""The neutral model of what a bank tells of an owner, and what must hold of it."""

from kontora.model.imports import (
    Account,
    AccountOwner,
    CreditCard,
    Import,
    MoneyTransaction,
    Owner,
    OwnerKind,
    TransactionStatus,
    Vendor,
)

__all__ = [
    "Account",
    "AccountOwner",
    "CreditCard",
    "Import",
    "MoneyTransaction",
    "Owner",
    "OwnerKind",
    "TransactionStatus",
    "Vendor",
]
