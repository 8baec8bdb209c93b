"""Schemathesis: thousands of requests made from a description, and every answer checked against it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOOKS = "tools.conformance.hooks"
PROGRAM = Path(sys.executable).with_name("schemathesis")
LONGEST_SECONDS = 900
WORDS = 400
REFUSALS = ["400", "401", "403", "404", "405", "409", "413", "415", "422", "429", "5XX"]
Values = str | tuple[Sequence[str | int], float]


@dataclass(frozen=True)
class Known:
    """What is known of parameters, so that requests get past the first check.

    `path`: a pattern, from the beginning.
    `parameters`: by place and name (`path.account-id`, `body.sessionId`): one value for every request, or
    values and the share of requests that take one of them.
    """

    path: str
    parameters: Mapping[str, Values]
    method: str | None = None


@dataclass(frozen=True)
class Fuzzing:
    """One run. `paths`: pattern of the paths that are called. `checks`: names of schemathesis' checks."""

    name: str
    description: str
    url: str
    paths: str
    checks: Sequence[str]
    cases_each: int
    seed: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    known: Sequence[Known] = ()
    options: Sequence[str] = ()


@dataclass(frozen=True)
class Fuzzed:
    """What came of it."""

    operations: int
    cases: int
    faults: tuple[str, ...]


async def fuzzed(fuzzing: Fuzzing, where: Path) -> Fuzzed:
    """Run schemathesis in a folder of its own and read its report."""
    folder = where / fuzzing.name.replace(" ", "-")
    folder.mkdir()
    (folder / "known.toml").write_text(_configuration(fuzzing))
    output = folder / "output.txt"
    with output.open("wb") as file:
        process = await asyncio.create_subprocess_exec(
            *_command(fuzzing),
            cwd=folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            env=os.environ | {"PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": HOOKS},
        )
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                await process.wait()
        except BaseException:
            process.kill()
            await process.wait()
            raise
    report = folder / "report.json"
    if not report.exists():
        return Fuzzed(0, 0, (f"schemathesis did not run: {output.read_text()[-WORDS:]}",))
    return _read(json.loads(report.read_text()), output.read_text())


def _read(report: dict, output: str) -> Fuzzed:
    faults = [_told(failure) for failure in (*report["failures"], *report["errors"])]
    if report["exit_code"] and not faults:
        faults.append(f"schemathesis ended with {report['exit_code']}: {output[-WORDS:]}")
    return Fuzzed(report["operations"]["tested"], report["test_cases"]["generated"], tuple(faults))


def _told(failure: dict) -> str:
    return json.dumps(failure, ensure_ascii=False)[: 3 * WORDS]


def _command(fuzzing: Fuzzing) -> list[str]:
    arguments = [
        str(PROGRAM),
        *("--config-file", "known.toml", "run", fuzzing.description),
        *("--url", fuzzing.url, "--include-path-regex", fuzzing.paths, "--phases", "fuzzing"),
        *("--max-examples", str(fuzzing.cases_each), "--seed", str(fuzzing.seed)),
        *("--checks", ",".join(fuzzing.checks), "--continue-on-failure", "--no-shrink", "--no-color"),
        *("--suppress-health-check", "all", "--generation-database", "none", "--request-timeout", "20"),
        *("--report", "json", "--report-json-path", "report.json", "--warnings", "off"),
    ]
    for name, value in fuzzing.headers.items():
        arguments += ["--header", f"{name}: {value}"]
    return [*arguments, *fuzzing.options]


def name_pattern(known: Known) -> str:
    """Return the pattern of the names of operations, `GET /v1/data.xml`: method and path in one.

    Two patterns, one of the method and one of the path, would take what fits either.
    """
    return f"^{known.method or '[A-Z]+'} {known.path.removeprefix('^')}"


def _configuration(fuzzing: Fuzzing) -> str:
    """Write what is known as schemathesis' TOML; a JSON string is a TOML string as well."""
    dictionaries: list[str] = []
    operations: list[str] = []
    for number, known in enumerate(fuzzing.known):
        lines = ["[[operations]]", f"include-name-regex = {json.dumps(name_pattern(known))}"]
        lines.append("[operations.parameters]")
        for place, value in known.parameters.items():
            if isinstance(value, str):
                lines.append(f"{json.dumps(place)} = {json.dumps(value)}")
                continue
            values, share = value
            name = f"known{number}-{len(dictionaries)}"
            dictionaries.append(f"[dictionaries.{name}]\nvalues = {json.dumps(list(values))}")
            lines.append(
                f"{json.dumps(place)} = {{ dictionary = {json.dumps(name)}, probability = {share} }}"
            )
        operations.append("\n".join(lines))
    # What one answer holds is not tried in other requests: it would delete what these need.
    sources = "[phases.fuzzing.extra-data-sources]\nresponses = false"
    # A body may be too large before anything else is wrong with it.
    refusals = f"[checks.negative_data_rejection]\nexpected-statuses = {json.dumps(REFUSALS)}"
    return "\n\n".join((sources, refusals, *dictionaries, *operations, ""))
