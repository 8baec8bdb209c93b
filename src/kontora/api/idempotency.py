"""The header Idempotency-Key: what makes a repeated request the same one."""

from __future__ import annotations

import hashlib
import re

from kontora.api.visits import Visit
from kontora.commands.intake import Idempotency
from kontora.errors import InvalidParameter

_KEY = re.compile(rb"[\x21-\x7e]{1,255}")


def read_idempotency(visit: Visit, sent: bytes) -> Idempotency | None:
    """Return the key's digest with the fingerprint of what was sent with it; `None` without a key.

    Raises: InvalidParameter.
    """
    key = visit.header(b"idempotency-key")
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise InvalidParameter("Idempotency-Key must be 1 to 255 visible ASCII characters.")
    fingerprint = hashlib.sha256(visit.route.encode() + b"\0" + sent).digest()
    return Idempotency(hashlib.sha256(key).digest(), fingerprint)
