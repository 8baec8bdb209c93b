"""`kontora score train`: train a score on one's own outcomes, and see how far it can be trusted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kontora.cli.output import complain, say
from kontora.errors import InvalidArgument

if TYPE_CHECKING:
    from kontora.scores.features import FeatureSet

EXIT_REFUSED = 2


def run(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", exists=True, file_okay=False, help="people.csv and transactions.csv."),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to write the model (JSON).")
    ] = None,
    card: Annotated[
        Path | None, typer.Option("--card", metavar="FILE", help="Where to write the model card (Markdown).")
    ] = None,
    model_id: Annotated[
        str | None,
        typer.Option("--id", metavar="ID", help="Name of the model; with today's date by default."),
    ] = None,
) -> None:
    """Train a score on people with known outcomes, measure it, and print what was measured.

    Ends with 2, and trains nothing, if a feature sees past the day of a decision.
    """
    from kontora.scores.score_features import SCORE_1

    train_folder(folder, out, card, model_id, features=SCORE_1, at=datetime.now(UTC))


def train_folder(
    folder: Path,
    out: Path | None,
    card: Path | None,
    model_id: str | None,
    *,
    features: FeatureSet,
    at: datetime,
) -> None:
    """Train with these features; the command's own part, apart from what it takes for granted."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from kontora.cli import score_report
    from kontora.scores.model_file import write_model
    from kontora.scores.training.card import card_of
    from kontora.scores.training.leaks import FeatureLooksAhead
    from kontora.scores.training.population import read_population
    from kontora.scores.training.train import steps, train

    population = read_population(folder)
    say(f"{len(population.people)} people, {population.bad} of them bad. {population.about}")
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Training", total=steps(population))
        try:
            trained = train(
                population,
                model_id=model_id or f"own-{at:%Y-%m-%d}",
                at=at.replace(microsecond=0),
                features=features,
                tick=lambda: progress.advance(task),
            )
        except FeatureLooksAhead as error:
            complain(type(error).__name__, f"{error}. Nothing was trained.")
            raise typer.Exit(EXIT_REFUSED) from error
    score_report.tell(trained)
    if out is not None:
        _written(out, lambda: write_model(trained.model, out))
    if card is not None:
        _written(card, lambda: card.write_text(card_of(trained, features), encoding="utf-8"))


def _written(file: Path, write: Callable[[], object]) -> None:
    try:
        write()
    except OSError as error:
        raise InvalidArgument(f"{file} cannot be written: {error.strerror}.") from error
    say(f"Written: {file}")
