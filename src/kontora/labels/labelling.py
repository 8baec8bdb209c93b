"""Labelling: an import goes in, the same import with labels and their reasons comes out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import msgspec

from kontora.labels import sequences
from kontora.labels.brands import brand_rules, brand_vendors
from kontora.labels.companies import company_names, company_rules
from kontora.labels.corrections import Correction, Corrections
from kontora.labels.dictionary import Dictionary
from kontora.labels.model import NO_MODEL, LabelModel, load_model
from kontora.labels.normalising import name_key, plain, words_of
from kontora.labels.persons import begins_with_a_person, first_names, is_person, named_behind, person_name
from kontora.labels.reasons import Reason, Stage
from kontora.labels.resolving import BETWEEN_PEOPLE, finish, give_labels, note_facts
from kontora.labels.row import Row
from kontora.labels.rules import COUNTRIES, Fact, rules_of
from kontora.labels.tables import Number, PublicPayers, numbers
from kontora.labels.taxonomy import BY_NAME, Category, in_order
from kontora.labels.vendors import vendor_names
from kontora.model import Account, CreditCard, Import, MoneyTransaction, Vendor

PERSON_TRANSFER = "person transfer"
SHORTEST_SURNAME = 3
FEWEST_SURNAME_FIRST = 3
VENDOR_COUNTRIES = ("pl", "es")
"""Where the companies behind labels are told. Source: wire.md, 9.4."""
_NOT_BETWEEN_PEOPLE = frozenset({Fact.CARD, Fact.CASH, Fact.BUSINESS, Fact.DIRECT_DEBIT})
_SENT = frozenset({Fact.TRANSFER, Fact.PHONE})
_CONTENT = frozenset(
    {name for name, label in BY_NAME.items() if label.category is not Category.TECHNICAL}
    | {"own transfer", "savings", "refund", "chargeback", "interest income", "fee"}
)
Source = TypeVar("Source", Account, CreditCard)


@dataclass(frozen=True)
class Labelled:
    """An import with its labels. `reasons`: by account or card, then by money transaction, as in the import;
    cards come after accounts."""

    imported: Import
    reasons: tuple[tuple[tuple[Reason, ...], ...], ...]


@dataclass(frozen=True)
class Knowledge:
    """What is known of a country: its dictionary, public payers, first names, and the model for the rest."""

    dictionary: Dictionary
    numbers: tuple[Number, ...] = ()
    first_names: frozenset[str] = frozenset()
    model: LabelModel = NO_MODEL


@cache
def knowledge_of(country: str) -> Knowledge:
    """Load what is known of a country, once.

    Raises: ValueError, for a country without rules; RulesBroken.
    """
    if country not in COUNTRIES:
        raise ValueError(f"there are no labels for {country}")
    rules = (*rules_of(country), *company_rules(country), *brand_rules(country))
    vendors = {**brand_vendors(country), **company_names(country)}
    dictionary = Dictionary(rules, vendors, vendor_names(country))
    return Knowledge(dictionary, numbers(), first_names(country), load_model(country))


class Labeller:
    """Labels imports of one country. `corrections`: what a client has said of its own data."""

    def __init__(self, knowledge: Knowledge, corrections: Iterable[Correction] = ()) -> None:
        self._knowledge = knowledge
        self._payers = PublicPayers(knowledge.numbers)
        self._corrections = Corrections(corrections)

    def label(self, imported: Import) -> Labelled:
        """Label every money transaction; labels that are there already are made anew, and so are vendors."""
        sources: list[Account | CreditCard] = [*imported.accounts, *(imported.credit_cards or ())]
        parties: dict[str, str] = {}
        rows = [
            [self._row(number, place, item, parties) for place, item in enumerate(source.money_transactions)]
            for number, source in enumerate(sources)
        ]
        own = frozenset(one for source in sources if (one := _number(source.iban)) is not None)
        everybody = tuple(plain(owner.name) for owner in imported.owners)
        for source, series in zip(sources, rows, strict=True):
            owners = everybody or tuple(plain(owner.name) for owner in source.owners)
            self._label_series(series, own, owners)
        told = tuple(tuple(_sorted(row) for row in series) for series in rows)
        vendors = imported.country in VENDOR_COUNTRIES
        accounts = tuple(
            _labelled(source, series, vendors)
            for source, series in zip(imported.accounts, told, strict=False)
        )
        cards = imported.credit_cards
        if cards is not None:
            cards = tuple(
                _labelled(card, series, vendors)
                for card, series in zip(cards, told[len(accounts) :], strict=True)
            )
        return Labelled(msgspec.structs.replace(imported, accounts=accounts, credit_cards=cards), told)

    def _row(self, account: int, place: int, item: MoneyTransaction, parties: dict[str, str]) -> Row:
        words = words_of(item.kind, item.party, item.title, parties)
        iban = _number(item.party_iban) if item.party_iban else None
        return Row(
            account,
            place,
            item.transaction_on,
            int(item.currency_amount * 100),
            words,
            item.mcc,
            iban,
            iban or name_key(words.party) or None,
        )

    def _label_series(self, rows: list[Row], own: frozenset[str], owners: Sequence[str]) -> None:
        known, open_rows = self._knowledge, []
        persons: dict[str, bool] = {}
        for row in rows:
            if row.mcc is not None:
                row.facts.add(Fact.CARD)
            row.hits, seen = known.dictionary.look_up(row.words, is_credit=row.is_credit)
            if row.hits:
                note_facts(row, seen)
            if Fact.BUSINESS in row.facts and _has_a_trade_for_surname(row, known.first_names):
                row.facts.discard(Fact.BUSINESS)
            if _NOT_BETWEEN_PEOPLE.isdisjoint(row.facts) and _is_with_a_person(
                row, known.first_names, persons
            ):
                row.facts.add(Fact.PERSON)
            give_labels(row, seen, self._payers)
            if not _has_content(row):
                open_rows.append(row)
        sequences.own_transfers(rows, own, owners)
        known.model.label(
            [row for row in open_rows if Fact.PERSON not in row.facts and not _has_content(row)]
        )
        for row in rows:
            _between_people(row)
        for find in sequences.SERIES:
            find(rows)
        for row in rows:
            finish(row)
            self._corrections.apply(row)
        sequences.monthly(rows)


def _is_with_a_person(row: Row, names: frozenset[str], persons: dict[str, bool]) -> bool:
    """Tell whether the other side is a person: the party, or who the title names where there is none.

    `persons`: remembers who is one, for parties come again and again.
    """
    party = row.words.party
    if party:
        found = persons.get(party)
        if found is None:
            found = persons[party] = is_person(party, names)
        return found and not _is_a_company(row)
    row.named = _named_in_title(row)
    return begins_with_a_person(row.named, names)


def _has_a_trade_for_surname(row: Row, names: frozenset[str]) -> bool:
    """Tell whether all that says business is a surname of a person: "Jan Bank", "Ana Taller Gil".

    The last of two surnames is none: "Ana Gil Taller" is a workshop, as "Jan Bank sp. k." is a company. Who
    is paid by telephone may stand with the surname first: "Gil Taller Ana".
    """
    name = person_name(row.words.party)
    if len(name) > 1 and name[0] in names:
        surnames = name[1 : max(2, len(name) - 1)]
    elif Fact.PHONE in row.facts and len(name) >= FEWEST_SURNAME_FIRST and name[-1] in names:
        surnames = name[1:-1]
    else:
        return False
    # A phrase may be open at its end ("LOTERIA*"): it is the beginning of the word.
    trades = {hit.phrase for hit in row.hits if hit.rule.fact is Fact.BUSINESS}
    return all(
        any(len(word) >= SHORTEST_SURNAME and word.startswith(trade) for word in surnames) for trade in trades
    )


def _is_a_company(row: Row) -> bool:
    """Tell whether a person's name is a company's: "WILLIAM HILL", "JEAN LOUIS DAVID"."""
    begin = row.words.party_at + 1
    return any(hit.begin == begin and hit.vendor is not None and " " in hit.phrase for hit in row.hits)


def _named_in_title(row: Row) -> str:
    """Return who a title names that begins with the bank's word for a transfer: "TRF P/ MARTA REIS"."""
    words = row.words
    ends = [hit.end for hit in row.hits if hit.rule.fact in _SENT and hit.begin == words.title_at + 1]
    # A phrase may be open at its end ("TRF IMED*"): the name begins behind the whole word.
    return named_behind(words.text[words.text.index(" ", max(ends)) : words.title_end]) if ends else ""


def _between_people(row: Row) -> None:
    """Label money between people, where nothing says that it is business."""
    if BETWEEN_PEOPLE.isdisjoint(row.facts):
        return
    if Fact.PRIVATE_REFUND in row.facts and Fact.PHONE not in row.facts:
        return
    if _NOT_BETWEEN_PEOPLE.isdisjoint(row.facts) and not _has_content(row):
        row.give(
            Reason(
                PERSON_TRANSFER, Stage.DICTIONARY, "a person on the other side", row.words.party or row.named
            )
        )


def _has_content(row: Row) -> bool:
    """Tell whether some label says what the money was for, or that it is the owner's own."""
    return not _CONTENT.isdisjoint(row.reasons)


def _labelled(source: Source, told: Sequence[tuple[Reason, ...]], with_vendors: bool) -> Source:
    items = tuple(
        msgspec.structs.replace(
            item,
            labels=tuple([reason.label for reason in reasons]),
            vendors=_vendors(reasons) if with_vendors else (),
        )
        for item, reasons in zip(source.money_transactions, told, strict=True)
    )
    return msgspec.structs.replace(source, money_transactions=items)


def _vendors(reasons: Iterable[Reason]) -> tuple[Vendor, ...]:
    """Return the companies behind the labels, in the order of labels."""
    return tuple([Vendor(one.label, one.vendor) for one in reasons if one.vendor is not None])


def _sorted(row: Row) -> tuple[Reason, ...]:
    return tuple([row.reasons[name] for name in in_order(frozenset(row.reasons))])


def _number(iban: str | None) -> str | None:
    """Return an account number as it is compared: no spaces; Polish ones with their country."""
    if not iban:
        return None
    plain_number = iban.replace(" ", "").upper()
    return f"PL{plain_number}" if plain_number.isdigit() and len(plain_number) == 26 else plain_number
