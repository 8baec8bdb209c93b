"""`kontora statement`: read statement PDFs on this machine, without a server or a database."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup

from kontora.cli.composition import Composition
from kontora.cli.output import say
from kontora.cli.statement_files import (
    Came,
    given_password,
    prepare_folder,
    quiet_log,
    read_file,
    side_by_side,
)
from kontora.errors import InvalidArgument

if TYPE_CHECKING:
    from kontora.statements.children.zygote import WarmUp
    from kontora.statements.readings import ReadingOptions

EXIT_REFUSED = 1
READ = "read"

Files = Annotated[
    list[Path], typer.Argument(metavar="FILE...", exists=True, dir_okay=False, help="PDFs as downloaded.")
]
PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password of the files from standard input.")
]


class Statements(TyperGroup):
    """Takes `kontora statement FILE` for `kontora statement read FILE`."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override] # typer's own context
        """Put the command's name in front, where none is given."""
        if args and args[0] not in {*self.commands, "--help"}:
            args = [READ, *args]
        return super().parse_args(ctx, args)


def run(
    ctx: typer.Context,
    files: Files,
    trusted: Annotated[
        bool, typer.Option("--trusted", help="Return the data also where verifications failed.")
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print JSON, one object a line, as the API answers.")
    ] = False,
    password_stdin: PasswordStdin = False,
    accept_inconsistent: Annotated[
        bool, typer.Option("--accept-inconsistent", help="Read documents without balances, too.")
    ] = False,
    confirmation: Annotated[
        bool, typer.Option("--confirmation", help="The files are confirmations, not statements.")
    ] = False,
    evidence: Annotated[
        Path | None,
        typer.Option(metavar="OUT.pdf", help="Write the suspicious places, framed on their pages."),
    ] = None,
    profiles: Annotated[
        Path | None,
        typer.Option(metavar="DIR", exists=True, file_okay=False, help="Folder with profiles of your own."),
    ] = None,
    rows: Annotated[bool, typer.Option("--rows", help="Print every row, not only the ends.")] = False,
) -> None:
    """Read statements: account, rows and balances, and whether the file was altered.

    Ends with 1, if a file is refused.
    """
    from kontora.cli import statement_json, statement_panels
    from kontora.statements.readings import ReadingOptions

    if evidence is not None and len(files) > 1:
        raise InvalidArgument("--evidence takes one file at a time.")
    options = ReadingOptions(
        trusted=trusted,
        accept_inconsistent=accept_inconsistent,
        confirmations=confirmation,
        evidence=evidence is not None,
        password=given_password() if password_stdin else None,
    )
    came = asyncio.run(_read_all(files, options, warm_up(ctx.obj, profiles)))
    for one in came:
        if json:
            statement_json.tell(one, with_name=len(came) > 1)
        else:
            statement_panels.tell(one, all_rows=rows)
        if evidence is not None:
            _write_evidence(one, evidence)
    if any(one.reading is None for one in came):
        raise typer.Exit(EXIT_REFUSED)


def warm_up(composition: Composition, profiles: Path | None) -> WarmUp:
    """Return what the children are to know of the settings and the options."""
    from kontora.statements.children.zygote import WarmUp

    settings = composition.settings()
    return WarmUp(
        profiles_dir=_absolute(profiles or settings.statement_profiles_dir),
        pins_dir=_absolute(settings.statement_pins_dir),
        practice=settings.practice,
    )


def _absolute(folder: Path | None) -> str | None:
    return None if folder is None else str(folder.absolute())


async def _read_all(files: list[Path], options: ReadingOptions, warm_up: WarmUp) -> list[Came]:
    from kontora.statements.children.pool import StatementPool

    quiet_log()
    async with StatementPool(warm_up).running() as pool:
        return await side_by_side(lambda file: read_file(pool, file, options), files)


def _write_evidence(came: Came, file: Path) -> None:
    found = came.evidence_pdf
    if found is None:
        say("Nothing suspicious was found; no evidence was written.")
        return
    prepare_folder(file.parent)
    file.write_bytes(found)
    say(f"Evidence: {file}")
