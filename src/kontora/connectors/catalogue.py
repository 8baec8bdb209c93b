"""The catalogue: every target that can be used here, found by looking into the bank folders."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kontora.connectors import banks
from kontora.connectors.bank_jws import read_bank_keys
from kontora.connectors.bank_signing import read_seal
from kontora.connectors.bank_tls import tls_context
from kontora.connectors.protocol import CredentialKind
from kontora.connectors.target import Institution, Target, TargetFacts
from kontora.connectors.target_settings import TargetSettings
from kontora.errors import ConfigurationError, InvalidTarget

__all__ = ["Catalogue", "CredentialKind", "Institution", "Target", "TargetFacts", "Ways", "found_facts"]


@dataclass(frozen=True, slots=True)
class Ways:
    """An institution with its targets that can be used here, the API first."""

    institution: Institution
    targets: tuple[Target, ...]

    @property
    def api(self) -> Target | None:
        """The target of its PSD2 API."""
        return next((target for target in self.targets if target.facts.psd2), None)

    @property
    def fallback(self) -> Target | None:
        """The target of its web bank, if that may stand in for the API."""
        if not self.institution.fallback_allowed or self.api is None:
            return None
        return next((target for target in self.targets if not target.facts.psd2), None)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The targets by name, sorted by country and name."""

    targets: Mapping[str, Target]

    @classmethod
    def load(
        cls,
        *,
        practice: bool,
        practice_bank_url: str = "",
        settings: Mapping[str, TargetSettings] | None = None,
    ) -> Catalogue:
        """Find the targets: practice targets in practice mode, real ones where there are settings for them.

        Raises: ConfigurationError, if the operator's settings name a target that does not exist here,
            or cannot be used.
        """
        settings = settings or {}
        facts = {item.name: item for item in found_facts() if practice or not item.practice}
        for name in settings:
            if name not in facts:
                raise ConfigurationError(
                    f"{name} in the settings of the targets is not a target of this server."
                )
        targets = [
            Target.of(item, settings.get(name, TargetSettings()), practice_bank_url)
            for name, item in facts.items()
            if item.practice or name in settings
        ]
        for target in targets:
            _check_files(target)
        return cls(
            {target.name: target for target in sorted(targets, key=lambda one: (one.country, one.name))}
        )

    def target(self, name: str) -> Target:
        """Return a target.

        Raises: InvalidTarget, if there is none of this name.
        """
        if name not in self.targets:
            raise InvalidTarget("There is no such target. GET /v1/catalog.xml lists the targets.")
        return self.targets[name]

    def institution(self, name: str) -> Ways:
        """Return an institution with its targets.

        Raises: InvalidTarget, if none of its targets can be used here.
        """
        targets = [target for target in self.targets.values() if target.institution.name == name]
        if not targets:
            raise InvalidTarget("There is no such institution. GET /v1/catalog.xml lists the institutions.")
        targets.sort(key=lambda target: not target.facts.psd2)
        return Ways(targets[0].institution, tuple(targets))

    def __iter__(self) -> Iterator[Target]:
        return iter(self.targets.values())


def found_facts() -> tuple[TargetFacts, ...]:
    """Return the facts of all targets in the bank folders (`TARGETS` of each `target.py`).

    Raises: ValueError, if two folders declare the same target.
    """
    found: dict[str, TargetFacts] = {}
    for folder in pkgutil.iter_modules(banks.__path__, banks.__name__ + "."):
        module = importlib.import_module(f"{folder.name}.target")
        for facts in module.TARGETS:
            if facts.name in found:
                raise ValueError(f"{facts.name} is declared twice")
            found[facts.name] = facts
    return tuple(found.values())


def _check_files(target: Target) -> None:
    """Refuse settings that cannot be used when the program starts, not at the first owner."""
    if target.missing:
        raise ConfigurationError(f"{target.name}: set {' and '.join(target.missing)} too, or leave it out.")
    tls = target.settings.tls
    if tls.certificate is not None or tls.ca_bundle is not None:
        tls_context(tls)
    if target.settings.seal is not None:
        read_seal(target.settings.seal)
    if target.settings.bank_keys is not None:
        read_bank_keys(target.settings.bank_keys)
