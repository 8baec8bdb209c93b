"""Who calls: an API key and a source address, both, always, and one answer to all who fail."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from kontora.api.addresses import Network, client_address, is_within, parse_address, parse_networks
from kontora.api.desk import Directory
from kontora.commands.answers import Client
from kontora.errors import Unauthorized

PREFIX_LENGTH = 12
CACHED_SECONDS = 0.9
MOST_CACHED = 10_000
MOST_ADDRESSES = 1_000

_KEY = re.compile(rb"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class SecurityEvent:
    """Something the audit wants to know. `reason` is a word of ours; no address, no key, no person.

    Reasons of `caller_refused`: `no_key`, `repeated_key`, `unknown_key`, `address`, `forwarded_for`.
    """

    kind: str
    reason: str
    client_id: str | None = None


@dataclass(slots=True)
class Caller:
    """A client as its key tells, kept for less than a second, with the addresses seen to be its own."""

    client: Client
    digest: bytes
    networks: tuple[Network, ...]
    expires_at: float
    admitted: set[str] = field(default_factory=set)
    poll_heads: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Presented:
    """What a request showed of its sender. `key`: `None` where absent or repeated."""

    key: bytes | None
    repeated: bool
    peer: str
    forwarded_for: Sequence[bytes]


class Callers:
    """Checks both factors. Keys are looked up by their prefix and compared by their digest."""

    def __init__(
        self,
        directory: Directory,
        *,
        trusted_proxies: Sequence[Network],
        clock: Callable[[], float],
        notify: Callable[[SecurityEvent], None],
        support_url: str,
    ) -> None:
        self._directory = directory
        self._trusted_proxies = tuple(trusted_proxies)
        self._clock = clock
        self._notify = notify
        self._support_url = support_url
        self._cache: dict[bytes, Caller | float] = {}
        self._lookups: dict[bytes, asyncio.Task[Caller | None]] = {}
        self._nobody = secrets.token_bytes(32)

    def presented(
        self, headers: Sequence[tuple[bytes, bytes]], peer: str, key_parameter: bytes | None = None
    ) -> Presented:
        """Collect what a request shows of its sender; the header wins over the legacy parameter."""
        keys = 0
        key = None
        forwarded_for: list[bytes] = []
        for name, value in headers:
            if name == b"x-api-key":
                keys += 1
                key = value
            elif name == b"x-forwarded-for":
                forwarded_for.append(value)
        if keys > 1:
            key = None
        elif key is None:
            key = key_parameter
        return Presented(key, keys > 1, peer, forwarded_for)

    async def identify(self, presented: Presented) -> Caller:
        """Return the caller.

        Raises: Unauthorized, with the same words for every cause; StoreUnavailable.
        """
        key = presented.key
        if key is None:
            raise self._refused(presented, "repeated_key" if presented.repeated else "no_key", None)
        found = None
        if _KEY.fullmatch(key):
            known = self._cache.get(key[:PREFIX_LENGTH])
            if isinstance(known, Caller) and known.expires_at > self._clock():
                found = known
            else:
                found = await self._looked_up(key[:PREFIX_LENGTH])
        digest = self._nobody if found is None else found.digest
        if not hmac.compare_digest(hashlib.sha256(key).digest(), digest) or found is None:
            raise self._refused(presented, "unknown_key", None)
        if presented.forwarded_for and self._trusted_proxies:
            return self._admitted_through_proxies(presented, found)
        if presented.peer not in found.admitted:
            self._admit(presented, found)
        return found

    def _admit(self, presented: Presented, caller: Caller) -> None:
        address = parse_address(presented.peer)
        if address is None or not is_within(address, caller.networks):
            raise self._refused(presented, "address", caller.client)
        if len(caller.admitted) < MOST_ADDRESSES:
            caller.admitted.add(presented.peer)

    def _admitted_through_proxies(self, presented: Presented, caller: Caller) -> Caller:
        address = client_address(presented.peer, presented.forwarded_for, self._trusted_proxies)
        if address is None:
            raise self._refused(presented, "forwarded_for", caller.client)
        if not is_within(address, caller.networks):
            raise self._refused(presented, "address", caller.client)
        return caller

    async def _looked_up(self, prefix: bytes) -> Caller | None:
        """Look a key up; requests that wait for the same key share one look."""
        known = self._cache.get(prefix)
        if isinstance(known, float) and known > self._clock():
            return None
        lookup = self._lookups.get(prefix)
        if lookup is None:
            lookup = self._lookups[prefix] = asyncio.create_task(self._look_up(prefix))
            lookup.add_done_callback(lambda _: self._lookups.pop(prefix, None))
        return await asyncio.shield(lookup)

    async def _look_up(self, prefix: bytes) -> Caller | None:
        expires_at = self._clock() + CACHED_SECONDS
        found = await self._directory.find_by_key_prefix(prefix.decode())
        if len(self._cache) >= MOST_CACHED:
            self._cache.clear()
        if found is None:
            self._cache[prefix] = expires_at
            return None
        digest, client = found
        caller = Caller(client, digest, parse_networks(client.ips), expires_at)
        self._cache[prefix] = caller
        return caller

    def _refused(self, presented: Presented, reason: str, client: Client | None) -> Unauthorized:
        self._notify(SecurityEvent("caller_refused", reason, None if client is None else client.id))
        address = client_address(presented.peer, presented.forwarded_for, self._trusted_proxies)
        shown = presented.peer if address is None else str(address)
        key = "" if presented.key is None else presented.key.decode("utf-8", "replace")
        site = urlsplit(self._support_url)
        return Unauthorized(
            f'Unknown caller: IP address {masked(shown, 10)}, API key "{masked(key, 14)}". '
            f"About Kontora: {site.scheme}://{site.netloc}. Register your servers' IP addresses and your API "
            f"keys in Insight. Support: {self._support_url}. Documentation: /openapi.json."
        )


def masked(value: str, stars: int) -> str:
    """Keep the first two and last two characters; a short value is not shown at all.

    Example: `10**********43`. The number of stars tells nothing of the length.
    """
    return f"{value[:2]}{'*' * stars}{value[-2:]}" if len(value) >= 7 else "*" * (stars + 4)
