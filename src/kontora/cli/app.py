"""The commands and their names."""

from __future__ import annotations

from typing import Any, Self

import typer
from typer.core import TyperGroup

from kontora.cli import (
    client_add,
    client_list,
    client_set,
    demo,
    health,
    key_add,
    key_list,
    key_revoke,
    label,
    migrate,
    score_explain,
    score_train,
    serve,
    show_settings,
    statement,
    statement_learn,
    version,
    worker,
)
from kontora.cli.composition import Composition
from kontora.cli.output import complain
from kontora.errors import KontoraError

EXIT_FAILURE = 2


class _Commands(TyperGroup):
    """Ends an expected failure with one line instead of a traceback."""

    def invoke(self: Self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KontoraError as error:
            complain(error.name, error.message)
            raise typer.Exit(EXIT_FAILURE) from error


def _group(help_text: str) -> typer.Typer:
    return typer.Typer(help=help_text, no_args_is_help=True)


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Kontora reads bank data with the owner's consent. `kontora demo` shows it at work.",
)


@app.callback()
def _prepare(ctx: typer.Context) -> None:
    ctx.obj = ctx.obj or Composition()


app.command("demo")(demo.run)
app.command("serve")(serve.run)
app.command("worker")(worker.run)
app.command("migrate")(migrate.run)
app.command("health")(health.run)

_client = _group("The companies that may call: who they are, and from where.")
_client.command("add")(client_add.run)
_client.command("set")(client_set.run)
_client.command("list")(client_list.run)
app.add_typer(_client, name="client")

_key = _group("The API keys of a client.")
_key.command("add")(key_add.run)
_key.command("list")(key_list.run)
_key.command("revoke")(key_revoke.run)
app.add_typer(_key, name="key")

_statement = typer.Typer(
    cls=statement.Statements,
    no_args_is_help=True,
    help="Read statement PDFs on this machine: `kontora statement FILE...`; no server is needed.",
)
_statement.command(statement.READ)(statement.run)
_statement.command("learn")(statement_learn.run)
app.add_typer(_statement, name="statement")

app.command("label")(label.run)

_score = _group("How likely an owner repays, and why; no server is needed.")
_score.command("explain")(score_explain.run)
_score.command("train")(score_train.run)
app.add_typer(_score, name="score")

app.command("settings")(show_settings.run)
app.command("version")(version.run)
