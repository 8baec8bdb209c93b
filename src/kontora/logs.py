"""Structured logs: named fields only, nothing secret, no local variables, one line an event.

A field that is not in `FIELDS` is dropped, and its name is told. What is written is then redacted by
name and by value, here and nowhere else. Exceptions are written as types and places; only the
messages of our own failures are repeated, for they name no person and no secret.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import logging
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import IO, Any

import msgspec
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from kontora.errors import KontoraError

REDACTED = "[redacted]"
LONGEST_TEXT = 500
TOGETHER_SECONDS = 0.1
MOST_TOGETHER = 500

# fmt: off
FIELDS = frozenset((
    "event", "level", "logger", "timestamp", "exception",
    "access", "attempt", "bytes", "client_id", "command_id", "count", "countries", "country", "database",
    "destroyed", "duty", "ending", "environment", "failure", "fields", "host", "imports", "institution",
    "interval_seconds", "job_id", "keys", "limit", "method", "milliseconds", "mode", "money_transactions",
    "name", "operation", "outcome", "owners", "path", "pause_seconds", "pid", "port", "practice", "progress",
    "reason", "retry_seconds", "route", "sandbox", "seconds", "session_id", "sessions", "state", "status",
    "step", "target", "targets", "tries", "url", "version", "violations", "worker",
))
# fmt: on

_SECRET_NAME = re.compile(
    r"pass(?:word|wd|phrase|code)?$|pwd|secret|token|credential|signature|api[_-]?key|(?:^|_)key$|private|master"
    r"|authori[sz]ation|cookie|bearer|(?:^|_)(?:otp|pin|cvv|cvc|tan|code)$|iban|pesel|card_?number|psu|email|phone"
    r"|owner_external_id|multiple_access_id",
    re.IGNORECASE,
)
_SECRET_VALUE = re.compile(
    r"""
      [0-9A-Fa-f]{32,}                                    # keys, digests, signatures
    | \beyJ[\w-]{5,}\.[\w-]*(?:\.[\w-]*)*                 # JSON web tokens
    | (?:\bauthori[sz]ation["']?\s*[:=]\s*)?\b(?:Bearer|Basic|Digest)\s+\S+
    | (?<=://)[^/\s:@]*:[^/\s@]*(?=@)                     # user and password in a URL
    | (?<=[?&])[\w.%-]+=[^&\s"']*                         # query strings
    | \b[\w-]*(?:pass(?:word|wd|code)?|pwd|secret|token|credential|signature|api[_-]?key|authorization|cookie
        |otp|pin)["']?\s*[=:]\s*(?:"[^"]*"|'[^']*'|[^\s,;&)}\]]+)
    | \b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,4})?\b   # IBANs
    | (?<![\w.])(?:\d[ -]?){15,18}\d(?![\w.])             # card and account numbers
    | [\w.+-]+@[\w-]+\.[\w.-]+                            # e-mail addresses
    | -----BEGIN[ ][A-Z ]+-----.*                         # PEM
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


def redacted_text(text: str) -> str:
    """Return the text without what looks like a secret or a person's number, cut to 500 characters."""
    return _SECRET_VALUE.sub(REDACTED, text)[:LONGEST_TEXT]


def redacted(name: str, value: object) -> object:
    """Return what may be written of a field: numbers as they are, text redacted, the rest by its type."""
    if _SECRET_NAME.search(name):
        return REDACTED
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return redacted_text(value)
    if isinstance(value, Mapping):
        return {str(key): redacted(str(key), item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redacted(name, item) for item in value]
    return f"<{type(value).__name__}>"


def _allowed_fields(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    kept = {name: redacted(name, value) for name, value in event.items() if name in FIELDS}
    dropped = sorted(redacted_text(str(name)) for name in event if name not in FIELDS)
    return kept | {"dropped_fields": dropped} if dropped else kept


def described(error: BaseException) -> list[str]:
    """Return an exception and its causes as types and places, outermost first; no values, no locals."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        told = f": {redacted_text(current.message)}" if isinstance(current, KontoraError) else ""
        lines.append(f"{type(current).__module__}.{type(current).__qualname__}{told}")
        lines.extend(_places(current.__traceback__))
        if isinstance(current, BaseExceptionGroup):
            lines.extend(line for part in current.exceptions[:5] for line in described(part))
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return lines


def _places(trace: TracebackType | None) -> Iterable[str]:
    while trace is not None:
        code = trace.tb_frame.f_code
        yield f"  {code.co_filename}:{trace.tb_lineno} {code.co_name}"
        trace = trace.tb_next


def _exceptions(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()[1]
    elif isinstance(found, tuple):
        found = found[1]
    if isinstance(found, BaseException):
        event["exception"] = described(found)
    event.pop("stack_info", None)
    return event


def _first_line(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Keep the first line of what a library says: the rest may quote arguments and exceptions."""
    event["event"] = str(event.get("event", "")).partition("\n")[0]
    return event


def _json_line(_: WrappedLogger, __: str, event: EventDict) -> str:
    return json.dumps(event, ensure_ascii=True, default=str)


def _console_line(_: WrappedLogger, __: str, event: EventDict) -> str:
    exception = event.pop("exception", [])
    head = f"{event.pop('timestamp', '')} {event.pop('level', ''):<8} {event.pop('event', '')}"
    rest = " ".join(f"{name}={value}" for name, value in event.items())
    return "\n".join(_visible(line) for line in (f"{head} {rest}".rstrip(), *exception))


def _visible(text: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


_SHARED: tuple[Processor, ...] = (
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _exceptions,
)


def configure_logging(level: str = "INFO", *, style: str = "json", stream: IO[str] | None = None) -> None:
    """Send every log of the process, structlog's and the standard library's, to one stream.

    `level`: of our own loggers; libraries speak from WARNING on. `style`: `json` or `console`.
    `stream`: standard error unless given.
    """
    render = _console_line if style == "console" else _json_line
    handler = logging.StreamHandler(stream if stream is not None else sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=(*_SHARED, _first_line),
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _allowed_fields, render],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in ("kontora", "kontobank"):
        logging.getLogger(name).setLevel(level)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def access_log(stream: IO[str] | None = None) -> Callable[[Mapping[str, Any]], None]:
    """Return what writes one JSON line per request, past structlog: it is called at every poll.

    Only numbers, ids and names of the vocabulary reach it, so there is nothing to redact. Inside an
    event loop the lines of a tenth of a second are written together.
    """
    return _AccessLog(stream if stream is not None else sys.stderr).write


class _AccessLog:
    def __init__(self, out: IO[str]) -> None:
        self._out = out
        self._waiting: list[bytes] = []

    def write(self, fields: Mapping[str, Any]) -> None:
        self._waiting.append(msgspec.json.encode(fields))
        if len(self._waiting) == 1:
            try:
                asyncio.get_running_loop().call_later(TOGETHER_SECONDS, self._flush)
            except RuntimeError:
                self._flush()
            else:
                atexit.register(self._flush)
        elif len(self._waiting) >= MOST_TOGETHER:
            self._flush()

    def _flush(self) -> None:
        lines, self._waiting = self._waiting, []
        atexit.unregister(self._flush)
        if lines:
            self._out.write(b"\n".join(lines).decode() + "\n")
            self._out.flush()
