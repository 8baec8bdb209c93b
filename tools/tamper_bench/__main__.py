"""Run the tamper bench: `python -m tools.tamper_bench`; `--help` tells what can be chosen."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tools import consoles
from tools.tamper_bench.families import ORIGINAL_SEEDS, Family, Genuine, families
from tools.tamper_bench.judging import judge_of
from tools.tamper_bench.operations import OPERATIONS, Class, Edited, Operation
from tools.tamper_bench.programs import ProgramFailed, missing
from tools.tamper_bench.report import Case, Share, case, summary, table

RESULTS = Path(__file__).parents[2] / "bench" / "results" / "tamper.json"
SHIPPED_RESULTS = RESULTS.with_name("tamper-shipped.json")
FEWEST_ORIGINALS = 300
DETECTION = 0.97
RARE = "edited in place, signed"


def main() -> int:
    """Run, print the table, write the rows; 1, if what is claimed does not hold."""
    options = _parser().parse_args()
    console = consoles.console()
    if packages := missing():
        console.print(f"The tamper bench needs programs. Install: apt-get install {' '.join(packages)}")
        return 2
    wanted = [one for one in families() if options.family is None or options.family in one.name]
    cases = _cases(wanted, options, console)
    shares = summary(cases)
    results = SHIPPED_RESULTS if options.shipped_profiles else RESULTS
    results.parent.mkdir(exist_ok=True)
    results.write_bytes(msgspec.json.format(msgspec.json.encode({"shares": shares, "cases": cases})))
    console.print(table(shares))
    if options.shipped_profiles:
        return 0
    broken = _broken(shares, whole=options.family is None)
    for sentence in broken:
        console.print(f"[red]{sentence}[/red]", highlight=False)
    if not broken:
        console.print("All that is claimed holds.")
    return 1 if broken else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.tamper_bench")
    parser.add_argument("--files", type=int, default=4, help="files of a family that each operation gets")
    parser.add_argument("--originals", type=int, default=15, help="untouched files of a family")
    parser.add_argument("--family", help="only families with this in their name")
    parser.add_argument(
        "--shipped-profiles",
        action="store_true",
        help="judge with the profiles that come with Kontora, not with learned ones; nothing is claimed then",
    )
    parser.add_argument("--jobs", type=int, default=2, help="processes at once")
    return parser


def _cases(wanted: list[Family], options: argparse.Namespace, console: Console) -> list[Case]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    cases: list[Case] = []
    with Progress(*columns, console=console) as progress, ProcessPoolExecutor(options.jobs) as pool:
        task = progress.add_task("families", total=len(wanted))
        running = [
            pool.submit(
                judge_family,
                one.name,
                options.files,
                min(options.originals, len(ORIGINAL_SEEDS)),
                shipped=options.shipped_profiles,
            )
            for one in wanted
        ]
        for done in running:
            cases += done.result()
            progress.advance(task)
    return cases


def judge_family(name: str, files: int, originals: int, *, shipped: bool) -> list[Case]:
    """Judge all files of one family, in a process of its own."""
    family = next(one for one in families() if one.name == name)
    judge = judge_of(family, shipped=shipped)
    cases = []
    for number, operation in enumerate(OPERATIONS):
        halves = (family.is_tuned, number % 2 == 0)
        if (operation.only_signed and not family.is_signed) or (operation.only_unsigned and family.is_signed):
            continue
        if operation.kind is Class.ORIGINAL:
            genuine = [family.genuine(seed) for seed in ORIGINAL_SEEDS[:originals]]
        else:
            genuine = family.edited(min(files, operation.most or files))
        for edited in _made(operation, genuine):
            verdict = judge(edited.pdf, edited.masks)
            cases.append(case(family.name, operation.name, operation.kind, verdict, halves=halves))
    return cases


def _made(operation: Operation, genuine: list[Genuine]) -> Iterator[Edited]:
    """Make the files of an operation; one that does not apply to a file is left out."""
    if operation.batch is None:
        for one in genuine:
            yield from _applied(operation, one)
        return
    prepared = [edited for one in genuine for edited in _prepared(operation, one)]
    try:
        written = operation.batch([edited.pdf for edited in prepared])
    except ProgramFailed:
        return
    for edited, pdf in zip(prepared, written, strict=True):
        if pdf is not None:
            yield Edited(pdf, edited.masks)


def _applied(operation: Operation, genuine: Genuine) -> Iterator[Edited]:
    if operation.apply is not None:
        try:
            yield operation.apply(genuine)
        except ProgramFailed:
            return


def _prepared(operation: Operation, genuine: Genuine) -> Iterator[Edited]:
    if operation.prepare is None:
        yield Edited(genuine.pdf)
        return
    try:
        yield operation.prepare(genuine)
    except ProgramFailed:
        return


def _broken(shares: list[Share], *, whole: bool) -> list[str]:
    """Return what of the claims does not hold, as sentences."""
    by_name = {one.name: one for one in shares}
    unseen, originals = by_name["forgeries, families and operations not tuned on"], by_name["originals"]
    broken = []
    if unseen.files and unseen.share < DETECTION:
        broken.append(
            f"{unseen.share:.1%} of the forgeries not tuned on are refused; {DETECTION:.0%} is claimed."
        )
    if originals.detected:
        broken.append(f"{originals.detected} of {originals.files} originals are refused.")
    if whole and originals.files < FEWEST_ORIGINALS:
        broken.append(f"{originals.files} originals are fewer than {FEWEST_ORIGINALS}.")
    signed = by_name.get(RARE)
    if signed is not None and signed.detected < signed.files:
        broken.append(f"{signed.files - signed.detected} edits in place of signed files are accepted.")
    return broken


if __name__ == "__main__":
    sys.exit(main())
