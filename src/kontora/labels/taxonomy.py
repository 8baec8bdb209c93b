"""The labels: 78 names in 7 categories, with parents, signs, and the names that clients use for some.

Source: labels.md, 2 to 9.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from types import MappingProxyType


class Category(StrEnum):
    """The categories, in the order in which replies list labels."""

    TECHNICAL = "technical"
    COMPENSATION = "compensation"
    DEBT = "debt"
    STATE = "state"
    CASH = "cash"
    LIFESTYLE = "lifestyle"
    LIVING = "living"


class Sign(StrEnum):
    """Which way the money goes; a label never stands on the other."""

    CREDIT = "+"
    DEBIT = "-"
    EITHER = "+/-"


class Recurrence(StrEnum):
    """How a kind of money transaction recurs: usually monthly, irregularly, or not."""

    MONTHLY = "M"
    IRREGULAR = "P"
    NONE = "0"


@dataclass(frozen=True, slots=True)
class Label:
    """A label. `parent`: stands wherever it does. `is_recorded`: the name is the original product's own."""

    name: str
    category: Category
    parent: str | None
    sign: Sign
    recurrence: Recurrence
    is_recorded: bool


MONTHLY = "monthly"
_TABLE = """
technical
monthly                R  -                    +/-  M
payment processor      R  -                    +/-  0
verification           R  -                    +/-  0
fee                    R  -                    -    M
own transfer              -                    +/-  M
person transfer           -                    +/-  P
refund                    -                    +    0
chargeback                refund               +    0
currency exchange         -                    +/-  0
interest income           -                    +    M
savings                   own transfer         -    M
standing order            -                    -    M

compensation
compensation           R  -                    +    M
salary                 R  compensation         +    M
regular wage           R  salary               +    M
bonus                     compensation         +    P
salary advance            compensation         +    0
business trip refund      compensation         +    P
freelance income          compensation         +    P
rental income             -                    +    M
business income           -                    +    P

debt
loan                      -                    +/-  M
loan payout               loan                 +    0
loan repayment            loan                 -    M
payday loan payout        loan                 +    0
payday loan repayment     loan                 -    0
mortgage                  loan repayment       -    M
credit card repayment     loan repayment       -    M
leasing                   loan repayment       -    M
buy now pay later         loan repayment       -    P
pawnshop                  loan                 +/-  0
debt collection           -                    -    P
bailiff                   debt collection      -    P
late payment              -                    -    0
failed payment            -                    +/-  0

state
tax                    R  -                    -    M
zus                    R  tax                  -    M
vat                       tax                  -    M
tax refund                -                    +    0
social benefit            -                    +    M
child benefit             social benefit       +    M
unemployment benefit      social benefit       +    M
housing benefit           social benefit       +    M
sick benefit              social benefit       +    P
pension                   -                    +    M
scholarship               social benefit       +    M
fine                      -                    -    0

cash
cash withdrawal        R  -                    -    0
cash deposit           R  -                    +    0
cash on foreign atm       cash withdrawal      -    0

lifestyle
leisure                R  -                    -    P
press                  R  leisure              -    P
subscription              leisure              -    M
games                     leisure              -    P
sport                     leisure              -    M
nightlife              R  -                    -    P
restaurant                -                    -    P
food with delivery     R  -                    -    P
alcohol and tobacco       -                    -    P
apparel                R  -                    -    P
electronics               -                    -    0
beauty                    -                    -    P
travel                    -                    -    0
gambling                  -                    +/-  P
investment                -                    +/-  P

living
grocery                R  -                    -    P
household                 -                    -    P
healthcare             R  -                    -    M
public transport       R  -                    -    M
fuel                      -                    -    P
car                       -                    -    P
rent                      -                    -    M
housing fee               -                    -    M
utilities                 -                    -    M
telecom                   -                    -    M
insurance                 -                    -    M
education and childcare   -                    -    M
alimony                   -                    +/-  M
"""

# What existing clients know some labels as. Source: labels.md, 9.
INSTEAD = MappingProxyType(
    {
        "own transfer": "internal",
        "bonus": "extra pay",
        "social benefit": "welfare",
        "credit card repayment": "credit card",
        "loan repayment": "repayment",
    }
)
INSTEAD_IN = MappingProxyType({"pl": MappingProxyType({"child benefit": "500+"})})
BESIDE = MappingProxyType(
    {
        "payday loan repayment": "repayment",
        "freelance income": "invoice",
        "business income": "invoice",
    }
)
BANK = "bank"
_NOT_OF_A_BANK = frozenset({"leasing", "buy now pay later"})


def _labels() -> tuple[Label, ...]:
    found = []
    for block in _TABLE.strip().split("\n\n"):
        category, *lines = block.split("\n")
        for line in lines:
            name, rest = line[:23].strip(), line[23:].split()
            recorded = rest[0] == "R"
            parent = line[26:47].strip()
            sign, recurrence = rest[-2:]
            found.append(
                Label(
                    name,
                    Category(category),
                    None if parent == "-" else parent,
                    Sign(sign),
                    Recurrence(recurrence),
                    recorded,
                )
            )
    return tuple(found)


LABELS: tuple[Label, ...] = _labels()
BY_NAME = MappingProxyType({label.name: label for label in LABELS})
_ORDER = MappingProxyType({label.name: place for place, label in enumerate(LABELS)})


@cache
def ancestors(name: str) -> tuple[str, ...]:
    """Return the parents of a label, the nearest first."""
    parent = BY_NAME[name].parent
    return () if parent is None else (parent, *ancestors(parent))


@cache
def descendants(name: str) -> frozenset[str]:
    """Return the labels that have this one among their parents."""
    return frozenset(label.name for label in LABELS if name in ancestors(label.name))


def fits(name: str, *, is_credit: bool) -> bool:
    """Tell whether a label may stand on money that comes in, or goes out."""
    sign = BY_NAME[name].sign
    return sign is Sign.EITHER or (sign is Sign.CREDIT) == is_credit


@cache
def wrong_on(*, is_credit: bool) -> frozenset[str]:
    """Return the labels that may not stand on money that comes in, or goes out."""
    return frozenset(name for name in BY_NAME if not fits(name, is_credit=is_credit))


@lru_cache(4_000)
def in_order(names: frozenset[str]) -> tuple[str, ...]:
    """Return labels in the order of replies, that of the table: `monthly` first, parents before children."""
    return tuple(sorted(names, key=_ORDER.__getitem__))


def for_clients(names: frozenset[str], country: str) -> tuple[str, ...]:
    """Return labels by the names that replies carry, ordered as in the table.

    `frozenset({"loan", "loan repayment"})` -> `("loan", "repayment", "bank")`.
    """
    instead = {**INSTEAD, **INSTEAD_IN.get(country, {})}
    told = dict.fromkeys(instead.get(name, name) for name in in_order(names))
    told |= dict.fromkeys(BESIDE[name] for name in in_order(names) if name in BESIDE)
    if _is_of_a_bank(names):
        told |= {BANK: None}
    return tuple(told)


def name_for_clients(name: str, country: str) -> str:
    """Return the one name that replies carry for a label: `"bonus"` -> `"extra pay"`."""
    return {**INSTEAD, **INSTEAD_IN.get(country, {})}.get(name, name)


_ALIASES = MappingProxyType(
    {
        "internal": frozenset({"own transfer"}),
        "extra pay": frozenset({"bonus"}),
        "invoice": frozenset({"freelance income", "business income"}),
        "repayment": frozenset({"loan repayment", "payday loan repayment"}),
        "credit card": frozenset({"credit card repayment"}),
        "welfare": frozenset({"social benefit"}),
        "500+": frozenset({"child benefit"}),
        BANK: frozenset({"loan payout", "loan repayment"}),
    }
)
ALIASES: tuple[str, ...] = tuple(_ALIASES)


def meant_by(name: str, *, is_credit: bool) -> tuple[str, ...]:
    """Return the labels that a name, ours or a client's, may mean on money that comes in, or goes out.

    Empty, if there is none: the name is unknown, or does not fit. `("invoice", credit)` -> two of them.
    """
    found = {name} if name in BY_NAME else _ALIASES.get(name, frozenset())
    return in_order(frozenset(one for one in found if fits(one, is_credit=is_credit)))


def stands(name: str, names: frozenset[str]) -> bool:
    """Tell whether a name of an expression, ours or a client's, stands on money with these labels.

    Raises: KeyError, for an unknown name.
    """
    if name == BANK:
        return _is_of_a_bank(names)
    return name in names if name in BY_NAME else bool(_ALIASES[name] & names)


def _is_of_a_bank(names: frozenset[str]) -> bool:
    return "loan payout" in names or ("loan repayment" in names and not names & _NOT_OF_A_BANK)
