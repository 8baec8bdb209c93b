"""The folder that a model is trained from: people with outcomes, and their money transactions.

    people.csv        id,decided_on,outcome[,loan_amount,loan_instalment,loan_months][,group_NAME...]
    transactions.csv  id,date,amount[,balance][,title][,party][,account][,labels]
    about.txt         one sentence on where the data come from; optional

`outcome`: 0 repaid, 1 did not. Amounts are signed, debits negative. `labels` are separated by `|`; without
that column the titles are read for the few words of `titles.py`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from kontora.errors import InvalidArgument
from kontora.scores.history import History, Loan, Row
from kontora.scores.raw_rows import day_of, number
from kontora.scores.titles import labels_of_title

PEOPLE, TRANSACTIONS, ABOUT = "people.csv", "transactions.csv", "about.txt"
LOAN_COLUMNS = ("loan_amount", "loan_instalment", "loan_months")
GROUP = "group"
FEWEST_OF_EACH = 5


@dataclass(frozen=True)
class Person:
    """One decision: what was known, when it was taken, and how it ended. `groups`: only for the report."""

    history: History
    day: date
    repaid: bool
    groups: Mapping[str, str]


@dataclass(frozen=True)
class Population:
    """Everybody, in the order of their ids. `sha256`: of the two files."""

    people: tuple[Person, ...]
    about: str
    sha256: str

    @property
    def bad(self) -> int:
        """How many did not repay."""
        return sum(not person.repaid for person in self.people)

    @property
    def has_loans(self) -> bool:
        """Whether the loans that were asked for are known."""
        return any(person.history.loan is not None for person in self.people)


def read_population(folder: Path) -> Population:
    """Read a folder.

    Raises: InvalidArgument, with file and line, if something is missing or cannot be read.
    """
    rows: dict[str, list[Row]] = {}
    seen: dict[tuple[str, str], int] = {}
    titles_speak = False
    for line, item in _lines(folder / TRANSACTIONS, ("id", "date", "amount")):
        with _place(TRANSACTIONS, line):
            account = seen.setdefault((item["id"], item.get("account", "")), len(seen))
            rows.setdefault(item["id"], []).append(_row(item, account))
            titles_speak = titles_speak or bool(item.get("labels") or item.get("title"))
    people: dict[str, Person] = {}
    for line, item in _lines(folder / PEOPLE, ("id", "decided_on", "outcome")):
        with _place(PEOPLE, line):
            if item["id"] in people:
                raise ValueError(f"the id {item['id']} stands there twice")
            people[item["id"]] = _person(item, rows.get(item["id"], []), is_labelled=titles_speak)
    return _judged(
        Population(
            tuple(people[name] for name in sorted(people)),
            _about(folder / ABOUT),
            sha256(b"".join((folder / name).read_bytes() for name in (PEOPLE, TRANSACTIONS))).hexdigest(),
        )
    )


@contextmanager
def _place(file: str, line: int) -> Iterator[None]:
    """Say in which line of which file something is wrong."""
    try:
        yield
    except ValueError as error:
        raise InvalidArgument(f"{file}, line {line}: {error}.") from error


def _lines(file: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, restval="")
            missing = [name for name in needed if name not in (reader.fieldnames or ())]
            if missing:
                raise InvalidArgument(f"{file.name} lacks the column {', '.join(missing)}.")
            for item in reader:
                yield reader.line_num, {name: value.strip() for name, value in item.items() if name}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InvalidArgument(f"{file.name} cannot be read: {error}.") from error


def _row(item: Mapping[str, str], account: int) -> Row:
    amount = number(item["amount"])
    if amount is None:
        raise ValueError(f"the amount {item['amount']!r} is no number")
    labels = tuple(name for name in item.get("labels", "").split("|") if name)
    return Row(
        day_of(item["date"]).toordinal(),
        amount,
        number(item.get("balance")),
        labels if "labels" in item else labels_of_title(item.get("title")),
        item.get("party") or None,
        account,
    )


def _person(item: Mapping[str, str], rows: list[Row], *, is_labelled: bool) -> Person:
    if item["outcome"] not in {"0", "1"}:
        raise ValueError(f"the outcome {item['outcome']!r} is neither 0 (repaid) nor 1")
    loan = Loan(*(number(item.get(name)) for name in LOAN_COLUMNS))
    history = History(rows, None if loan == Loan() else loan, is_labelled=is_labelled)
    groups = {name: value or "not known" for name, value in item.items() if name.startswith(GROUP)}
    return Person(history, day_of(item["decided_on"]), item["outcome"] == "0", groups)


def _judged(population: Population) -> Population:
    fewest = min(population.bad, len(population.people) - population.bad)
    if fewest < FEWEST_OF_EACH:
        raise InvalidArgument(
            f"{PEOPLE} has {len(population.people)} people, {population.bad} of them with outcome 1; "
            f"training needs at least {FEWEST_OF_EACH} of each outcome."
        )
    return population


def _about(file: Path) -> str:
    return " ".join(file.read_text(encoding="utf-8").split()) if file.exists() else "Origin not told."
