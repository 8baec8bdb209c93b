"""The types of a layout of confirmations: labels and values of one money transaction, no table."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from kontora.statements.forms.patterns import check_labels
from kontora.statements.layout_fields import FieldForm


class Sign(StrEnum):
    """Whether money came or went.

    `printed`: the amount's sign tells. `debit`: such documents are of payments made, but for `credit_kinds`.
    `kind`: the kind tells, by `debit_kinds` and `credit_kinds`; an unknown one is refused.
    """

    PRINTED = "printed"
    DEBIT = "debit"
    KIND = "kind"


class GeneratedBy(StrEnum):
    """Who made the document."""

    BANK = "BANK"
    OWNER = "OWNER"


class ConfirmationFields(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The facts of a confirmation. `None`: the layout does not print it."""

    amount: FieldForm
    transaction_on: FieldForm
    booked_on: FieldForm | None = None
    issued_on: FieldForm | None = None
    status: FieldForm | None = None
    title: FieldForm | None = None
    kind: FieldForm | None = None
    reference: FieldForm | None = None
    currency: FieldForm | None = None
    sender_name: FieldForm | None = None
    sender_iban: FieldForm | None = None
    sender_address: FieldForm | None = None
    recipient_name: FieldForm | None = None
    recipient_iban: FieldForm | None = None
    recipient_address: FieldForm | None = None
    other_labels: tuple[str, ...] = ()


class ConfirmationForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How confirmations look. `starts`: titles, each begins a confirmation; one file may hold several.

    `title_is_kind`: the title says the kind. `booked`, `unbooked`: what the status says of booking; with
    neither, `booked_on` tells, where it is printed, else nobody can. `currency`: where amounts have none.
    """

    starts: tuple[str, ...]
    sign: Sign
    fields: ConfirmationFields
    debit_kinds: tuple[str, ...] = ()
    credit_kinds: tuple[str, ...] = ()
    booked: tuple[str, ...] = ()
    unbooked: tuple[str, ...] = ()
    generated_by: GeneratedBy | None = None
    title_is_kind: bool = False
    currency: str | None = None

    def __post_init__(self) -> None:
        if not self.starts:
            raise ValueError("a confirmation begins with a title")
        check_labels(self.starts, self.debit_kinds, self.credit_kinds, self.booked, self.unbooked)
        check_labels(self.fields.other_labels)
        if self.sign is Sign.PRINTED and (self.debit_kinds or self.credit_kinds):
            raise ValueError("the sign is printed, kinds do not tell it")
        if (self.sign is Sign.KIND) != bool(self.debit_kinds):
            raise ValueError("where the kind tells the sign, kinds are listed, and nowhere else")
        if bool(self.booked or self.unbooked) != (self.fields.status is not None):
            raise ValueError("the words of a status need the field, and the field needs the words")
