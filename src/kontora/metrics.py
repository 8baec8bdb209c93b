"""What Kontora counts and times for Prometheus: numbers and names of the vocabulary, never a person."""

from __future__ import annotations

from collections import Counter as DictCounter
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

REQUEST_BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0)
COMMAND_BUCKETS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0)


class _PollCounts(Collector):
    """Counts polls in a plain dictionary: a counter of the library costs ten times as much a poll."""

    def __init__(self) -> None:
        self.by_state: DictCounter[str] = DictCounter()

    def collect(self) -> Iterable[Metric]:
        family = CounterMetricFamily(
            "kontora_polls", "Polls of commands, by what they told.", labels=["state"]
        )
        for state, count in self.by_state.items():
            family.add_metric([state], count)
        return [family]


class Metrics:
    """The metrics of one process, in the registry that is passed in."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self._polls = _PollCounts()
        registry.register(self._polls)
        self._requests = Counter(
            "kontora_requests",
            "Requests, by route and status; polls that told a state are counted apart.",
            ["method", "route", "status"],
            registry=registry,
        )
        self._request_seconds = Histogram(
            "kontora_request_seconds",
            "Time from a request to its reply.",
            ["route"],
            buckets=REQUEST_BUCKETS,
            registry=registry,
        )
        self._refused = Counter(
            "kontora_callers_refused", "Callers refused, by reason.", ["reason"], registry=registry
        )
        self._commands = Counter(
            "kontora_commands",
            "Commands that ended, by name and state.",
            ["name", "state"],
            registry=registry,
        )
        self._command_seconds = Histogram(
            "kontora_command_seconds",
            "Time that commands ran.",
            ["name"],
            buckets=COMMAND_BUCKETS,
            registry=registry,
        )
        self._bank_calls = Counter(
            "kontora_bank_calls",
            "Calls to banks, by target, operation and outcome.",
            ["target", "operation", "outcome"],
            registry=registry,
        )
        self._bank_call_seconds = Histogram(
            "kontora_bank_call_seconds",
            "Time that calls to banks took.",
            ["target"],
            buckets=COMMAND_BUCKETS,
            registry=registry,
        )
        self._tasks = Counter(
            "kontora_bank_tasks",
            "Sign-ins and imports that ended, by target and outcome.",
            ["target", "product", "outcome"],
            registry=registry,
        )
        self._failing = Gauge(
            "kontora_target_fails",
            "1 while a target fails by the rule, so that sign-ins go to its fallback.",
            ["target"],
            registry=registry,
        )
        self._statements = Counter(
            "kontora_statements",
            "PDFs that were read, by event, layout and outcome; a refused one has no layout.",
            ["kind", "layout", "outcome"],
            registry=registry,
        )
        self._statement_seconds = Histogram(
            "kontora_statement_seconds",
            "Time that reading a PDF took, with its wait for a turn.",
            ["kind"],
            buckets=COMMAND_BUCKETS,
            registry=registry,
        )
        self._open_sessions = Gauge("kontora_open_sessions", "Sessions that are open.", registry=registry)

    def polled(self, state: str) -> None:
        """Count a poll that told this state. Cheap: it is called hundreds of times a second."""
        self._polls.by_state[state] += 1

    def requested(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count and time a request. `route` is the template of the path, never the path."""
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def refused(self, reason: str) -> None:
        """Count a caller that was refused."""
        self._refused.labels(reason).inc()

    def command_ended(self, name: str, state: str, seconds: float) -> None:
        """Count and time a command that ended."""
        self._commands.labels(name, state).inc()
        self._command_seconds.labels(name).observe(seconds)

    def bank_called(self, target: str, operation: str, outcome: str, seconds: float) -> None:
        """Count and time a call to a bank. `outcome`: `ok`, or the name of the failure."""
        self._bank_calls.labels(target, operation, outcome).inc()
        self._bank_call_seconds.labels(target).observe(seconds)

    def task_ended(self, target: str, product: str, failure: str | None) -> None:
        """Count a sign-in or import that ended. `failure`: its name, or `None` for success."""
        self._tasks.labels(target, product, failure or "ok").inc()

    def target_fails(self, target: str, fails: bool) -> None:
        """Tell whether a target fails by the rule."""
        self._failing.labels(target).set(fails)

    def pdf_read(self, kind: str, layout: str, outcome: str, seconds: float) -> None:
        """Count and time a PDF. `kind`: of its event; `outcome`: `ok`, or the name of its refusal."""
        self._statements.labels(kind, layout, outcome).inc()
        self._statement_seconds.labels(kind).observe(seconds)

    def sessions_open(self, count: int) -> None:
        """Tell how many sessions are open now."""
        self._open_sessions.set(count)
