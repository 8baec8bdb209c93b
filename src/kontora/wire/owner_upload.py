"""From the body of an owner upload to imports: one for each bank that it names.

Source: wire.md, 8.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from kontora.errors import InvalidBody
from kontora.model import (
    Account,
    AccountOwner,
    CreditCard,
    Import,
    MoneyTransaction,
    Owner,
    OwnerKind,
    TransactionStatus,
)
from kontora.model.order import newest_first
from kontora.model.truths import violations
from kontora.wire.checked_objects import Complaint, converted
from kontora.wire.uploaded_parts import (
    UploadedAccount,
    UploadedAccountOwner,
    UploadedCreditCard,
    UploadedData,
    UploadedMoneyTransaction,
    UploadedOwner,
)

ORIGIN = "upload"
DEFAULT_TARGET = "Upload"
DEFAULT_COUNTRY = "pl"
MOST_MONEY_TRANSACTIONS = 50_000
MOST_WARNINGS = 1000
# Banks always tell these; a client need not. The order is made.
NOT_ASKED = frozenset(
    {("present", "booked_on"), ("present", "currency_balance"), ("newest_first", "transaction_on")}
)
_UNDERSCORE = re.compile(r"_([a-z])")
_PLACE = re.compile(r"\[([0-9]+)\]")


@dataclass(frozen=True)
class OwnerUpload:
    """An upload that can be kept. `warnings`: what does not hold of it, or is not kept, by path."""

    owner_external_id: str
    imports: tuple[Import, ...]
    warnings: tuple[Complaint, ...]


def read_upload(document: Any, *, at: datetime, institutions: Mapping[str, str]) -> OwnerUpload:
    """Read a parsed body. `at`: now. `institutions`: by target, of the targets that are known.

    Money transactions are put newest first. Raises: InvalidBody, with all that is wrong.
    """
    told = converted(document, UploadedData)
    wrong = [*(told if isinstance(told, tuple) else ()), *_wrong_together(document)]
    if wrong or isinstance(told, tuple):
        raise InvalidBody(*wrong)
    blocks = _blocks(told)
    # Banks keep the order of the body: imports are told apart and put in order by their time.
    imports = tuple(
        block.imported(told, target, institutions, at + timedelta(microseconds=place))
        for place, (target, block) in enumerate(blocks.items())
    )
    found = chain(
        _not_kept(told), *(_untrue(one, block) for one, block in zip(imports, blocks.values(), strict=True))
    )
    return OwnerUpload(told.owner_external_id, imports, _bounded(found))


def _bounded(found: Iterator[Complaint]) -> tuple[Complaint, ...]:
    warnings: list[Complaint] = []
    for place, one in enumerate(found):
        if place == MOST_WARNINGS:
            warnings.append(("", f"There are more than {MOST_WARNINGS} warnings; the rest is not listed."))
            break
        warnings.append(one)
    return tuple(warnings)


def _wrong_together(document: Any) -> Iterator[Complaint]:
    """Return what is wrong with parts that are sound by themselves, of whatever could be read."""
    if not isinstance(document, dict):
        return
    count = 0
    for name, key in (("accounts", "iban"), ("creditCards", "cardId")):
        parts = document.get(name)
        seen: dict[object, int] = {}
        for place, part in enumerate(parts if isinstance(parts, list) else ()):
            if not isinstance(part, dict):
                continue
            items = part.get("moneyTransactions")
            count += len(items) if isinstance(items, list) else 0
            if isinstance(part.get(key), str):
                number = _compact(part[key]) if key == "iban" else part[key]
                first = seen.setdefault((number, str(part.get("currencyName"))), place)
                if first != place:
                    yield (
                        f"{name}[{place}].{key}",
                        f"{name}[{first}] has it, too. Send one, with the money transactions of both.",
                    )
    if count > MOST_MONEY_TRANSACTIONS:
        yield (
            "",
            f"There are {count} money transactions, over {MOST_MONEY_TRANSACTIONS}. Send several uploads.",
        )
    if not any(document.get(name) for name in ("owners", "accounts", "creditCards")):
        yield "accounts", "There is nothing to keep: send accounts, creditCards or owners."


@dataclass
class _Block:
    """The accounts and cards of one target, with their places in the body."""

    accounts: list[tuple[int, UploadedAccount]] = field(default_factory=list)
    cards: list[tuple[int, UploadedCreditCard]] = field(default_factory=list)
    order: dict[tuple[str, int], list[int]] = field(default_factory=dict)

    def imported(
        self, told: UploadedData, target: str, institutions: Mapping[str, str], at: datetime
    ) -> Import:
        accounts = tuple(
            self._account(place, account) for place, account in enumerate(one for _, one in self.accounts)
        )
        cards = tuple(self._card(place, card) for place, card in enumerate(one for _, one in self.cards))
        return Import(
            target=target,
            institution=institutions.get(target, target),
            imported_at=at,
            owners=tuple(_owner(owner) for owner in told.owners or ()),
            accounts=accounts,
            credit_cards=cards or None,
            origin=ORIGIN,
            country=(told.country or DEFAULT_COUNTRY).lower(),
        )

    def _account(self, place: int, account: UploadedAccount) -> Account:
        return Account(
            name=account.name or "",
            iban=_compact(account.iban),
            currency_name=account.currency_name,
            currency_balance=account.currency_balance,
            currency_funds_available=account.currency_funds_available,
            friendly_name=account.friendly_name,
            active_since_at_least=account.active_since_at_least,
            direct_debit=account.direct_debit,
            money_transactions=self._sorted("accounts", place, account.money_transactions or ()),
            owners=tuple(_account_owner(owner) for owner in account.owners or ()),
            partial_due_to_timeout=bool(account.partial_due_to_timeout),
        )

    def _card(self, place: int, card: UploadedCreditCard) -> CreditCard:
        return CreditCard(
            name=card.name or "",
            card_id=card.card_id,
            currency_name=card.currency_name,
            iban=None if card.iban is None else _compact(card.iban),
            number=card.number,
            currency_balance=card.currency_balance,
            currency_funds_available=card.currency_funds_available,
            owners=tuple(_account_owner(owner) for owner in card.owners or ()),
            limit=card.limit,
            interest=card.interest,
            due_date=card.due_date,
            money_transactions=self._sorted("credit_cards", place, card.money_transactions or ()),
            partial_due_to_timeout=bool(card.partial_due_to_timeout),
        )

    def _sorted(
        self, kind: str, place: int, items: tuple[UploadedMoneyTransaction, ...]
    ) -> tuple[MoneyTransaction, ...]:
        """Put them newest first, and note where each stood."""
        made = [_money_transaction(item) for item in items]
        stood = {id(item): number for number, item in enumerate(made)}
        found = newest_first(made)
        self.order[kind, place] = [stood[id(item)] for item in found]
        return found

    def path(self, path: str) -> str:
        """Return the path in the body of a path in the import."""
        kind, _, _ = path.partition("[")
        places = [int(number) for number in _PLACE.findall(path)]
        if kind in {"accounts", "credit_cards"} and places:
            sources = self.accounts if kind == "accounts" else self.cards
            told = [sources[places[0]][0]]
            if len(places) > 1:
                told.append(self.order[kind, places[0]][places[1]])
            numbers = iter(told)
            path = _PLACE.sub(lambda found: f"[{next(numbers)}]", path)
        return _UNDERSCORE.sub(lambda found: found[1].upper(), path)


def _blocks(told: UploadedData) -> dict[str, _Block]:
    blocks: dict[str, _Block] = {}
    for place, account in enumerate(told.accounts or ()):
        blocks.setdefault(account.target or DEFAULT_TARGET, _Block()).accounts.append((place, account))
    for place, card in enumerate(told.credit_cards or ()):
        blocks.setdefault(card.target or DEFAULT_TARGET, _Block()).cards.append((place, card))
    return blocks or {DEFAULT_TARGET: _Block()}


def _untrue(imported: Import, block: _Block) -> Iterator[Complaint]:
    for one in violations(imported):
        if (one.rule, one.path.rpartition(".")[2]) not in NOT_ASKED:
            yield block.path(one.path), one.message


def _not_kept(told: UploadedData) -> Iterator[Complaint]:
    """Tell of labels and vendors, once: there may be thousands."""
    sources = [("accounts", place, one.money_transactions) for place, one in enumerate(told.accounts or ())]
    sources += [
        ("creditCards", place, one.money_transactions) for place, one in enumerate(told.credit_cards or ())
    ]
    for name in ("labels", "vendors"):
        paths = [
            f"{kind}[{place}].moneyTransactions[{number}].{name}"
            for kind, place, items in sources
            for number, item in enumerate(items or ())
            if getattr(item, name)
        ]
        if paths:
            more = f" The same holds for {len(paths) - 1} more." if len(paths) > 1 else ""
            yield paths[0], f"{name.title()} are made anew whenever data is read; yours are not kept.{more}"


def _owner(owner: UploadedOwner) -> Owner:
    return Owner(
        name=owner.name,
        kind=owner.kind or OwnerKind.OWNER,
        address=owner.address,
        polish_pesel=owner.polish_pesel,
        polish_nip=owner.polish_nip,
        polish_regon=owner.polish_regon,
        phone=owner.phone,
        email=owner.email,
        citizenship=owner.citizenship,
        nationality=owner.nationality,
        personal_document_type=owner.personal_document_type,
        personal_document_number=owner.personal_document_number,
        birth_date=owner.birth_date,
        birth_place=owner.birth_place,
    )


def _account_owner(owner: UploadedAccountOwner) -> AccountOwner:
    return AccountOwner(owner.name, owner.address, owner.kind)


def _money_transaction(item: UploadedMoneyTransaction) -> MoneyTransaction:
    return MoneyTransaction(
        transaction_on=item.transaction_on,
        currency_amount=item.currency_amount,
        status=item.status or TransactionStatus.DONE,
        booked_on=item.booked_on,
        currency_balance=item.currency_balance,
        title=item.title or None,
        party=item.party or None,
        party_iban=None if not item.party_iban else _compact(item.party_iban),
        kind=item.kind or None,
        variable_symbol=item.variable_symbol or None,
        constant_symbol=item.constant_symbol or None,
        specific_symbol=item.specific_symbol or None,
        mcc=item.mcc,
    )


def _compact(number: str) -> str:
    return number.replace(" ", "").upper()
