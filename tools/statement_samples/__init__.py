"""Honest samples: bank statements and confirmations of invented people, made apart from what reads them.

Nothing here is shared with the parser: a layout that is misread in both places would have to be misread
twice, by two readings of its description. README.md says what stands where and what is assumed.
"""

from tools.statement_samples.making import LAYOUTS, make, make_many
from tools.statement_samples.sample import Sample
from tools.statement_samples.story import Difficulty

__all__ = ["LAYOUTS", "Difficulty", "Sample", "make", "make_many"]
