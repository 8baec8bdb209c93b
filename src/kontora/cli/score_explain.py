"""`kontora score explain`: the score of a table of money transactions, with every reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from kontora.cli.output import plain_table, say, show, show_table
from kontora.cli.table_files import UTF_8, opened_table, text_of
from kontora.errors import InvalidArgument, NoDataToCalculateScore

if TYPE_CHECKING:
    from kontora.scores.counterfactuals import Promise
    from kontora.scores.history import Loan
    from kontora.scores.scoring import Score, Scorer

BAR_WIDTH = 8
MOST_PROMISES = 3


def run(
    file: Annotated[str, typer.Argument(metavar="FILE.csv", help="Money transactions; `-` reads stdin.")],
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], help="Day of the decision; the day after the last row."),
    ] = None,
    loan: Annotated[float | None, typer.Option("--loan", min=1, help="The loan that is asked for.")] = None,
    instalment: Annotated[
        float | None, typer.Option("--instalment", min=0.01, help="What a month of it costs.")
    ] = None,
    months: Annotated[int | None, typer.Option("--months", min=1, help="For how many months.")] = None,
    model: Annotated[
        Path | None, typer.Option("--model", metavar="FILE", help="A model of your own.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the score as JSON.")] = False,
) -> None:
    """Score one owner: probability of repayment, what adds to it, and what would change it most.

    Columns: date, amount; balance, currency, party, party_iban, account and labels if there.
    """
    import msgspec

    from kontora.scores.counterfactuals import what_would_change
    from kontora.scores.history import Loan
    from kontora.scores.model_file import default_model, read_model
    from kontora.scores.scoring import Scorer
    from kontora.scores.table_rows import day_after, history_of_table

    scorer = Scorer(default_model() if model is None else read_model(model))
    asked = None if loan is instalment is months is None else Loan(loan, instalment, months)
    with _lines(file) as lines:
        history = history_of_table(lines, asked)
    if not history.is_labelled:
        say("The table has no column `labels`: what needs labels is not known.")
    day = on.date() if on else day_after(history)
    if day is None:
        raise NoDataToCalculateScore("The table has no money transactions.")
    score = scorer.score(history, day)
    if json:
        show(msgspec.json.encode(score).decode())
        return
    _tell(score, scorer, asked)
    _tell_promises(what_would_change(scorer, history, day))


@contextmanager
def _lines(file: str) -> Iterator[TextIO]:
    with opened_table(file) as table, text_of(table, UTF_8) as lines:
        try:
            yield lines
        except UnicodeDecodeError as error:
            raise InvalidArgument("The table is not UTF-8. Save it as CSV in UTF-8.") from error


def _tell(score: Score, scorer: Scorer, asked: Loan | None) -> None:
    model = scorer.model
    show(
        f"Score {score.value:.4f}, tier {score.tier}: {100 * score.value:.1f} % likely to repay, "
        f"at least as likely as {100 * score.percentile:.0f} % of the reference population."
    )
    show(f"As known on the morning of {score.day}{'' if asked else '; no loan is looked at'}.\n")
    table = plain_table("", "lowers", "raises", "log-odds")
    most = max((abs(one.contribution) for one in score.explanations), default=1.0)
    table.add_row("An average owner of the reference population", "", "", f"{score.base:+.3f}")
    for one in score.explanations:
        bar = "█" * max(1, round(BAR_WIDTH * abs(one.contribution) / most))
        low, high = (bar, "") if one.contribution < 0 else ("", bar)
        table.add_row(
            one.words, f"[red]{low:>{BAR_WIDTH}}[/red]", f"[green]{high}[/green]", f"{one.contribution:+.3f}"
        )
    total = score.base + sum(one.contribution for one in score.explanations)
    table.add_row("Sum", "", "", f"{total:+.3f}")
    show_table(table)
    show(f"\nModel {model.id}, {model.people} people, {model.bad} bad. {model.origin}")
    show(f"Features {score.features_version}, inputs sha256 {score.inputs_sha256}")


def _tell_promises(promises: tuple[Promise, ...]) -> None:
    if not promises:
        return
    show("\nWhat would change it most")
    for promise in promises[:MOST_PROMISES]:
        show(f"  {promise.words}: {promise.value:.4f} ({promise.gain:+.4f})")
