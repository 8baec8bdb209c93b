"""The dictionary of a country: every phrase of its rules in one automaton, read in a single pass."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf
from types import MappingProxyType

import ahocorasick
import msgspec

from kontora.labels.companies import TABLE
from kontora.labels.normalising import Words, plain
from kontora.labels.reasons import Stage
from kontora.labels.rules import Fact, Field, Rule
from kontora.labels.taxonomy import BY_NAME, Category, Sign
from kontora.labels.vendors import NO_NAMES, VendorNames

KIND, PARTY, TITLE = 1, 2, 4
SHORTEST_CUT = 5
MOST_KINDS = 2_000
MANY_HITS = 100
MERCHANT = frozenset({Category.LIFESTYLE.value, Category.LIVING.value})
_BITS = {Field.KIND: KIND, Field.PARTY: PARTY, Field.TITLE: TITLE}


class Hit(msgspec.Struct, frozen=True, gc=False):
    """A rule's phrase in the words. `begin`, `end`: in `Words.text`, without the spaces around it.

    `vendor`: the company that the phrase names.
    """

    rule: CompiledRule
    begin: int
    end: int
    phrase: str
    vendor: str | None

    @property
    def length(self) -> int:
        """How long the match is; the longest wins in a category."""
        return self.end - self.begin


@dataclass(frozen=True, slots=True, eq=False)
class CompiledRule:
    """A rule ready to be asked.

    `is_credit`: which way the money goes, `None` for either; `asks_facts`, `asks_amount`: whether it asks of
    facts, or of the amount, which lies between `least` and `most`.
    """

    id: str
    label: str | None
    fact: Fact | None
    category: str
    fields: int
    needs: frozenset[str]
    forbids: frozenset[str]
    when: frozenset[Fact]
    when_any: frozenset[Fact]
    when_not: frozenset[Fact]
    is_credit: bool | None
    least: float
    most: float
    asks_facts: bool
    asks_amount: bool
    weight: int
    is_merchant: bool
    stage: Stage
    yields: bool
    is_brand: bool
    decides: bool

    def may_stand(self, is_credit: bool | None) -> bool:
        """Tell whether the rule has something to say of money that goes this way; `None`: either way.

        Facts, and the names of shops, are looked at whichever way the money goes.
        """
        is_for_all = self.label is None or self.is_merchant or self.is_credit is None
        return is_for_all or is_credit is None or self.is_credit is is_credit


class Dictionary:
    """The phrases of many rules. `vendor_names`: how companies call themselves, by label and phrase.

    `vendors`: names that lists tell, by label and phrase; `names`: how all names are to be written.
    """

    def __init__(
        self,
        rules: Iterable[Rule],
        vendors: Mapping[tuple[str | None, str], str] = MappingProxyType({}),
        names: VendorNames = NO_NAMES,
    ) -> None:
        entries: defaultdict[str, list[CompiledRule]] = defaultdict(list)
        asked: set[str] = set()
        found: dict[tuple[str | None, str], str] = {}
        rules = tuple(rules)
        # What a rule written by hand asks beside a name, the list of brands must not pass by.
        written = {
            key_of(phrase).strip()
            for rule in rules
            if rule.label and not rule.brand
            for phrase in rule.phrases
        }
        for rule in rules:
            compiled = _compiled(rule)
            for phrase in rule.phrases:
                key = key_of(phrase)
                named = rule.label, key.strip()
                if named not in found and (rule.vendors or _is_a_company(rule, key.strip(), names)):
                    found[named] = _company(rule, phrase, vendors)
                if not (rule.brand and key.strip() in written):
                    entries[key].append(compiled)
            for phrase in (*rule.with_, *rule.unless):
                asked.add(key_of(phrase))
        self.vendor_names = names.resolve({**found, **vendors})
        self._automaton = ahocorasick.Automaton()
        for key in {**entries, **dict.fromkeys(asked)}:
            told = [(one, self.vendor_names.get((one.label, key.strip()))) for one in entries[key]]
            fields = tuple(
                tuple(
                    tuple(one for one in told if one[0].fields & bit and one[0].may_stand(way))
                    for bit in _BITS.values()
                )
                for way in (None, False, True)
            )
            self._automaton.add_word(key, (len(key), key if key in asked else None, key.strip(), fields))
        self.is_empty = not entries
        self._kinds: dict[tuple[str, int], tuple[list[Hit], set[str]]] = {}
        if entries:
            self._automaton.make_automaton()

    def look_up(self, words: Words, *, is_credit: bool | None = None) -> tuple[list[Hit], set[str]]:
        """Return what the words hold: hits in the fields that their rules look at, and what rules ask beside.

        The second are keys of the phrases that stand in some rule's `with` or `unless`. `is_credit`: leaves
        out rules that are about money that goes the other way.
        """
        if self.is_empty:
            return [], set()
        way = 0 if is_credit is None else 2 if is_credit else 1
        text, party_at, title_at = words.text, words.party_at, words.title_at
        of_kind, seen_in_kind = self._in_kind(text[:party_at], way)
        hits, seen = of_kind.copy(), seen_in_kind.copy()
        add = hits.append
        for last, (length, key, phrase, fields) in self._automaton.iter(text, party_at):
            begin = last - length + 2
            if key is not None:
                seen.add(key)
            rules = fields[way][1 if begin < title_at else 2]
            if rules:
                end = begin + len(phrase)
                for rule, vendor in rules:
                    add(Hit(rule, begin, end, phrase, vendor))
        for begin in words.cuts:
            hits += self._completed(words, begin)
        return hits if len(hits) <= MANY_HITS else _once(hits, title_at), seen

    def _in_kind(self, text: str, way: int) -> tuple[list[Hit], set[str]]:
        """Return what a kind holds; banks have few, so they are remembered."""
        known = self._kinds.get((text, way))
        if known is None:
            hits: list[Hit] = []
            seen: set[str] = set()
            for last, (length, key, phrase, fields) in self._automaton.iter(text):
                begin = last - length + 2
                if key is not None:
                    seen.add(key)
                end = begin + len(phrase)
                hits += [Hit(rule, begin, end, phrase, vendor) for rule, vendor in fields[way][0]]
            known = hits, seen
            if len(self._kinds) < MOST_KINDS:
                self._kinds[text, way] = known
        return known

    def _completed(self, words: Words, begin: int) -> list[Hit]:
        """Return what a merchant's or trade's word says that is cut at the end of a field: "PELUQ".

        Nothing, where it may be the beginning of words for different things, or is too short to tell: less
        than five letters, or than half of the word ("CENTRUM" is not "CENTRUMROWEROWE").
        """
        end = words.text.index(" ", begin)
        start, field = words.text[begin - 1 : end], 1 if begin < words.title_at else 2
        if end - begin < SHORTEST_CUT or not start[1:].isalpha():
            return []
        meant = [
            Hit(rule, begin, end, phrase, vendor)
            for _, _, phrase, fields in self._automaton.values(start)
            if " " not in phrase and len(phrase) <= 2 * (end - begin)
            for rule, vendor in fields[0][field]
        ]
        labels = {hit.rule.label for hit in meant}
        return meant if len(labels) == 1 and meant[0].rule.category in MERCHANT else []


def _once(hits: list[Hit], title_at: int) -> list[Hit]:
    """Keep the first hit of each rule's phrase in a field. No bank repeats so much; hostile texts do."""
    first: dict[tuple[CompiledRule, str, bool], Hit] = {}
    for hit in hits:
        first.setdefault((hit.rule, hit.phrase, hit.begin < title_at), hit)
    return list(first.values())


def _is_a_company(rule: Rule, phrase: str, names: VendorNames) -> bool:
    """Tell whether a phrase of a rule that does not name companies names one all the same: "DIA"."""
    is_content = rule.label is not None and BY_NAME[rule.label].category is not Category.TECHNICAL
    return is_content and names.names(phrase)


def _company(rule: Rule, phrase: str, known: Mapping[tuple[str | None, str], str]) -> str:
    """Return how the company that a phrase begins with is called, by the list of brands or by its rule.

    "REPSOL E.S." -> "Repsol"; "Uber Trip" in a rule that has "Uber", too -> "Uber".
    """
    words = plain(phrase.removesuffix("*")).split()
    beginnings = [" ".join(words[:size]) for size in range(1, len(words) + 1)]
    for one in reversed(beginnings):
        if (rule.label, one) in known:
            return known[rule.label, one]
    own = {plain(one.removesuffix("*")): one.removesuffix("*").strip() for one in rule.phrases}
    name = next(own[one] for one in beginnings if one in own)
    return name.title() if name.islower() else name


def key_of(phrase: str) -> str:
    """Return a phrase as the automaton holds it: between spaces, or open at its end where words go on."""
    return f" {plain(phrase.removesuffix('*'))}{'' if phrase.endswith('*') else ' '}"


def _compiled(rule: Rule) -> CompiledRule:
    label = None if rule.label is None else BY_NAME[rule.label]
    sign = rule.sign or (Sign.EITHER if label is None else label.sign)
    return CompiledRule(
        id=rule.id,
        label=rule.label,
        fact=rule.fact,
        category="fact" if label is None else label.category.value,
        fields=sum(_BITS[field] for field in rule.fields),
        needs=frozenset(map(key_of, rule.with_)),
        forbids=frozenset(map(key_of, rule.unless)),
        when=frozenset(rule.when),
        when_any=frozenset(rule.when_any),
        when_not=frozenset(rule.when_not),
        is_credit=None if sign is Sign.EITHER else sign is Sign.CREDIT,
        least=0.0 if rule.least is None else rule.least,
        most=inf if rule.most is None else rule.most,
        asks_facts=bool(rule.when or rule.when_any or rule.when_not),
        asks_amount=bool(rule.least or rule.most is not None),
        weight=rule.weight,
        is_merchant=rule.merchant or rule.brand,
        stage=Stage.TABLE if rule.id.startswith(f"{TABLE}.") else Stage.DICTIONARY,
        yields=rule.yields,
        is_brand=rule.brand,
        decides=rule.decides,
    )
