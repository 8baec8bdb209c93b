"""`kontora label`: labels for a table of money transactions, and why they stand."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from kontora.cli.label_output import counted, show, sum_up, write
from kontora.cli.output import say
from kontora.cli.table_files import STDIN, UTF_8, fallback_of, opened_table, starts_with_mark, text_of
from kontora.errors import InvalidArgument

if TYPE_CHECKING:
    from kontora.labels.table_labels import Survey
    from kontora.labels.table_rows import TableRow

BAR_STEP = 1000


def run(
    country: Annotated[str, typer.Option("--country", help="Whose rules: pl, es, cz or pt.")],
    file: Annotated[
        str | None, typer.Argument(metavar="FILE.csv", help="Money transactions; `-`, or none, reads stdin.")
    ] = None,
    owner: Annotated[
        str | None,
        typer.Option("--owner", metavar="NAME", help="Full name of the owner where no row has it."),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Add why each label stands; on a terminal, as a table.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="OUT.csv", help="Write here instead of to stdout.")
    ] = None,
) -> None:
    """Label money transactions; all columns pass through, `labels` comes last.

    Columns: date, amount; currency, title, party, party_iban, kind, account, mcc and owner if there.
    """
    from kontora.labels.labelling import Labeller, knowledge_of
    from kontora.labels.rules import COUNTRIES
    from kontora.labels.table_labels import labelled_rows
    from kontora.labels.table_rows import read_table

    country = country.lower()
    if country not in COUNTRIES:
        raise InvalidArgument(f"There are no labels for {country!r}. Countries: {', '.join(COUNTRIES)}.")
    if file is None and sys.stdin.isatty():
        raise InvalidArgument("Name a file, or pipe one: kontora label FILE.csv --country pl")
    with opened_table(file or STDIN) as table:
        has_mark = starts_with_mark(table)
        encoding, found = _looked_through(table, country, owner, has_mark=has_mark)
        count: Counter[str] = Counter()
        with text_of(table, encoding) as lines:
            head, rows = read_table(lines)
            told = labelled_rows(
                _with_bar(rows, found.rows), found.last, Labeller(knowledge_of(country)), owner
            )
            if explain and out is None and sys.stdout.isatty():
                show(counted(told, count), found.rows)
            else:
                write(counted(told, count), head, out, with_reasons=explain, with_mark=has_mark)
    sum_up(found, count)


def _looked_through(
    table: BinaryIO, country: str, owner: str | None, *, has_mark: bool
) -> tuple[str, Survey]:
    """Read all of a table before anything is written, and find out how its text is encoded."""
    fallback = fallback_of(country)
    for encoding in (UTF_8, fallback):
        try:
            return encoding, _survey(table, encoding, owner)
        except UnicodeDecodeError as error:
            if has_mark or encoding == fallback:
                raise InvalidArgument(
                    f"The table is not UTF-8{'' if has_mark else f', and not {fallback}'}: byte"
                    f" {error.object[error.start]:#04x} has no meaning there. Save it as CSV in UTF-8."
                ) from error
            say(f"The table is not UTF-8. It is read as {fallback}, as Windows wrote it; look at the names.")
    raise AssertionError("one of the encodings returns or raises")


def _survey(table: BinaryIO, encoding: str, owner: str | None) -> Survey:
    from kontora.labels.table_labels import survey
    from kontora.labels.table_rows import read_table

    with text_of(table, encoding) as lines:
        return survey(_with_bar(read_table(lines)[1], None), owner)


def _with_bar(rows: Iterable[TableRow], total: int | None) -> Iterator[TableRow]:
    """Pass rows on, and show on a terminal how far it is."""
    if not sys.stderr.isatty():
        yield from rows
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as progress:
        task = progress.add_task("Checking" if total is None else "Labelling", total=total)
        for number, row in enumerate(rows, start=1):
            if not number % BAR_STEP:
                progress.update(task, completed=number)
            yield row
