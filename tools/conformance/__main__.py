"""Run the conformance checks: `python -m tools.conformance [line] [bank] [api]`."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console

from tools.conformance import bank, line, prism
from tools.conformance.report import Check, show
from tools.conformance.specification import NoSpecification, check_specification

SPECIFICATION = prism.ROOT.parent / "shared" / "specs" / "berlin-group" / "psd2-api_v1.3.11.yaml"
VARIABLE = "KONTORA_BERLIN_GROUP_SPEC"
PARTS = ("line", "bank", "api")


def main() -> int:
    """Run the checks and print a table; 1 where something does not conform, 2 where it could not be checked."""
    options = _parser().parse_args()
    console = Console()
    try:
        check_specification(options.spec)
        found = asyncio.run(_run(options, console))
    except (NoSpecification, prism.NoPrism) as missing:
        console.print(str(missing), markup=False, highlight=False)
        return 2
    show(console, found)
    return 1 if any(check.faults for check in found) else 0


async def _run(options: argparse.Namespace, console: Console) -> list[Check]:
    found: list[Check] = []
    with tempfile.TemporaryDirectory(prefix="kontora-conformance-", ignore_cleanup_errors=True) as name:
        where = Path(name)
        for part in options.parts or PARTS:
            began = time.monotonic()
            console.print(f"[bold]{part}[/bold] …")
            if part == "line":
                await prism.install()
                found += await line.checks(options.spec, where)
            if part == "bank":
                found += await bank.checks(options.spec, where, cases=options.cases // 2, seed=options.seed)
            console.print(f"  {time.monotonic() - began:.0f} s", style="dim")
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.conformance", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=PARTS, help="what to check (default: all)")
    parser.add_argument("--cases", type=int, default=6_000, help="requests that schemathesis makes (default: 6000)")
    parser.add_argument("--seed", type=int, default=1, help="their seed (default: 1)")
    parser.add_argument(
        "--spec",
        type=Path,
        default=Path(os.environ.get(VARIABLE, SPECIFICATION)),
        help=f"the Berlin Group's file (or in {VARIABLE}; default: beside the repository)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
