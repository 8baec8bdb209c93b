"""The owner at the web bank, the same for Kontora's connector and for the browser."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

TARGET = "KontoBank"
ROOT = "/web/pl"
LOGIN = "test1"
PASSWORD = "Test123"
FIRST_DAY = (datetime.now(UTC) - timedelta(days=90)).date()
