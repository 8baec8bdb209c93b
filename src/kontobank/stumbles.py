"""The flaky scenario: every third read fails, but what failed once is well when it is asked for again."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Stumbles:
    """Counts the reads of one consent or session; parallel reads and repetitions may come in any order."""

    reads: int = 0
    _fallen: set[str] = field(default_factory=set)

    def falls(self, what: str) -> bool:
        """Tell whether this read fails; `what` tells apart what is read."""
        self.reads += 1
        if self.reads % 3 or what in self._fallen:
            return False
        self._fallen.add(what)
        return True
