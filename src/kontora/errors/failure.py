"""What every named failure is."""

from __future__ import annotations

from typing import ClassVar


class KontoraError(Exception):
    """A failure with a name on the wire.

    `message` is for an engineer; `friendly_message`, if any, is for the owner, in plain words.
    `http_status` is what a request ends with when the failure ends the request.
    """

    http_status: ClassVar[int] = 400
    retry_after_seconds: int | None = None
    default_message: ClassVar[str] = ""

    def __init__(
        self,
        message: str = "",
        *,
        friendly_message: str | None = None,
        retry_after_seconds: int | None = None,
    ) -> None:
        self.message = message or self.default_message
        self.friendly_message = friendly_message
        if retry_after_seconds is not None:
            self.retry_after_seconds = retry_after_seconds
        super().__init__(self.message)

    @property
    def name(self) -> str:
        """The name on the wire."""
        return type(self).__name__
