"""Make a training folder of the Berka data: `python -m tools.berka BERKA_DIR OUT_DIR`.

The data (PKDD'99 Discovery Challenge) state no licence: neither they nor the folder may be published.
Loans and the raw rows strictly before each are read; standing orders (undated, and with the loan's own
instalment) and second users (undated) are not. `docs/score.md` has the format.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from kontora.scores.titles import labels_of_title
from kontora.scores.training.population import ABOUT, PEOPLE, TRANSACTIONS

BAD = frozenset("BD")
TEXT = (
    "Berka: real, anonymised accounts of a Czech bank, 1993 to 1998, published for the PKDD'99 Discovery "
    "Challenge; loans with the money transactions of the account before the loan was granted; bad is a loan "
    "that was not paid off, or whose client was in debt. No licence is stated: for research; none of the "
    "data is part of Kontora."
)
AGES = ((30, "under 30"), (45, "30 to 44"), (60, "45 to 59"), (200, "60 and over"))


def main() -> int:
    """Convert and say how much was found."""
    parser = argparse.ArgumentParser(prog="python -m tools.berka", description=__doc__)
    parser.add_argument(
        "berka", type=Path, help="folder with loan.csv, trans_preloan_raw.csv, disp.csv, client.csv"
    )
    parser.add_argument("out", type=Path, help="the training folder to write")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    rows = _rows(options.berka)
    people = list(_people(options.berka, rows))
    _write(options.out / PEOPLE, people)
    kept = {person["id"] for person in people}
    _write(options.out / TRANSACTIONS, [row for loan in sorted(kept) for row in rows[loan]])
    (options.out / ABOUT).write_text(TEXT + "\n", encoding="utf-8")
    bad = sum(person["outcome"] for person in people)
    print(f"{len(people)} loans with raw rows, {bad} of them bad, in {options.out}")
    return 0


def _rows(folder: Path) -> dict[str, list[dict[str, object]]]:
    found = defaultdict(list)
    for item in _read(folder / "trans_preloan_raw.csv"):
        if item["date"] >= item["loan_date"]:
            continue
        title = f"{item['operation']} {item['k_symbol']}".strip()
        found[item["loan_id"]].append(
            {
                "id": item["loan_id"],
                "date": item["date"],
                "amount": item["signed"],
                "balance": item["balance"],
                "title": title,
                "party": _party(item["bank"], item["account"]),
                "labels": "|".join(labels_of_title(title)),
            }
        )
    return found


def _people(folder: Path, rows: dict[str, list[dict[str, object]]]) -> Iterator[dict[str, object]]:
    owners = {
        item["account_id"]: item["client_id"]
        for item in _read(folder / "disp.csv")
        if item["type"] == "OWNER"
    }
    births = {item["client_id"]: item["birth_number"] for item in _read(folder / "client.csv")}
    for loan in _read(folder / "loan.csv"):
        if loan["loan_id"] not in rows:
            continue
        decided_on = _day(loan["date"])
        sex, born_on = _born(births[owners[loan["account_id"]]])
        yield {
            "id": loan["loan_id"],
            "decided_on": decided_on.isoformat(),
            "outcome": int(loan["status"] in BAD),
            "loan_amount": loan["amount"],
            "loan_instalment": loan["payments"],
            "loan_months": loan["duration"],
            "group_age": next(name for limit, name in AGES if (decided_on - born_on).days / 365.25 < limit),
            "group_sex": sex,
        }


def _born(number: str) -> tuple[str, date]:
    """Read a Czech birth number: 50 is added to the month of women."""
    month = int(number[2:4])
    is_woman = month > 50
    born_on = date(1900 + int(number[:2]), month - 50 if is_woman else month, int(number[4:6]))
    return "women" if is_woman else "men", born_on


def _day(digits: str) -> date:
    return date(1900 + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))


def _party(bank: str, account: str) -> str:
    number = account.removesuffix(".0")
    return f"{bank}/{number}" if number not in {"", "0"} else ""


def _read(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _write(file: Path, items: list[dict[str, object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(items[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(items)


if __name__ == "__main__":
    sys.exit(main())
