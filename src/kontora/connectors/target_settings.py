"""What the operator sets for a target: certificates, client id, addresses. Read from a TOML file.

[PkoApi]
base_url = "https://api.bank.example/psd2"
client_id = "PSDPL-KNF-1234567890"
certificate = "qwac.pem"        # paths are relative to the TOML file
key = "qwac.key"
seal_certificate = "qseal.pem"
seal_key = "qseal.key"
bank_keys = "bank.jwks"         # what the bank signs its answers with: JWKS or PEM
hosts = ["login.bank.example"]  # asked besides the host of base_url
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kontora.connectors.bank_signing import SIGNED_HEADERS, SealFiles
from kontora.connectors.bank_tls import SYSTEM_TRUST, TlsFiles
from kontora.errors import ConfigurationError

_TEXTS = ("base_url", "client_id", "client_secret")
_FILES = ("certificate", "key", "ca_bundle", "seal_certificate", "seal_key", "bank_keys")
_LISTS = ("hosts", "seal_headers")
_OPEN_TO_OTHERS = 0o007


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSettings:
    """The operator's own facts of one target.

    `hosts`: host names asked besides that of `base_url`. `bank_keys`: what the bank signs its answers with.
    """

    base_url: str | None = None
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    hosts: tuple[str, ...] = ()
    tls: TlsFiles = SYSTEM_TRUST
    seal: SealFiles | None = None
    bank_keys: Path | None = None


def read_target_settings(path: Path) -> dict[str, TargetSettings]:
    """Read the settings of all targets from a TOML file; the keys are names of targets.

    Raises: ConfigurationError, if the file or a file it names cannot be used, a setting is unknown,
        or a private key may be read by everybody.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise ConfigurationError(f"{path} cannot be read.") from error
    if "client_secret" in text:
        _refuse_open(path, "client_secret")
    return parse_target_settings(text, path.parent)


def parse_target_settings(text: str, folder: Path) -> dict[str, TargetSettings]:
    """Parse the settings of all targets; file names are relative to the folder.

    Raises: ConfigurationError, as `read_target_settings`.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"The settings of the targets are not TOML: {error}.") from error
    return {target: _one(target, table, folder) for target, table in tables.items()}


def _one(target: str, table: object, folder: Path) -> TargetSettings:
    if not isinstance(table, dict):
        raise ConfigurationError(f"{target} must be a table: write its settings below a line [TargetName].")
    for name in table:
        if name not in {*_TEXTS, *_FILES, *_LISTS}:
            raise ConfigurationError(f"{target}: {name} is not a setting of a target.")
    texts = {name: _text(target, table, name) for name in _TEXTS}
    files = {name: _file(target, table, name, folder) for name in _FILES}
    for certificate, key in (("certificate", "key"), ("seal_certificate", "seal_key")):
        if (files[certificate] is None) != (files[key] is None):
            raise ConfigurationError(f"{target}: {certificate} and {key} go together.")
        if (key_file := files[key]) is not None:
            _refuse_open(key_file, f"{target}: {key}")
    return TargetSettings(
        base_url=texts["base_url"],
        client_id=texts["client_id"],
        client_secret=texts["client_secret"],
        hosts=_texts(target, table, "hosts"),
        tls=TlsFiles(files["certificate"], files["key"], files["ca_bundle"]),
        seal=_seal(files, _texts(target, table, "seal_headers")),
        bank_keys=files["bank_keys"],
    )


def _seal(files: Mapping[str, Path | None], headers: tuple[str, ...]) -> SealFiles | None:
    certificate, key = files["seal_certificate"], files["seal_key"]
    if certificate is None or key is None:
        return None
    return SealFiles(certificate, key, tuple(name.lower() for name in headers) or SIGNED_HEADERS)


def _text(target: str, table: Mapping[str, Any], name: str) -> str | None:
    value = table.get(name)
    if value is not None and (not isinstance(value, str) or not value):
        raise ConfigurationError(f"{target}: {name} must be text.")
    return value


def _texts(target: str, table: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = table.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise ConfigurationError(f"{target}: {name} must be a list of texts.")
    return tuple(value)


def _file(target: str, table: Mapping[str, Any], name: str, folder: Path) -> Path | None:
    value = _text(target, table, name)
    if value is None:
        return None
    file = folder / value
    if not file.is_file():
        raise ConfigurationError(f"{target}: there is no file {file} ({name}).")
    return file


def _refuse_open(file: Path, what: str) -> None:
    if file.stat().st_mode & _OPEN_TO_OTHERS:
        raise ConfigurationError(f"{what}: every user of this machine may use {file}. Run chmod 600 on it.")
