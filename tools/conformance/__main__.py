"""Run the conformance checks: `python -m tools.conformance [line] [widget] [polish] …`."""

from __future__ import annotations

import argparse
import asyncio
import math
import os
import sys
import tempfile
import time
from collections.abc import Awaitable
from pathlib import Path

from rich.console import Console

from tools.conformance import api, bank, lender, line, polish_api, prism, swagger, widget
from tools.conformance.report import Check, show
from tools.conformance.specification import NoSpecification, check_specification

SPECIFICATION = prism.ROOT.parent / "shared" / "specs" / "berlin-group" / "psd2-api_v1.3.11.yaml"
VARIABLE = "BERLIN_GROUP_SPEC"
PARTS = ("line", "widget", "lender", "polish", "bank", "api")


def main() -> int:
    """Run the checks and print a table; 1 where something does not conform, 2 where it is unknown."""
    parser = _parser()
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    console = Console()
    try:
        check_specification(options.spec)
        found = asyncio.run(_run(options, console))
    except (NoSpecification, swagger.NoSpecification, prism.NoPrism) as missing:
        console.print(str(missing), markup=False, highlight=False)
        return 2
    show(console, found)
    return 1 if any(check.faults for check in found) else 0


async def _run(options: argparse.Namespace, console: Console) -> list[Check]:
    parts, each = options.parts or PARTS, math.ceil(options.cases / 2)
    with tempfile.TemporaryDirectory(prefix="kontora-conformance-", ignore_cleanup_errors=True) as name:
        where = Path(name)
        found: list[Check] = []
        if {"line", "widget", "lender"} & {*parts}:
            await prism.install()
        if "line" in parts:
            found += await _timed(console, "line", line.checks(options.spec, _folder(where, "line")))
        if "widget" in parts:
            found += await _timed(console, "widget", widget.checks(options.spec, _folder(where, "widget")))
        if "lender" in parts:
            found += await _timed(console, "lender", lender.checks(_folder(where, "lender")))
        if "polish" in parts:
            found += await _timed(console, "polish", polish_api.checks(options.polish_spec))
        work = {
            "bank": lambda: bank.checks(options.spec, _folder(where, "bank"), cases=each, seed=options.seed),
            "api": lambda: api.checks(_folder(where, "api"), cases=each, seed=options.seed),
        }
        fuzzing = [_timed(console, part, work[part]()) for part in parts if part in work]
        fuzzed = [check for checks in await asyncio.gather(*fuzzing) for check in checks]
        if len(fuzzing) == len(work):
            fuzzed.append(_enough(fuzzed, options.cases))
        return found + fuzzed


def _enough(checks: list[Check], wanted: int) -> Check:
    """Make sure that as many requests were made as were wanted."""
    made = sum(check.cases for check in checks)
    faults = () if made >= wanted else (f"only {made} of {wanted} cases",)
    return Check("all cases", f"{made} cases, {wanted} wanted", faults)


def _folder(where: Path, name: str) -> Path:
    folder = where / name
    folder.mkdir()
    return folder


async def _timed(console: Console, part: str, work: Awaitable[list[Check]]) -> list[Check]:
    began = time.monotonic()
    console.print(f"[bold]{part}[/bold] …")
    found = await work
    console.print(f"[bold]{part}[/bold] done in {time.monotonic() - began:.0f} s")
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.conformance", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)} (default: all)")
    parser.add_argument(
        "--cases", type=int, default=6_000, help="requests that schemathesis makes (default: 6000)"
    )
    parser.add_argument("--seed", type=int, default=1, help="their seed (default: 1)")
    parser.add_argument(
        "--spec",
        type=Path,
        default=Path(os.environ.get(VARIABLE, SPECIFICATION)),
        help=f"the Berlin Group's file (or in {VARIABLE}; default: beside the repository)",
    )
    parser.add_argument(
        "--polish-spec",
        type=Path,
        default=Path(os.environ.get(polish_api.VARIABLE, polish_api.SPECIFICATION)),
        help=f"PolishAPI's file (or in {polish_api.VARIABLE}; default: beside the repository)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
