"""What an owner upload may hold, part by part: the description that it is checked against.

Source: wire.md, 8.2.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

import msgspec

from kontora.model import OwnerKind, TransactionStatus

# Checked where all external ids are; here it is only told.
_ExternalId = Annotated[str, msgspec.Meta(extra_json_schema={"minLength": 1, "maxLength": 200})]
_Text = Annotated[str, msgspec.Meta(max_length=2000)]
_Name = Annotated[str, msgspec.Meta(max_length=500)]
_Label = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]
_Number = Annotated[
    str,
    msgspec.Meta(
        max_length=64,
        pattern="^[0-9A-Za-z][0-9A-Za-z /-]*$",
        description="An IBAN, or the bank's own number.",
    ),
]
_CardNumber = Annotated[
    str,
    msgspec.Meta(
        max_length=40,
        pattern="^(?!.*(?:[0-9][ -]?){13})",
        description="The number of a card with its middle masked: 425125******1111.",
    ),
]
_Currency = Annotated[
    str,
    msgspec.Meta(pattern="^(?!XXX)[A-Z]{3}$", description="A currency: three capital letters, such as PLN."),
]
_Country = Annotated[
    str, msgspec.Meta(pattern="^[A-Za-z]{2}$", description="A country: two letters, such as pl.")
]
_Mcc = Annotated[
    str, msgspec.Meta(pattern="^[0-9]{4}$", description="A merchant category code: text of four digits.")
]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    pass


class UploadedOwner(_Part, frozen=True):
    """A person or company."""

    name: _Label
    address: _Name | None = None
    kind: OwnerKind | None = None
    polish_pesel: _Name | None = None
    polish_nip: _Name | None = None
    polish_regon: _Name | None = None
    phone: _Name | None = None
    email: _Name | None = None
    citizenship: _Name | None = None
    nationality: _Name | None = None
    personal_document_type: _Name | None = None
    personal_document_number: _CardNumber | None = None
    birth_date: date | None = None
    birth_place: _Name | None = None


class UploadedAccountOwner(_Part, frozen=True):
    """An owner as written on an account or card."""

    name: _Label
    address: _Name | None = None
    kind: OwnerKind | None = None


class UploadedVendor(_Part, frozen=True):
    """As replies carry it; made anew, and not kept."""

    label: _Name
    name: _Name


class UploadedMoneyTransaction(_Part, frozen=True):
    """A money transaction. Labels and vendors are made anew, and not kept."""

    transaction_on: date
    currency_amount: Decimal
    booked_on: date | None = None
    currency_balance: Decimal | None = None
    title: _Text | None = None
    party: _Text | None = None
    party_iban: _Name | None = None
    kind: _Text | None = None
    status: TransactionStatus | None = None
    variable_symbol: _Name | None = None
    constant_symbol: _Name | None = None
    specific_symbol: _Name | None = None
    mcc: _Mcc | None = None
    labels: tuple[_Name, ...] | None = None
    vendors: tuple[UploadedVendor, ...] | None = None


class UploadedAccount(_Part, frozen=True):
    """An account."""

    iban: _Number
    currency_name: _Currency
    name: _Name | None = None
    friendly_name: _Name | None = None
    currency_balance: Decimal | None = None
    currency_funds_available: Decimal | None = None
    active_since_at_least: date | None = None
    direct_debit: bool | None = None
    partial_due_to_timeout: bool | None = None
    owners: tuple[UploadedAccountOwner, ...] | None = None
    money_transactions: tuple[UploadedMoneyTransaction, ...] | None = None
    target: _Label | None = None


class UploadedCreditCard(_Part, frozen=True):
    """A credit card. A negative balance is debt; the number is masked."""

    card_id: _Label
    currency_name: _Currency
    name: _Name | None = None
    iban: _Number | None = None
    number: _CardNumber | None = None
    currency_balance: Decimal | None = None
    currency_funds_available: Decimal | None = None
    limit: Decimal | None = None
    interest: Decimal | None = None
    due_date: date | None = None
    partial_due_to_timeout: bool | None = None
    owners: tuple[UploadedAccountOwner, ...] | None = None
    money_transactions: tuple[UploadedMoneyTransaction, ...] | None = None
    target: _Label | None = None


class UploadedData(_Part, frozen=True):
    """All that a request brings of an owner."""

    owner_external_id: _ExternalId
    country: _Country | None = None
    owners: Annotated[tuple[UploadedOwner, ...], msgspec.Meta(max_length=100)] | None = None
    accounts: Annotated[tuple[UploadedAccount, ...], msgspec.Meta(max_length=500)] | None = None
    credit_cards: Annotated[tuple[UploadedCreditCard, ...], msgspec.Meta(max_length=500)] | None = None
