"""A small rule book of the tests' own, and imports as short as a line a money transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal

from kontora.labels.corrections import Correction
from kontora.labels.dictionary import Dictionary
from kontora.labels.labelling import Knowledge, Labelled, Labeller
from kontora.labels.rules import Example, Fact, Field, Rule
from kontora.labels.tables import Number
from kontora.labels.taxonomy import Sign
from kontora.model import Account, Import, MoneyTransaction, Owner, OwnerKind, TransactionStatus

OWN = "PL61109010140000071219812874"
OTHER = "PL27114020040000300201355387"
SHOWN = (Example(title="an example"),)


def rule(name: str, *phrases: str, **more: object) -> Rule:
    """A rule; `name` is its label, or its fact where `fact` is given."""
    told: dict[str, object] = {"id": name, "phrases": phrases, "examples": SHOWN, **more}
    if "fact" not in told:
        told["label"] = told.pop("label", name)
    return Rule(**told)  # type: ignore[arg-type]


RULES = (
    rule("grocery", "Żabka", "Biedronka", vendors=True, when_not=(Fact.PERSON,)),
    rule("fuel", "Orlen", vendors=True),
    rule("household", "Ikea", merchant=True),
    rule("leisure", "kino", merchant=True),
    rule("failed payment", "zwrot polecenia", sign=Sign.EITHER),
    rule("restaurant at a station", "Orlen Bistro", label="restaurant"),
    rule("nightlife", "bar", merchant=True, yields=True),
    rule("savings", "na lokatę"),
    rule("compensation", "wynagrodz*", "pensja"),
    rule("bonus", "premia"),
    rule("mortgage", "kredyt hipoteczny"),
    rule("loan repayment", "rata", "kredyt", unless=("kredyt studencki",)),
    rule("debt collection", "Kruk S.A.", decides=True),
    rule("credit card repayment", "spłata karty"),
    rule("restaurant", "Zakupowisko"),
    rule("payment processor", "PayU"),
    rule("verification", "weryfikacyjna", most=1.0),
    rule("interest income", "odsetki", when_not=(Fact.NAMELESS,)),
    rule("rent", "czynsz", when=(Fact.PERSON,)),
    rule("freelance income", "faktura"),
    rule("cash withdrawal", "wypłata w bankomacie", fields=(Field.KIND,)),
    rule("card", "karta", fact=Fact.CARD, fields=(Field.KIND,)),
    rule("phone", "przelew na telefon", fact=Fact.PHONE, fields=(Field.KIND,)),
    rule("transfer", "przelew", fact=Fact.TRANSFER, fields=(Field.KIND,)),
    rule("transfer in a title", "transfer*", fact=Fact.TRANSFER, fields=(Field.TITLE,)),
    rule("business", "sp z o o", "bank", fact=Fact.BUSINESS, fields=(Field.PARTY,)),
)
KNOWLEDGE = Knowledge(
    Dictionary(RULES),
    (Number("tax office", "pl", "10100071", debit="tax", credit="tax refund"),),
    frozenset({"JAN", "ANNA"}),
)


def mt(
    amount: str,
    title: str = "",
    party: str | None = None,
    *,
    on: str = "2026-05-10",
    kind: str | None = None,
    mcc: str | None = None,
    iban: str | None = None,
) -> MoneyTransaction:
    """A money transaction."""
    return MoneyTransaction(
        transaction_on=date.fromisoformat(on),
        currency_amount=Decimal(amount),
        status=TransactionStatus.DONE,
        title=title,
        party=party,
        party_iban=iban,
        kind=kind,
        mcc=mcc,
    )


def imported(*items: MoneyTransaction, owner: str = "Jan Kowalski", more: tuple[Account, ...] = ()) -> Import:
    """An import of one account, and more."""
    account = Account(name="Konto", iban=OWN, currency_name="PLN", money_transactions=items)
    return Import(
        target="KontoBank",
        institution="KontoBank",
        imported_at=datetime(2026, 11, 1, tzinfo=UTC),
        owners=(Owner(name=owner, kind=OwnerKind.OWNER),),
        accounts=(account, *more),
    )


def labelled(*items: MoneyTransaction, corrections: Iterable[Correction] = ()) -> Labelled:
    """Label money transactions of one account."""
    return Labeller(KNOWLEDGE, corrections).label(imported(*items))


def labels(*items: MoneyTransaction, corrections: Iterable[Correction] = ()) -> list[set[str]]:
    """Return the labels of each, as sets."""
    found = labelled(*items, corrections=corrections).imported.accounts[0].money_transactions
    return [set(item.labels) for item in found]
