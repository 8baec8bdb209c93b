"""From a failure to the answer: named for the client, silent about everything else."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import structlog

from kontora.api.envelope import XML, Envelope, comment, exception
from kontora.api.visits import Answer, Visit
from kontora.errors import InvalidBody, KontoraError, Unauthorized

JSON = "application/json"
INTERNAL_ERROR = "InternalError"
INTERNAL_MESSAGE = "An internal error. It has been reported to the operator. Try again, then ask support."

log = structlog.get_logger("kontora.api")


class Failures:
    """Writes failures: XML as `reply`, or JSON as `exception`, as the path has it."""

    def __init__(self, envelope: Envelope) -> None:
        self._envelope = envelope

    def answer(
        self, error: KontoraError, visit: Visit, headers: tuple[tuple[bytes, bytes], ...] = ()
    ) -> Answer:
        """Write a named failure; 429 and 503 tell when to come again."""
        wait = error.retry_after_seconds
        if wait is not None and error.http_status in {429, 503}:
            headers = (*headers, (b"retry-after", str(wait).encode()))
        errors = error.errors if isinstance(error, InvalidBody) else ()
        return self._written(
            error.http_status, error.name, error.message, error.friendly_message, visit, headers, errors
        )

    def internal(self, error: Exception, visit: Visit) -> Answer:
        """Log what nobody expected, and write an answer without details."""
        log.error("request_failed", exc_info=error, method=visit.method, route=visit.route)
        return self._written(500, INTERNAL_ERROR, INTERNAL_MESSAGE, None, visit, ())

    def _written(
        self,
        status: int,
        name: str,
        message: str,
        friendly_message: str | None,
        visit: Visit,
        headers: tuple[tuple[bytes, bytes], ...],
        errors: Sequence[tuple[str, str]] = (),
    ) -> Answer:
        if visit.wants_json:
            told = {"name": name, "message": message}
            if friendly_message is not None:
                told["friendlyMessage"] = friendly_message
            document: dict[str, object] = {"exception": told}
            if errors:
                document["errors"] = [{"path": path, "message": wrong} for path, wrong in errors]
            return Answer(status, msgspec.json.encode(document), JSON, headers)
        if name == Unauthorized.__name__:
            return Answer(status, self._envelope.failure(status, comment(message)), XML, headers)
        body = self._envelope.failure(
            status,
            exception(name, message, friendly_message),
            user=None if visit.caller is None else visit.caller.client.id,
            owner_external_id=visit.owner_external_id,
        )
        return Answer(status, body, XML, headers)
