"""What the text of a row means: kind, party, the party's account, title."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from kontora.statements.forms.amounts import Amount, AmountForm, read_stated_amount
from kontora.statements.forms.dates import read_date
from kontora.statements.forms.patterns import compiled
from kontora.statements.layout import Layout
from kontora.statements.layout_table import AccountLine, Description, KindAt, TextName
from kontora.statements.rows.accounts import account_at_start, account_line, account_within
from kontora.statements.rows.marks import fold, label_pattern

_LABELS = ("party", "sender", "recipient", "party_iban", "title", "reference", "dropped", "after_party")
# `28 wrz 2026`, and what may follow without a space.
MAX_DATE_LENGTH = 14


class Meaning(NamedTuple):
    """What a description says; what it does not is `None`."""

    kind: str | None
    party: str | None
    party_iban: str | None
    title: str | None
    reference: str | None
    transaction_on: date | None
    amount_in_text: Amount | None


def meaning_of(texts: dict[str, list[str]], layout: Layout, own: str, *, is_debit: bool) -> Meaning:
    """Take the texts of a row apart, by column and by label. `own`: the account's own number."""
    assert layout.description is not None
    form = layout.description
    parts = _Parts(layout, form, own)
    parts.take(texts.get(TextName.DESCRIPTION, []), has_reference=TextName.REFERENCE in texts)
    parts.take_details(texts.get(TextName.DETAILS, []))
    parts.take_party(texts.get(TextName.PARTY, []))
    parts.found.setdefault(TextName.PARTY, parts.found.get("recipient" if is_debit else "sender", []))
    kind, party, title, reference = (
        parts.joined(name, texts.get(name, ()) if name is not TextName.PARTY else ())
        for name in (TextName.KIND, TextName.PARTY, TextName.TITLE, TextName.REFERENCE)
    )
    whole = " ".join(line for lines in texts.values() for line in lines if line)
    return Meaning(
        kind,
        party,
        parts.party_iban,
        title,
        reference,
        parts.transaction_on,
        _amount(whole, form, layout.amounts),
    )


class _Parts:
    """Texts by what they are."""

    def __init__(self, layout: Layout, form: Description, own: str) -> None:
        self.layout = layout
        self.form = form
        self.own = own
        self.found: dict[str, list[str]] = {}
        self.party_iban: str | None = None
        self.transaction_on: date | None = None

    def joined(self, name: str, more: Iterable[str]) -> str | None:
        return " ".join([line for line in (*self.found.get(name, ()), *more) if line]).strip() or None

    def add(self, name: str, text: str) -> None:
        if text:
            self.found.setdefault(name, []).append(text)

    def take(self, lines: list[str], *, has_reference: bool) -> None:
        form = self.form
        if form.kind is KindAt.FIRST_LINES and not self._begins_with_label(lines):
            self.add(TextName.KIND, " ".join(line for line in lines[: form.kind_lines] if line))
            lines = lines[form.kind_lines :]
        elif form.kind is KindAt.LAST_LINE and len(lines) > 1:
            self.add(TextName.KIND, lines[-1])
            lines = lines[:-1]
        # A line end is one character, as a space is: places in the folded text are places in the text.
        text = self._without_facts("\n".join([line for line in lines if line]), has_reference=has_reference)
        if not text:
            return
        folded = fold(text)
        begin = 0
        if form.kind is KindAt.KNOWN:
            known = _known(form.kinds).match(folded)
            if known is not None:
                begin = known.end()
                self.add(TextName.KIND, _flat(text[:begin]))
        self._labelled(text, folded, begin)

    def _begins_with_label(self, lines: list[str]) -> bool:
        """Say whether a description has no kind: where it would stand, the first label does."""
        labels, _ = _all_labels(self.form)
        return bool(lines) and label_pattern(labels).match(fold(lines[0])) is not None

    def _without_facts(self, text: str, *, has_reference: bool) -> str:
        """Take a date with its label and the bank's reference out of a description."""
        label = self.form.transaction_on
        found = label_pattern((label,)).search(fold(text)) if label is not None else None
        if found is not None:
            rest = text[found.end() :].lstrip(": \n")
            read = read_date(rest[:MAX_DATE_LENGTH], self.layout.dates)
            if read is not None:
                self.transaction_on = read.day
                text = f"{text[: found.start()].rstrip(' ')}{rest[read.end :]}"
        if self.layout.reference is None or has_reference:
            return text
        for word in text.split():
            if compiled(self.layout.reference).fullmatch(word):
                self.found.setdefault(TextName.REFERENCE, [word])
                text = text.replace(word, "", 1)
                break
        return "\n".join([line.strip() for line in text.split("\n") if line.strip()])

    def _labelled(self, text: str, folded: str, begin: int) -> None:
        labels, names = _all_labels(self.form)
        pattern = label_pattern(labels)
        hits = list(pattern.finditer(folded, begin))
        found = [names[int((hit.lastgroup or "label_0").removeprefix("label_"))] for hit in hits]
        is_party = found[:1] == ["after_party"]
        self._unlabelled(text[begin : hits[0].start() if hits else len(text)], is_party=is_party)
        for place, (name, hit) in enumerate(zip(found, hits, strict=True)):
            end = hits[place + 1].start() if place + 1 < len(hits) else len(text)
            self._value(name, _flat(text[hit.end() : end]).lstrip(": "))

    def take_details(self, lines: list[str]) -> None:
        """Take the kind and the reference from lines that hold other things, too."""
        reference = self.layout.reference
        for line in lines:
            for word in line.split():
                if reference is not None and compiled(reference).fullmatch(word):
                    self.found.setdefault(TextName.REFERENCE, [word])
            known = _known(self.form.kinds).match(fold(line)) if self.form.kinds else None
            if known is not None:
                self.found.setdefault(TextName.KIND, [line[: known.end()]])

    def take_party(self, lines: list[str]) -> None:
        """Take a column that holds a party, perhaps after a label and with an account number after it."""
        text = "\n".join([line for line in lines if line])
        pattern = label_pattern(self.form.party)
        label = pattern.match(fold(text))
        text = text[label.end() :].lstrip(": \n") if label else text
        account = account_within(text)
        if account is not None:
            self._account(account.number)
            text = text[: account.begin]
        self.add(TextName.PARTY, _flat(text))

    def _value(self, name: str, value: str) -> None:
        if name == "party_iban":
            account = account_at_start(value)
            if account is not None:
                self._account(account.number)
                self.add(self.form.rest, value[account.end :].strip())
        elif name not in {"dropped", "after_party"}:
            self.add(name, value)

    def _account(self, number: str) -> None:
        if number != self.own and self.party_iban is None:
            self.party_iban = number

    def _unlabelled(self, text: str, *, is_party: bool) -> None:
        """Take what stands before the first label, by the account number or the pattern that divides it."""
        if self.form.account_line is not None:
            is_last = self.form.account_line is AccountLine.AFTER_PARTY
            account = account_line(text) if is_last else account_within(text)
            if account is not None:
                self._account(account.number)
                self._around(text[: account.begin].strip(), text[account.end :].strip())
                return
        rest = _flat(text)
        if self.form.party_pattern is not None:
            found = compiled(self.form.party_pattern).search(rest)
            if found is not None:
                self.add(TextName.PARTY, found[1].strip())
                return
        self.add(TextName.PARTY if is_party else self.form.rest, rest)

    def _around(self, before: str, after: str) -> None:
        """Take what stands before and after an account number without a label."""
        match self.form.account_line:
            case AccountLine.AFTER_PARTY:
                party, title = before, after
            case AccountLine.BEFORE_PARTY:
                party, title = after, before
            case _:
                party, _, rest = after.partition("\n")
                title = f"{before} {rest}"
        self.add(TextName.PARTY, _flat(party))
        self.add(TextName.TITLE, _flat(title))


def _flat(text: str) -> str:
    return text.replace("\n", " ").strip()


def _amount(whole: str, form: Description, amounts: AmountForm) -> Amount | None:
    found = compiled(form.amount_in_text).search(whole) if form.amount_in_text is not None else None
    return read_stated_amount(found[1], amounts) if found else None


@lru_cache(maxsize=128)
def _all_labels(form: Description) -> tuple[tuple[str, ...], tuple[str, ...]]:
    pairs = [(label, name) for name in _LABELS for label in getattr(form, name)]
    return tuple(label for label, _ in pairs), tuple(name for _, name in pairs)


@lru_cache(maxsize=128)
def _known(kinds: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(label_pattern(kinds).pattern + "(?![a-z])")
