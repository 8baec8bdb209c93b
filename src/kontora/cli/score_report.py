"""What a training found, as tables."""

from __future__ import annotations

from kontora.cli.output import plain_table, show, show_table
from kontora.scores.training.metrics import Estimate
from kontora.scores.training.reports import Trained


def tell(trained: Trained) -> None:
    """Print every table, then what it allows to claim."""
    model, report = trained.model, trained.report
    protocol = model.protocol[:1].upper() + model.protocol[1:]
    show(f"Model {model.id}: {model.people} people, {model.bad} bad. {protocol}.")
    for question, rows in report.questions.items():
        show(f"\nThe score {question}")
        table = plain_table("", "AUC (95 %)", "lead of the first", "slope", "Brier")
        for row in rows:
            brier = "" if row.brier is None else _short(row.brier.value)
            table.add_row(row.name, _shown(row.auc), _shown(row.auc_lead), _shown(row.slope, digits=2), brier)
        show_table(table)
        for sentence in report.verdicts[question]:
            show(f"  {sentence}")
    show("\nTiers, each person scored by models that had not seen them")
    table = plain_table("tier", "from", "people", "bad", "repaid")
    for tier in report.tiers:
        repaid = "" if tier.repaid is None else f"{100 * tier.repaid:.1f} %"
        table.add_row(tier.tier, f"{tier.lowest:g}", str(tier.people), str(tier.bad), repaid)
    show_table(table)
    if report.groups:
        show("\nGroups (never looked at by the model)")
        table = plain_table("group", "people", "bad", "repaid", "expected", "AUC (95 %)")
        for group in report.groups:
            table.add_row(
                group.group,
                str(group.people),
                str(group.bad),
                f"{100 * group.repaid:.1f} %",
                f"{100 * group.expected:.1f} %",
                _shown(group.auc) or "too few bad",
            )
        show_table(table)
    show("")
    show(report.limits)


def _shown(estimate: Estimate | None, digits: int = 3) -> str:
    """Show a number with its interval in so few signs that a row fits a narrow screen."""
    if estimate is None:
        return ""
    value, low, high = (_short(one, digits) for one in (estimate.value, estimate.low, estimate.high))
    return f"{value} ({low}–{high})"


def _short(number: float, digits: int = 3) -> str:
    shown = f"{number:.{digits}f}"
    return shown.replace("0.", ".", 1) if shown.lstrip("-").startswith("0.") else shown
