"""The settings: `KONTORA_*` environment variables, read once at the start into frozen data."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kontora.errors import ConfigurationError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _setting(default: Any, help_text: str) -> Any:
    return field(default=default, metadata={"help": help_text})


def _default_data_dir() -> Path:
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "kontora"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Every setting with its default. The variable of `data_dir` is `KONTORA_DATA_DIR`, and so on."""

    data_dir: Path = field(
        default_factory=_default_data_dir,
        metadata={"help": "Folder of the embedded database, the key store, the signing keys and the logs."},
    )
    database_url: str | None = _setting(
        None,
        "PostgreSQL to use, as a URL. Without it an embedded PostgreSQL is started under the data folder.",
    )
    database_connections: int = _setting(12, "Most database connections of one process.")
    keys_dir: Path | None = _setting(
        None, "Folder of the key store. Default: `keys` in the data folder. Never back it up."
    )
    keys_url: str | None = _setting(
        None, "A second PostgreSQL database as key store, for several machines. Never archive or back it up."
    )
    keys_master: str | None = _setting(
        None, "Master key (64 hex characters) that wraps the keys in `KONTORA_KEYS_URL`. Required with it."
    )
    signing_keys: str | None = _setting(
        None,
        "Keys that sign session ids, newest first: `kid:64 hex characters`, comma separated. "
        "Default: made once, kept in the data folder. The same on every machine.",
    )
    reply_keys_file: Path | None = _setting(
        None,
        "PEM file (mode 0600) with the RSA keys of signed replies, newest first: the first signs, the public "
        "ones of all are published. Default: made once, kept in the data folder. The same on every machine.",
    )
    score_model: Path | None = _setting(
        None,
        "A score model of your own, its model card beside it (`.md`). Default: Kontora's own.",
    )
    host: str = _setting("127.0.0.1", "Address to listen on.")
    port: int = _setting(8700, "Port to listen on; 0 takes a free one.")
    metrics_host: str = _setting("127.0.0.1", "Address of the Prometheus metrics.")
    metrics_port: int = _setting(8701, "Port of the Prometheus metrics; 0 takes a free one.")
    tls_certificate: Path | None = _setting(None, "Certificate chain (PEM) to serve HTTPS with.")
    tls_key: Path | None = _setting(None, "Private key (PEM) of the certificate.")
    trusted_proxies: tuple[Network, ...] = _setting(
        (), "Networks of reverse proxies whose `X-Forwarded-For` counts, comma separated. `*` is refused."
    )
    practice: bool = _setting(
        False,
        "Practice mode: KontoBank targets, mock sessions, the direct session API, plain HTTP. "
        "Never in production.",
    )
    signin_url: str | None = _setting(
        None,
        "Where owners' browsers find the widget, e.g. `https://signin.lender.example`. Banks send owners "
        "back to `/signin/callback` there: register it with them. Default in practice: where it listens.",
    )
    redirection_seconds: float = _setting(
        86400.0, "A link of the redirection API that nobody opens expires after this time."
    )
    widget_pages_per_minute: int = _setting(
        60,
        "Widget pages that one address may load in a minute; one client's owners, a hundred times as many.",
    )
    swap_allowed: bool = _setting(
        False,
        "Start although memory may be swapped to disk and cannot be locked: credentials could reach a disk.",
    )
    practice_bank_url: str = _setting("http://127.0.0.1:8790", "Where KontoBank is reached in practice mode.")
    targets_file: Path | None = _setting(
        None, "TOML file with certificates, client ids and addresses of the operator's own bank connections."
    )
    import_seconds: float = _setting(
        120.0, "An import that runs longer stops; what was read is marked partial."
    )
    session_idle_seconds: float = _setting(
        300.0, "A session without activity ends after this time (at most 300)."
    )
    session_seconds: float = _setting(3600.0, "A session ends after this time at the latest.")
    retention_seconds: float = _setting(86400.0, "Imported data is deleted after this time (at most 86400).")
    commands_per_client: int = _setting(8, "Commands that one client may run at once.")
    sessions_per_client: int = _setting(2000, "Sessions that one client may have open at once.")
    statement_parsers: int = _setting(2, "Statement PDFs that are read at once, each in a child of its own.")
    statement_profiles_dir: Path | None = _setting(
        None, "Folder of profiles that `kontora statement learn` wrote; they take the place of the shipped."
    )
    statement_pins_dir: Path | None = _setting(
        None, "Folder of certificates (PEM) whose signatures on statements are trusted."
    )
    worker: bool = _setting(
        True, "Run commands inside `kontora serve`. Switch off where `kontora worker` does it."
    )
    worker_concurrency: int = _setting(250, "Commands that one process runs at once.")
    legacy_api_key_parameter: bool = _setting(
        False, "Accept the API key as parameter `apiKey`, for old clients."
    )
    schema_base_url: str = _setting(
        "https://developer.kontomatik.com/schema/v1/", "Base of the schema locations named in XML replies."
    )
    support_url: str = _setting(
        "https://kontora.example/support", "Where the 401 reply sends callers for help."
    )
    log_level: str = _setting("INFO", "DEBUG, INFO, WARNING or ERROR.")
    log_format: str = _setting("json", "`json` (one object a line) or `console`.")

    @classmethod
    def variables(cls) -> tuple[tuple[str, str, str], ...]:
        """Return every variable with its default and its meaning, in the order of the class."""
        rows = []
        for item in fields(cls):
            default = "~/.local/share/kontora" if item.default is MISSING else _shown(item.default)
            rows.append((f"KONTORA_{item.name.upper()}", default, item.metadata["help"]))
        return tuple(rows)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read the settings from environment variables.

    Raises: ConfigurationError, if a variable of the family `KONTORA_` is unknown or malformed.
    """
    known = {f"KONTORA_{item.name.upper()}": item for item in fields(Settings)}
    values: dict[str, Any] = {}
    for variable, text in environment.items():
        if not variable.startswith("KONTORA_"):
            continue
        if variable not in known:
            raise ConfigurationError(f"{variable} is not a setting. `kontora settings` lists them.")
        item = known[variable]
        try:
            values[item.name] = _parsed(str(item.type), text)
        except ValueError as error:
            raise ConfigurationError(
                f"{variable} is malformed: it must be {_kind(str(item.type))}."
            ) from error
    settings = Settings(**values)
    _check(settings)
    return settings


def _check(settings: Settings) -> None:
    if not 1 <= settings.session_idle_seconds <= 300:
        raise ConfigurationError("KONTORA_SESSION_IDLE_SECONDS must be between 1 and 300.")
    if not 1 <= settings.retention_seconds <= 86400:
        raise ConfigurationError("KONTORA_RETENTION_SECONDS must be between 1 and 86400.")
    if settings.import_seconds <= 0:
        raise ConfigurationError("KONTORA_IMPORT_SECONDS must be more than 0.")
    if (settings.keys_url is None) != (settings.keys_master is None):
        raise ConfigurationError("KONTORA_KEYS_URL and KONTORA_KEYS_MASTER go together.")
    if settings.signin_url is not None:
        _check_signin_url(settings.signin_url, practice=settings.practice)
    if not 60 <= settings.redirection_seconds <= 7 * 86400:
        raise ConfigurationError("KONTORA_REDIRECTION_SECONDS must be between 60 and 604800.")
    if settings.widget_pages_per_minute < 1:
        raise ConfigurationError("KONTORA_WIDGET_PAGES_PER_MINUTE must be at least 1.")
    if not 1 <= settings.statement_parsers <= 64:
        raise ConfigurationError("KONTORA_STATEMENT_PARSERS must be between 1 and 64.")
    if any(network.prefixlen == 0 for network in settings.trusted_proxies):
        raise ConfigurationError("KONTORA_TRUSTED_PROXIES must name your proxies, not the whole internet.")


def _check_signin_url(url: str, *, practice: bool) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ({"https", "http"} if practice else {"https"}) or not parts.hostname:
        raise ConfigurationError(
            "KONTORA_SIGNIN_URL must be an origin such as https://signin.lender.example."
        )
    if parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise ConfigurationError("KONTORA_SIGNIN_URL must end after the host: the paths are ours.")


def _shown(value: object) -> str:
    if value is None or value == ():
        return ""
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)


def _parsed(type_name: str, text: str) -> Any:
    kind = type_name.removesuffix(" | None")
    if kind == "bool":
        if text.lower() in {"on", "true", "1", "yes"}:
            return True
        if text.lower() in {"off", "false", "0", "no"}:
            return False
        raise ValueError(kind)
    if kind == "tuple[Network, ...]":
        return tuple(
            ipaddress.ip_network(part.strip(), strict=True) for part in text.split(",") if part.strip()
        )
    parsers: dict[str, Any] = {"int": int, "float": float, "Path": Path, "str": str}
    return parsers[kind](text)


def _kind(type_name: str) -> str:
    return {
        "bool": "on or off",
        "int": "a whole number",
        "float": "a number",
        "tuple[Network, ...]": "networks such as 10.0.0.0/8, comma separated",
    }.get(type_name, "text")
