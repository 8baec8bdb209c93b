"""How the bank runs: one frozen record, made once from the command line and the environment."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


class NotAllowedHere(Exception):
    """The practice bank must not run in these surroundings; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one bank. URLs have no slash at the end; `None` follows the address it listens on."""

    host: str = "127.0.0.1"
    port: int = 8790
    public_url: str | None = None
    pages_url: str | None = None
    seed: int = 1
    delay_ms: float = 0.0
    now: datetime | None = None
    log_level: str = "warning"
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    client_ca: Path | None = None
    require_signature: bool = False
    allow_remote: bool = False


def check_surroundings(settings: Settings, environment: Mapping[str, str]) -> None:
    """Refuse to be a bank where real owners could meet it.

    Raises: NotAllowedHere, in production, and on an address that others reach without `--allow-remote`.
    """
    if environment.get("KONTOBANK_ENVIRONMENT", "").strip().lower() == "production":
        raise NotAllowedHere(
            "KONTOBANK_ENVIRONMENT is production. KontoBank is a practice bank with published passwords "
            "and never runs in production."
        )
    if not settings.allow_remote and not _is_loopback(settings.host):
        raise NotAllowedHere(
            f"{settings.host} can be reached from other machines. KontoBank listens on a loopback address, "
            "or anywhere with --allow-remote."
        )
    if settings.client_ca and not settings.tls_certificate:
        raise NotAllowedHere("--client-ca needs --tls-certificate and --tls-key.")
    if bool(settings.tls_certificate) != bool(settings.tls_key):
        raise NotAllowedHere("--tls-certificate and --tls-key belong together.")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
