"""The self-check at the start: what would be unsafe is refused, with a word on what to do (O01)."""

from __future__ import annotations

import ipaddress
import stat
from collections.abc import Callable, Iterable
from pathlib import Path

import lxml.etree

from kontora.errors import ConfigurationError
from kontora.hardening import harden_process, may_lock_memory, swap_is_on
from kontora.settings import Settings

__all__ = ["check_clients", "check_clock", "check_start", "harden_process"]

OLDEST_LXML = (6, 0, 0, 0)
OLDEST_LIBXML2 = (2, 14, 0)


def check_start(
    settings: Settings,
    *,
    user_id: int,
    serves: bool,
    swap_is_on: Callable[[], bool] = swap_is_on,
    may_lock_memory: Callable[[], bool] = may_lock_memory,
) -> None:
    """Refuse to start where the settings or the surroundings are unsafe.

    Raises: ConfigurationError, for the first thing that is wrong.
    """
    _check_parsers(lxml.etree.LXML_VERSION, lxml.etree.LIBXML_VERSION)
    if settings.log_level.upper() == "DEBUG" and not settings.practice:
        raise ConfigurationError("KONTORA_LOG_LEVEL=DEBUG is for practice mode only. Use INFO.")
    if not settings.practice and settings.practice_bank_url != Settings.practice_bank_url:
        raise ConfigurationError(
            "KONTORA_PRACTICE_BANK_URL is for practice mode only. Unset it, or set KONTORA_PRACTICE=on."
        )
    if user_id == 0 and not settings.practice:
        raise ConfigurationError("Kontora does not run as root. Start it as a user of its own.")
    if (settings.tls_certificate is None) != (settings.tls_key is None):
        raise ConfigurationError("KONTORA_TLS_CERTIFICATE and KONTORA_TLS_KEY go together.")
    for path in (settings.tls_key, settings.targets_file):
        if path is not None:
            _refuse_open(path)
    if serves and not settings.practice and settings.tls_certificate is None and not settings.trusted_proxies:
        raise ConfigurationError(
            "Production needs TLS: set KONTORA_TLS_CERTIFICATE and KONTORA_TLS_KEY, or name the proxies that"
            " end TLS in KONTORA_TRUSTED_PROXIES."
        )
    guards_memory = serves and not settings.practice and not settings.swap_allowed
    if guards_memory and swap_is_on() and not may_lock_memory():
        raise ConfigurationError(
            "This machine swaps, and memory cannot be locked: credentials could reach the disk. Allow Kontora"
            " to lock memory (LimitMEMLOCK=infinity), switch swap off, or set KONTORA_SWAP_ALLOWED=on."
        )
    if settings.practice and serves and not _is_loopback(settings.host):
        raise ConfigurationError(
            "Practice mode serves on 127.0.0.1 only. Set KONTORA_HOST to that, or KONTORA_PRACTICE=off."
        )


def check_clock(settings: Settings, offset_seconds: float) -> None:
    """Refuse a store whose practice clock was moved, outside of practice mode.

    Raises: ConfigurationError.
    """
    if offset_seconds != 0 and not settings.practice:
        raise ConfigurationError(
            "The clock of this store was moved in practice mode. Production needs a store of its own:"
            " set another KONTORA_DATA_DIR or KONTORA_DATABASE_URL."
        )


def check_clients(networks: Iterable[str]) -> None:
    """Refuse an allow-list that admits the whole internet.

    Raises: ConfigurationError.
    """
    for network in networks:
        if ipaddress.ip_network(network, strict=False).prefixlen == 0:
            raise ConfigurationError(
                f"An allow-list holds {network}: the whole internet. `kontora client set` replaces it."
            )


def _check_parsers(lxml_version: tuple[int, ...], libxml2_version: tuple[int, ...]) -> None:
    if lxml_version < OLDEST_LXML or libxml2_version < OLDEST_LIBXML2:
        raise ConfigurationError("lxml 6 with libxml2 2.14 or later is needed. Run: make install")


def _refuse_open(path: Path) -> None:
    if not path.exists():
        raise ConfigurationError(f"{path} does not exist.")
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ConfigurationError(f"{path} can be read by others. Run: chmod 600 {path}")


def _is_loopback(host: str) -> bool:
    return host == "localhost" or _loopback_ip(host)


def _loopback_ip(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
