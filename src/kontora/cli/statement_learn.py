"""`kontora statement learn`: how a bank makes its files, learned from genuine ones."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from kontora.cli.output import say, show
from kontora.cli.statement import Files, PasswordStdin, warm_up
from kontora.cli.statement_files import contents, given_password, prepare_folder, quiet_log, side_by_side
from kontora.errors import InvalidArgument, StatementError

if TYPE_CHECKING:
    from kontora.statements.children.pool import StatementPool
    from kontora.statements.children.zygote import WarmUp
    from kontora.statements.document import Document
    from kontora.statements.layout import Layout
    from kontora.statements.readings import ReadingOptions


def run(
    ctx: typer.Context,
    layout: Annotated[str, typer.Argument(metavar="LAYOUT", help="A layout, such as mbank-statement.")],
    files: Files,
    out: Annotated[
        Path, typer.Option(metavar="DIR", file_okay=False, help="Folder to write the profile to.")
    ],
    password_stdin: PasswordStdin = False,
) -> None:
    """Learn the profile of a layout from genuine files, three or more, and write it to a folder."""
    from kontora.statements.children.zygote import DOCUMENT_READER
    from kontora.statements.library import layout_of, layouts
    from kontora.statements.profiles import SUFFIX, learn, profile_json
    from kontora.statements.readings import ReadingOptions

    known = layout_of(layout)
    if known is None:
        names = ", ".join(one.name for one in layouts())
        raise InvalidArgument(f"There is no layout {layout!r}. There are: {names}.")
    options = ReadingOptions(
        confirmations=known.is_confirmation,
        password=given_password() if password_stdin else None,
        today=date.today(),  # noqa: DTZ011 - the day that a person here would name
    )
    reader = msgspec.structs.replace(warm_up(ctx.obj, None), reader=DOCUMENT_READER)
    documents = asyncio.run(_open_all(files, known, options, reader))
    try:
        profile = learn(layout, documents)
    except ValueError as error:
        raise InvalidArgument(str(error)) from error
    prepare_folder(out)
    written = out / f"{layout}{SUFFIX}"
    written.write_bytes(profile_json(profile))
    say(f"{len(documents)} files taught the profile of {layout}.")
    show(str(written))


async def _open_all(
    files: list[Path], layout: Layout, options: ReadingOptions, warm_up: WarmUp
) -> list[Document]:
    from kontora.statements.children.pool import StatementPool

    quiet_log()
    async with StatementPool(warm_up).running() as pool:
        return await side_by_side(lambda file: _genuine(pool, file, layout, options), files)


async def _genuine(pool: StatementPool, file: Path, layout: Layout, options: ReadingOptions) -> Document:
    """Open a file and see that it is of the layout, and that nothing about it is suspicious by itself.

    Raises: InvalidArgument, if one of that does not hold.
    """
    from kontora.statements.examining import examine
    from kontora.statements.library import layouts
    from kontora.statements.profiles import Profiles

    assert options.today is not None
    try:
        document = await pool.open(await contents(file), options)
        examined = examine(
            document,
            layouts(),
            Profiles(),
            confirmations=options.confirmations,
            today=options.today,
        )
    except StatementError as error:
        raise InvalidArgument(f"{file.name}: {error.name}: {error.message}") from error
    if examined.layout.name != layout.name:
        raise InvalidArgument(f"{file.name} is of the layout {examined.layout.name}.")
    if examined.refuses:
        worst = next(one for one in examined.failed if one.severity.refuses)
        raise InvalidArgument(f"{file.name} is not genuine: {worst.message}")
    return document
