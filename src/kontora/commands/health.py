"""The rule by which the ways into banks are judged, and the way that the next sign-in takes: all pure.

Two things are measured. Requests in a row without an answer, probes among them: five of those are the
breakdown that RTS (EU) 2018/389 Art. 33(1) presumes. And what becomes of whole sign-ins and imports: a bank
that answers every request and lets half of the tasks fail is broken, too.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from kontora.connectors.catalogue import Ways
from kontora.connectors.target import Target
from kontora.errors import (
    IO,
    BankChanged,
    BankError,
    ClientError,
    KontoraError,
    OperatorError,
    OwnerError,
    ServiceMaintenance,
    ServiceTemporarilyUnavailable,
    SessionExpired,
    failures,
)
from kontora.store.target_health import Outcomes, Run, Standing

CALL, SIGN_IN, IMPORT = "call", "sign_in", "import"
SUCCESS, BANK, OURS, OWNER = "success", "bank_error", "our_error", "owner_error"
REQUESTS_UNANSWERED, TASKS_FAILED = "requests_unanswered", "tasks_failed"
ANSWER_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Rule:
    """When a target fails, and when it is used again.

    It fails after `unanswered_in_row` requests without an answer within 30 s or with a failure of the bank's
    own (5xx); or when of at least `least_tasks` sign-ins and imports in the window a share of `failed_share`
    ended in an error of the bank. It is used again after `answered_in_row` answers; where the tasks failed
    though requests were answered, that proves nothing, so it is tried again after `rest_seconds`.
    Source: RTS (EU) 2018/389 Art. 33(1); `spec/psd2.md` 8.
    """

    unanswered_in_row: int = 5
    answered_in_row: int = 2
    least_tasks: int = 10
    failed_share: float = 0.5
    window_seconds: float = 300.0
    rest_seconds: float = 45.0
    calm_seconds: float = 10.0
    troubled_seconds: float = 5.0


RULE = Rule()


def judge(standing: Standing, rule: Rule = RULE) -> str | None:
    """Return why a target fails by the rule, in a word of the vocabulary; `None`, if it does not."""
    if standing.reason == TASKS_FAILED:
        return None if standing.changed_seconds >= rule.rest_seconds else TASKS_FAILED
    if standing.reason is not None:
        return None if standing.answered >= rule.answered_in_row else standing.reason
    if standing.unanswered >= rule.unanswered_in_row:
        return REQUESTS_UNANSWERED
    tasks = standing.successes + standing.bank_errors
    if tasks >= rule.least_tasks and standing.bank_errors >= rule.failed_share * tasks:
        return TASKS_FAILED
    return None


def class_of(failure: str | None) -> str | None:
    """Tell whose failure it is by its name; `None` stands for success, and as the answer for: not counted."""
    if failure is None:
        return SUCCESS
    kind = failures().get(failure)
    if kind is None:
        return OURS
    return _class(kind)


def _class(kind: type[KontoraError]) -> str | None:
    if issubclass(kind, BankChanged | OperatorError):
        return OURS
    if issubclass(kind, OwnerError | SessionExpired):
        return OWNER
    if issubclass(kind, BankError):
        return BANK
    if issubclass(kind, ClientError):
        return None
    return OURS


_UNANSWERED = frozenset({IO.__name__, ServiceMaintenance.__name__, ServiceTemporarilyUnavailable.__name__})


def was_answered(outcome: str) -> bool | None:
    """Tell by the outcome of a call, a status or a failure, whether the bank answered; `None`: unknown."""
    if outcome.isdigit():
        return int(outcome) < 500
    if outcome in _UNANSWERED:
        return False
    return True if outcome == BankChanged.__name__ else None


@dataclass(frozen=True, slots=True)
class Choice:
    """The way that a sign-in takes. `reason`: why it is the fallback; `None` for the usual way."""

    target: Target
    reason: str | None = None

    @property
    def detail(self) -> dict[str, int | float | str | bool] | None:
        """What the event of the session tells of it."""
        return None if self.reason is None else {"fallback_reason": self.reason}


def choose(ways: Ways, failing: dict[str, str], access_mode: str | None = None) -> Choice:
    """Choose the API; while it fails, the fallback, if the institution allows it.

    A client that wants `MULTIPLE` only stays with the API: no fallback knows multiple access.
    """
    usual, fallback = ways.targets[0], ways.fallback
    if ways.api is None or fallback is None or access_mode == "MULTIPLE":
        return Choice(usual)
    reason = failing.get(ways.api.name)
    return Choice(usual) if reason is None else Choice(fallback, reason)


def outcomes_of(tasks: Counter[tuple[str, str, str]], calls: list[tuple[str, bool]]) -> list[Outcomes]:
    """Sum up by target and product."""
    counts = Counter(tasks)
    for target, answered in calls:
        counts[target, CALL, SUCCESS if answered else BANK] += 1
    return [
        Outcomes(
            target,
            product,
            counts[target, product, SUCCESS],
            counts[target, product, BANK],
            counts[target, product, OURS],
            counts[target, product, OWNER],
        )
        for target, product in sorted({(target, product) for target, product, _ in counts})
    ]


def runs_of(calls: list[tuple[str, bool]]) -> list[Run]:
    """Return for each target how its latest calls in a row ended."""
    runs: dict[str, Run] = {}
    for target, answered in calls:
        known = runs.get(target, Run(target, 0, 0, began_anew=False))
        if answered:
            runs[target] = Run(target, 0, known.answered + 1, known.began_anew or known.unanswered > 0)
        else:
            runs[target] = Run(target, known.unanswered + 1, 0, known.began_anew or known.answered > 0)
    return list(runs.values())
