"""Imports that libraries put off until they meet something in a file: a child cannot import any more."""

from __future__ import annotations

import pkgutil
from contextlib import suppress
from importlib import import_module

PACKAGES = ("encodings", "fontTools.encodings", "fontTools.ttLib.tables", "kontora.statements")
MODULES = (
    "fontTools.agl",
    "fontTools.cffLib",
    "fontTools.pens.recordingPen",
    "fontTools.t1Lib",
    "fontTools.ttLib",
    "stringprep",
    "unicodedata",
    "zoneinfo",
)
NOT_FOR_READING = ("kontora.statements.children",)


def import_everything() -> None:
    """Import what reading any file may need."""
    for name in (*MODULES, *(found for package in PACKAGES for found in _below(package))):
        # Some encodings and tables exist on other systems, or with other packages, only.
        with suppress(ImportError):
            import_module(name)


def _below(package: str) -> list[str]:
    found = pkgutil.walk_packages(import_module(package).__path__, f"{package}.", onerror=lambda name: None)
    return [module.name for module in found if not module.name.startswith(NOT_FOR_READING)]
