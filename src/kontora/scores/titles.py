"""Labels of rows whose titles are the words of a bank's own few categories, as in old data sets.

It serves data that no label rule knows; whoever has labels uses these.
"""

from __future__ import annotations

# The words of the Berka data, translated and as they were. The first that is found decides.
# Example: `withdrawal in cash sanction interest` is a late payment, not a withdrawal.
_TITLES = (
    ("sanction interest", "late payment"),
    ("sankc. urok", "late payment"),
    ("interest credited", "interest income"),
    ("old-age pension", "pension"),
    ("duchod", "pension"),
    ("insurance", "insurance"),
    ("pojistne", "insurance"),
    ("statement fee", "fee"),
    ("payment for statement", "fee"),
    ("sluzby", "fee"),
    ("loan payment", "loan repayment"),
    ("uver", "loan repayment"),
    ("household", "utilities"),
    ("sipo", "utilities"),
    ("credit in cash", "cash deposit"),
    ("vklad", "cash deposit"),
    ("withdrawal in cash", "cash withdrawal"),
    ("card withdrawal", "cash withdrawal"),
    ("vyber", "cash withdrawal"),
)


def labels_of_title(title: str | None) -> tuple[str, ...]:
    """Return the label of a title; empty, where it says nothing."""
    if not title:
        return ()
    words = title.casefold()
    return next(((label,) for part, label in _TITLES if part in words), ())
