"""What `kontora label` gives back: the table with its labels, or a picture of it, and the sum of it all."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from kontora.cli.output import plain_table, say, show_table
from kontora.cli.table_files import written

if TYPE_CHECKING:
    from kontora.labels.reasons import Reason
    from kontora.labels.table_labels import LabelledRow, Survey
    from kontora.labels.table_rows import Head

LABELS, REASONS = "labels", "reasons"
NOTHING = ""
MOST_SHOWN = 500
MOST_NAMED = 8


def counted(rows: Iterable[LabelledRow], count: Counter[str]) -> Iterator[LabelledRow]:
    """Pass rows on and count their labels; under the empty name, rows that have any."""
    for row in rows:
        count.update(row.labels)
        count[NOTHING] += bool(row.reasons)
        yield row


def write(
    rows: Iterable[LabelledRow], head: Head, out: Path | None, *, with_reasons: bool, with_mark: bool
) -> None:
    """Write all cells as they came, without columns of an earlier labelling, and ours at the end."""
    ours = (LABELS, REASONS) if with_reasons else (LABELS,)
    kept = [place for place, name in enumerate(head.names) if name.strip().lower() not in ours]
    with written(out, with_mark=with_mark) as text:
        writer = csv.writer(text, delimiter=head.delimiter, lineterminator=head.line_end)
        writer.writerow([*(head.names[place] for place in kept), *ours[::-1]])
        for row in rows:
            cells = [row.row.cells[place] for place in kept]
            if with_reasons:
                cells.append("; ".join(map(told, row.reasons or ())))
            writer.writerow([*cells, "|".join(row.labels)])


def told(reason: Reason) -> str:
    """Tell why a label stands: `grocery: dictionary brand.grocery "BIEDRONKA" 1.00 Biedronka`."""
    vendor = f" {reason.vendor}" if reason.vendor else ""
    return f'{reason.label}: {reason.stage} {reason.rule} "{reason.matched}" {reason.confidence:.2f}{vendor}'


def show(rows: Iterable[LabelledRow], total: int) -> None:
    """Show a table for eyes; of a long one, the first rows."""
    from rich.markup import escape

    rows = iter(rows)
    table = plain_table("Date", "Amount", "Other side and title", "Labels, and why")
    table.columns[0].no_wrap = table.columns[1].no_wrap = True
    table.columns[1].justify = "right"
    for row in islice(rows, MOST_SHOWN):
        item = row.row.item
        words = " · ".join(" ".join(part.split()) for part in (item.party, item.title) if part)
        colour = "green" if item.currency_amount > 0 else "default"
        table.add_row(
            str(item.transaction_on),
            f"[{colour}]{item.currency_amount:,.2f}[/] {escape(row.row.currency)}".replace(",", " ").rstrip(),
            escape(words) or f"[dim]{escape(item.kind or '')}[/]",
            "\n".join(_in_colour(reason) for reason in row.reasons or ()) or "[dim]no label[/]",
        )
    show_table(table)
    for _ in rows:  # counted all the same
        pass
    if total > MOST_SHOWN:
        say(f"The first {MOST_SHOWN} of {total} rows. All of them: --out OUT.csv")


def _in_colour(reason: Reason) -> str:
    from rich.markup import escape

    vendor = f" · {reason.vendor}" if reason.vendor else ""
    sure = "" if reason.confidence == 1 else f" {reason.confidence:.2f}"
    why = f'{reason.stage} {reason.rule} "{reason.matched}"{sure}{vendor}'
    return f"[bold cyan]{reason.label}[/]  [dim]{escape(why)}[/]"


def sum_up(found: Survey, count: Counter[str]) -> None:
    """Say how many rows there are, how many have labels, and which are the most frequent."""
    labelled = count.pop(NOTHING, 0)
    share = f" ({100 * labelled / found.rows:.1f} %)" if found.rows else ""
    accounts = _number(len(found.accounts), "account")
    owners = f" of {_number(found.owners, 'owner')}" if found.owners else ""
    say(f"{_number(found.rows, 'row')}, {accounts}{owners}: {labelled:,} with labels{share}.")
    if count:
        most = sorted(count.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_NAMED]
        say("Most frequent: " + ", ".join(f"{name} {number:,}" for name, number in most))
    if found.nameless > 1:
        say(
            f"{found.nameless:,} accounts have no owner, and are taken for those of different people."
            ' --owner "FULL NAME" makes them one\'s, and finds what goes between them.'
        )


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
