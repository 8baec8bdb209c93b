"""Measure labels: `make label-bench`; `python -m tools.label_bench --open --country pl --errors` at work.

Rules are made on the open part only. The locked part and the blind one are for measuring: their mistakes
are written to the results, and shown only with `--errors` and without `--open`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from kontora.labels.labelling import Labeller, knowledge_of
from kontora.labels.taxonomy import LABELS
from tools import consoles
from tools.label_bench.damage import clean, damaged
from tools.label_bench.gold import BLIND, COUNTRIES, LOCKED, OPEN, GoldChanged, check_seal, read_gold
from tools.label_bench.measuring import Judged, Measure, Mistake, judge, measure, mistakes, without_derived

RESULTS = Path(__file__).parents[2] / "bench" / "results" / "labels.json"
TEXTS = {"clean": clean, "damaged": damaged}
PRECISION, RECALL, RECALL_EACH, MOST_LOST = 0.95, 0.85, 0.80, 0.05

Runs = dict[tuple[str, str, str], list[Judged]]
"""What was judged, by part, text and country."""


class Results(msgspec.Struct, frozen=True):
    """What is written. `labels`: each label on the locked part; `blind_labels`: on the blind one."""

    measures: tuple[Measure, ...]
    labels: tuple[Measure, ...]
    blind_labels: tuple[Measure, ...]
    mistakes: tuple[Mistake, ...]


def main() -> int:
    """Measure, print, write the rows; 1, if what is claimed does not hold; 2, if it cannot be measured."""
    options = _parser().parse_args()
    console = consoles.console()
    parts = (OPEN,) if options.open else (OPEN, LOCKED, BLIND)
    countries = COUNTRIES if options.country is None else (options.country,)
    try:
        if not options.open:
            check_seal()
    except GoldChanged as error:
        console.print(f"[red]{error}[/red]")
        return 2
    runs: Runs = {}
    for country in countries:
        labeller = Labeller(knowledge_of(country))
        for part in parts:
            rows = read_gold(part, country)
            runs |= {(part, text, country): judge(rows, labeller, TEXTS[text]) for text in TEXTS}
    measures = tuple(_measures(runs, parts, countries))
    shown = (OPEN,) if options.open else (LOCKED, BLIND)
    by_label = {part: tuple(_by_label(runs, part, countries)) for part in shown}
    found = tuple(
        one for part in shown for country in countries for one in mistakes(runs[part, "clean", country])
    )
    if not options.open and options.country is None:
        results = Results(measures, by_label[LOCKED], by_label[BLIND], found)
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_bytes(msgspec.json.format(msgspec.json.encode(results)))
    console.print(_table(f"Labels, all and each country ({', '.join(parts)})", measures))
    for part, labels in by_label.items():
        console.print(_table(f"Each label on the {part} part, clean text", labels))
    if options.errors:
        _show(console, found)
        _show(console, [one for part in shown for c in countries for one in _only_damaged(runs, part, c)])
    broken = [] if options.open or options.country else list(_broken(measures))
    for sentence in broken:
        console.print(f"[red]{sentence}[/red]", highlight=False)
    if not options.open and not broken:
        console.print("All that is claimed holds.")
    return 1 if broken else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.label_bench")
    parser.add_argument("--open", action="store_true", help="only the part that rules are made on")
    parser.add_argument("--country", choices=COUNTRIES, help="only this country")
    parser.add_argument("--errors", action="store_true", help="print every mistake")
    return parser


def _measures(runs: Runs, parts: Sequence[str], countries: Sequence[str]) -> Iterator[Measure]:
    decided = without_derived()
    for part in parts:
        for text in TEXTS:
            judged = [row for country in countries for row in runs[part, text, country]]
            yield measure(f"{part}, {text}", judged)
            yield measure(f"{part}, {text}, without parents and monthly", judged, decided)
            if len(countries) > 1:
                for country in countries:
                    yield measure(f"{part}, {text}, {country}", runs[part, text, country])


def _by_label(runs: Runs, part: str, countries: Sequence[str]) -> Iterator[Measure]:
    judged = [row for country in countries for row in runs[part, "clean", country]]
    for label in LABELS:
        one = measure(label.name, judged, frozenset({label.name}))
        if one.given or one.right:
            yield one


def _broken(measures: Sequence[Measure]) -> Iterator[str]:
    """Return what of the claims does not hold, as sentences."""
    by_name = {one.name: one for one in measures}
    for part in (LOCKED, BLIND):
        whole, worse = by_name[f"{part}, clean"], by_name[f"{part}, damaged"]
        if whole.precision < PRECISION:
            yield f"Precision on the {part} part is {whole.precision:.3f}; {PRECISION} is claimed."
        if whole.recall < RECALL:
            yield f"Recall on the {part} part is {whole.recall:.3f}; {RECALL} is claimed."
        for country in COUNTRIES:
            recall = by_name[f"{part}, clean, {country}"].recall
            if recall < RECALL_EACH:
                yield f"Recall of {country} on the {part} part is {recall:.3f}; {RECALL_EACH} is claimed."
        for what in ("precision", "recall"):
            lost = getattr(whole, what) - getattr(worse, what)
            if lost > MOST_LOST:
                most = f"{100 * MOST_LOST:.0f} are allowed"
                yield f"Damaged text loses {100 * lost:.1f} points of {what} on the {part} part; {most}."


def _only_damaged(runs: Runs, part: str, country: str) -> Iterator[Mistake]:
    known = {(one.row, one.label, one.is_missed) for one in mistakes(runs[part, "clean", country])}
    for one in mistakes(runs[part, "damaged", country]):
        if (one.row, one.label, one.is_missed) not in known:
            yield msgspec.structs.replace(one, why=f"damaged; {one.why}")


def _table(title: str, measures: Sequence[Measure]) -> Table:
    shown = Table(title=title)
    for name in ("", "rows", "right", "given", "precision", "95 %", "recall", "95 %", "coverage"):
        shown.add_column(name, justify="left" if not name else "right")
    for one in measures:
        shown.add_row(
            one.name,
            str(one.rows),
            str(one.right),
            str(one.given),
            f"{one.precision:.3f}",
            f"{one.precision_low:.2f}-{one.precision_high:.2f}",
            f"{one.recall:.3f}",
            f"{one.recall_low:.2f}-{one.recall_high:.2f}",
            f"{one.coverage:.2f}",
        )
    return shown


def _show(console: Console, found: Sequence[Mistake]) -> None:
    for one in found:
        what = "missed" if one.is_missed else "wrong "
        texts = " | ".join(text for text in one.texts if text)
        console.print(
            f"{one.row} {what} {one.label}: {one.amount} {texts} {one.why}", highlight=False, markup=False
        )


if __name__ == "__main__":
    sys.exit(main())
