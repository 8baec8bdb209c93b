"""The metrics: numbers and names of the vocabulary."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, generate_latest

from kontora.metrics import Metrics


def test_everything_that_is_told_is_counted_and_timed() -> None:
    metrics = Metrics(CollectorRegistry())
    metrics.polled("in_progress")
    metrics.polled("in_progress")
    metrics.requested("GET", "/v1/data.xml", 200, 0.02)
    metrics.refused("no_key")
    metrics.command_ended("DefaultImportCommand", "successful", 3.0)
    metrics.bank_called("KontoBankApi", "getAccountList", "ok", 0.3)
    metrics.pdf_read("statement_read", "mbank-statement", "ok", 0.2)
    metrics.pdf_read("statement_read", "", "PdfIsScan", 0.1)
    metrics.sessions_open(7)
    text = generate_latest(metrics.registry).decode()
    for line in (
        'kontora_polls_total{state="in_progress"} 2.0',
        'kontora_requests_total{method="GET",route="/v1/data.xml",status="200"} 1.0',
        'kontora_request_seconds_bucket{le="0.025",route="/v1/data.xml"} 1.0',
        'kontora_callers_refused_total{reason="no_key"} 1.0',
        'kontora_commands_total{name="DefaultImportCommand",state="successful"} 1.0',
        'kontora_command_seconds_count{name="DefaultImportCommand"} 1.0',
        'kontora_bank_calls_total{operation="getAccountList",outcome="ok",target="KontoBankApi"} 1.0',
        'kontora_bank_call_seconds_sum{target="KontoBankApi"} 0.3',
        'kontora_statements_total{kind="statement_read",layout="mbank-statement",outcome="ok"} 1.0',
        'kontora_statements_total{kind="statement_read",layout="",outcome="PdfIsScan"} 1.0',
        'kontora_statement_seconds_count{kind="statement_read"} 2.0',
        "kontora_open_sessions 7.0",
    ):
        assert line in text.splitlines()


def test_two_processes_in_one_test_do_not_share_numbers() -> None:
    first, second = Metrics(CollectorRegistry()), Metrics(CollectorRegistry())
    first.polled("setup")
    assert second.registry.get_sample_value("kontora_polls_total", {"state": "setup"}) is None
