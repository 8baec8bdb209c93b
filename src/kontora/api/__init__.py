"""HTTP in, replies out: who may ask, what is asked, and how the answer is written. No decisions."""

from kontora.api.app import ApiSettings, build_api
from kontora.api.callers import SecurityEvent

__all__ = ["ApiSettings", "SecurityEvent", "build_api"]
