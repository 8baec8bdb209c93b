"""From hits to labels: conditions, the longest match inside a category, and what rules out what."""

from __future__ import annotations

from functools import partial

import msgspec

from kontora.labels.dictionary import Hit
from kontora.labels.reasons import Reason, Stage
from kontora.labels.row import Row
from kontora.labels.rules import Fact
from kontora.labels.tables import PublicPayers, label_of_code
from kontora.labels.taxonomy import BY_NAME, Category, ancestors, fits, wrong_on

INDEPENDENT = Category.TECHNICAL.value
"""Labels of this category say how money went, and stand beside each other."""
MERCHANT = frozenset({Category.LIFESTYLE, Category.LIVING})
_SHOPS = frozenset(category.value for category in MERCHANT)
PROCESSOR = "payment processor"
FAILED = "failed payment"
VERIFICATION = "verification"
BUYS_NOTHING = frozenset({"refund", "cash withdrawal", "cash deposit"})
"""What stands without merchants: their names tell who gives back, or where the machine is."""
BETWEEN_PEOPLE = frozenset({Fact.PERSON, Fact.PHONE})
PAY = "compensation"
PAID_FOR_GOODS = frozenset({Fact.CARD, Fact.PROCESSOR, Fact.DIRECT_DEBIT})


def note_facts(row: Row, seen: set[str]) -> None:
    """Note what the words say of the way the money went."""
    facts, processors = row.facts, []
    for hit in row.hits:
        fact = hit.rule.fact
        if fact is not None:
            if fact not in facts and _holds(hit, row, seen):
                facts.add(fact)
        elif hit.rule.label == PROCESSOR:
            processors.append(hit)
    if processors and any(_holds(hit, row, seen) for hit in processors):
        facts.add(Fact.PROCESSOR)
    if Fact.TRANSFER in facts and row.party_key is None and not _is_told_by_the_bank(row):
        facts.add(Fact.NAMELESS)


def _is_told_by_the_bank(row: Row) -> bool:
    """Tell whether a title begins with the bank's word for a transfer, and goes on with its other side."""
    first = row.words.title_at + 1
    return any(hit.rule.fact is Fact.TRANSFER and hit.begin == first for hit in row.hits)


def give_labels(row: Row, seen: set[str], payers: PublicPayers) -> None:
    """Give the labels of tables and dictionary."""
    held, yields, names_merchant = [], False, False
    for hit in row.hits:
        rule = hit.rule
        if rule.label is None:
            continue
        if rule.is_merchant and hit.vendor is not None:
            row.companies += (hit.vendor,)
        if _holds(hit, row, seen):
            held.append(hit)
            yields |= rule.yields
            names_merchant |= rule.is_merchant and not rule.yields
    trade = _trade_of_code(row)
    # A code, or the name of a merchant beside them, decides over words that leave the trade open.
    if yields and (trade is not None or names_merchant):
        held = [hit for hit in held if not hit.rule.yields or hit.rule.label == trade]
    # Who pays a wage is an employer, whatever they sell: "WYNAGRODZENIE 05", XTB S.A.
    if row.is_credit and any(_are_related(PAY, hit.rule.label) for hit in held):
        held = [hit for hit in held if not hit.rule.is_brand]
    _from_number(row, payers)
    for hit in _of_one_trade(_winners(held, trade), trade):
        label = hit.rule.label
        if label is not None:
            known = row.reasons.get(label)
            if known is None:
                row.give(Reason(label, hit.rule.stage, hit.rule.id, hit.phrase, vendor=hit.vendor))
            elif known.vendor is None and hit.vendor is not None:
                row.reasons[label] = msgspec.structs.replace(known, vendor=hit.vendor)
    _from_code(row)


def _holds(hit: Hit, row: Row, seen: set[str]) -> bool:
    """Tell whether all that a rule asks beside its words is so. `seen`: the phrases beside them."""
    rule = hit.rule
    if rule.is_credit is not None and rule.is_credit is not row.is_credit:
        return False
    if rule.asks_facts and not (
        rule.when_not.isdisjoint(row.facts)
        and rule.when <= row.facts
        and (not rule.when_any or not rule.when_any.isdisjoint(row.facts))
    ):
        return False
    if rule.is_merchant and (_is_private(hit, row) or (rule.is_brand and not _is_shown(hit, row))):
        return False
    if not rule.forbids.isdisjoint(seen) or (rule.needs and rule.needs.isdisjoint(seen)):
        return False
    return not rule.asks_amount or rule.least <= abs(row.cents) / 100 <= rule.most


def _is_private(hit: Hit, row: Row) -> bool:
    """Tell whether the words are somebody's own: between people, or in the title of a transfer.

    A processor writes the titles of its transfers itself: "Dotpay zam. 55123 PIZZAPORTAL". Shops are paid by
    telephone, too: "BIZUM PELUQUERIA LOLA".
    """
    if Fact.PERSON in row.facts:
        return True
    if Fact.PHONE in row.facts:
        return Fact.BUSINESS not in row.facts or not row.words.party_at < hit.begin < row.words.title_at
    is_own = Fact.TRANSFER in row.facts and Fact.PROCESSOR not in row.facts
    return is_own and hit.begin > row.words.title_at


def _is_shown(hit: Hit, row: Row) -> bool:
    """Tell whether a brand stands where shops do: as the other side, in a purchase, or alone in a title."""
    title_at = row.words.title_at
    if hit.begin <= title_at or not PAID_FOR_GOODS.isdisjoint(row.facts):
        return True
    return hit.begin == title_at + 1 and not row.words.party


def _winners(hits: list[Hit], trade: str | None) -> list[Hit]:
    """Return the best hit of each category and what goes with it: one that decides, one that the code agrees
    with ("BENU KAUFLAND" with a pharmacy's code), the longest.
    """
    if len(hits) < 2:
        return hits
    by_category: dict[str, list[Hit]] = {}
    for hit in hits:
        by_category.setdefault(hit.rule.category, []).append(hit)
    found: list[Hit] = []
    for category, group in by_category.items():
        best_first = sorted(group, key=partial(_rank, trade)) if len(group) > 1 else group
        if category == INDEPENDENT or len(group) == 1:
            found += best_first
            continue
        best = best_first[0].rule.label
        found += [hit for hit in best_first if _are_related(best, hit.rule.label)]
    return found


def _of_one_trade(winners: list[Hit], trade: str | None) -> list[Hit]:
    """Leave a merchant one trade: the one of its code, or the first told ("CAFE DO MERCADO", "HOTEL PARQUE").

    Only rules of merchants contend; what the money was for ("renda", "propinas") stands beside them.
    """
    if len(winners) < 2:
        return winners
    shops = [hit for hit in winners if hit.rule.is_merchant and hit.rule.category in _SHOPS]
    if len({hit.rule.category for hit in shops}) < 2:
        return winners
    best = min(shops, key=lambda hit: (hit.rule.label != trade, not hit.rule.decides, hit.begin, -hit.length))
    return [hit for hit in winners if hit not in shops or hit.rule.category == best.rule.category]


def _rank(trade: str | None, hit: Hit) -> tuple[bool, bool, int, int, int, str]:
    rule = hit.rule
    return not rule.decides, rule.label != trade, hit.begin - hit.end, -rule.weight, hit.begin, rule.id


def _are_related(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return False
    return one == other or one in ancestors(other) or other in ancestors(one)


def _trade_of_code(row: Row) -> str | None:
    """Return what the code says was bought, `None` where it does not; a processor's own code never does."""
    if row.mcc is None or Fact.PROCESSOR in row.facts:
        return None
    label = label_of_code(row.mcc)
    return label if label is not None and BY_NAME[label].category in MERCHANT else None


def _from_number(row: Row, payers: PublicPayers) -> None:
    number = None if row.iban is None else payers.of(row.iban)
    label = None if number is None else number.credit if row.is_credit else number.debit
    if number is not None and label is not None and fits(label, is_credit=row.is_credit):
        row.give(Reason(label, Stage.TABLE, f"number.{number.id}", number.begins))


def _from_code(row: Row) -> None:
    """Ask the merchant category code where the words say nothing of the merchant."""
    label = None if row.mcc is None else label_of_code(row.mcc)
    if label is None or row.mcc is None or not fits(label, is_credit=row.is_credit):
        return
    category = BY_NAME[label].category
    knows = any(BY_NAME[name].category in MERCHANT for name in row.reasons)
    if category in MERCHANT and knows:
        return
    # A processor's code says what the processor is, not what was bought.
    if PROCESSOR in row.reasons and category in MERCHANT:
        return
    row.give(Reason(label, Stage.TABLE, "mcc", row.mcc))


def finish(row: Row) -> None:
    """Apply what rules out what, and bring the parents.

    Of what was not paid, and of what only tried an account, nothing else is told; of no money, nothing.
    """
    names = row.reasons.keys()
    if not row.cents:
        row.reasons = {}
        return
    if FAILED in names:
        row.reasons = {FAILED: row.reasons[FAILED]}
        return
    if VERIFICATION in names:
        row.reasons = {name: row.reasons[name] for name in names if name in {VERIFICATION, PROCESSOR}}
        return
    if "credit card repayment" in names:
        row.reasons.pop("own transfer", None)
    if "own transfer" in names:
        # What owners write of their own money ("wage", "rent") is where it came from, or what they plan.
        for name in [name for name in names if BY_NAME[name].category is not Category.TECHNICAL]:
            del row.reasons[name]
        row.reasons.pop("person transfer", None)
    if not names.isdisjoint(BUYS_NOTHING):
        for name in [name for name in names if BY_NAME[name].category in MERCHANT]:
            del row.reasons[name]
    for name in names & wrong_on(is_credit=row.is_credit):
        del row.reasons[name]
    for name, child in list(row.reasons.items()):
        for parent in ancestors(name):
            if parent not in row.reasons:
                row.give(Reason(parent, Stage.PARENT, name, child.matched, child.confidence))
