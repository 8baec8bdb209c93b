"""What the text of a row means: kind, party, the party's account, title."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from kontora.statements.forms.amounts import Amount, AmountForm, read_stated_amount
from kontora.statements.forms.patterns import compiled
from kontora.statements.layout_table import Description, KindAt, TextName
from kontora.statements.rows.marks import fold, label_pattern

_LABELS = ("party", "party_iban", "title", "reference", "dropped", "after_party")
_POLISH = re.compile(r"(?:PL ?)?((?:[0-9] ?){25}[0-9])(?![0-9])")
_FOREIGN = re.compile(r"([A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?)(?![A-Z0-9])")


class Meaning(NamedTuple):
    """What a description says; what it does not is `None`."""

    kind: str | None
    party: str | None
    party_iban: str | None
    title: str | None
    reference: str | None
    amount_in_text: Amount | None


def meaning_of(texts: dict[str, list[str]], form: Description, amounts: AmountForm) -> Meaning:
    """Take the texts of a row apart, by column and by label."""
    parts = _Parts(form)
    parts.take(texts.get(TextName.DESCRIPTION, []))
    kind, party, title, reference = (
        parts.joined(name, [line for line in texts.get(name, ()) if line])
        for name in (TextName.KIND, TextName.PARTY, TextName.TITLE, TextName.REFERENCE)
    )
    whole = " ".join(line for lines in texts.values() for line in lines if line)
    return Meaning(kind, party, parts.party_iban, title, reference, _amount(whole, form, amounts))


def account_in(text: str) -> tuple[str, str] | None:
    """Read the account number that a text begins with; return it without spaces, and what follows.

    A Polish number comes as `PL` and 26 digits; a foreign IBAN as it is.
    """
    found = _POLISH.match(text)
    if found is not None:
        return "PL" + found[1].replace(" ", ""), text[found.end() :].strip()
    found = _FOREIGN.match(text)
    if found is not None:
        return found[1].replace(" ", ""), text[found.end() :].strip()
    return None


class _Parts:
    """Texts by what they are."""

    def __init__(self, form: Description) -> None:
        self.form = form
        self.found: dict[str, list[str]] = {}
        self.party_iban: str | None = None

    def joined(self, name: str, more: list[str]) -> str | None:
        return " ".join([*self.found.get(name, ()), *more]).strip() or None

    def add(self, name: str, text: str) -> None:
        if text:
            self.found.setdefault(name, []).append(text)

    def take(self, lines: list[str]) -> None:
        form = self.form
        if form.kind is KindAt.FIRST_LINES:
            self.add(TextName.KIND, " ".join(line for line in lines[: form.kind_lines] if line))
            lines = lines[form.kind_lines :]
        elif form.kind is KindAt.LAST_LINE and len(lines) > 1:
            self.add(TextName.KIND, lines[-1])
            lines = lines[:-1]
        # A line end is one character, as a space is: places in the folded text are places in the text.
        text = "\n".join([line for line in lines if line])
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

    def _labelled(self, text: str, folded: str, begin: int) -> None:
        labels, names = _all_labels(self.form)
        pattern = label_pattern(labels)
        hits = list(pattern.finditer(folded, begin)) if pattern else []
        found = [names[int((hit.lastgroup or "label_0").removeprefix("label_"))] for hit in hits]
        is_party = found[:1] == ["after_party"]
        self._unlabelled(text[begin : hits[0].start() if hits else len(text)], is_party=is_party)
        for place, (name, hit) in enumerate(zip(found, hits, strict=True)):
            end = hits[place + 1].start() if place + 1 < len(hits) else len(text)
            self._value(name, _flat(text[hit.end() : end]).lstrip(": "))

    def _value(self, name: str, value: str) -> None:
        if name == "party_iban":
            account = account_in(value)
            if account is not None:
                self.party_iban = self.party_iban or account[0]
                self.add(self.form.rest, account[1])
        elif name not in {"dropped", "after_party"}:
            self.add(name, value)

    def _unlabelled(self, text: str, *, is_party: bool) -> None:
        """Take what stands before the first label: party, account, title, where an account divides them."""
        lines = [line for line in text.strip().split("\n") if line.strip()]
        if self.form.account_splits:
            for place, line in enumerate(lines):
                account = account_in(line)
                if account is not None and not account[1]:
                    self.party_iban = account[0]
                    self.add(TextName.PARTY, _flat(" ".join(lines[:place])))
                    self.add(TextName.TITLE, _flat(" ".join(lines[place + 1 :])))
                    return
        rest = _flat(" ".join(lines))
        if self.form.party_pattern is not None:
            found = compiled(self.form.party_pattern).search(rest)
            if found is not None:
                self.add(TextName.PARTY, found[1].strip())
                return
        self.add(TextName.PARTY if is_party else self.form.rest, rest)


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
    pattern = label_pattern(kinds)
    assert pattern is not None
    return re.compile(pattern.pattern + "(?![a-z])")
