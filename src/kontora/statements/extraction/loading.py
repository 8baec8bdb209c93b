"""Loads what libraries load when they first need it: the child that reads PDFs cannot do so any more."""

from __future__ import annotations

import codecs
from importlib import import_module

from fontTools.ttLib import getTableModule

CODECS = ("cp1250", "cp1252", "iso-8859-2", "latin-1", "mac_roman", "pdfdoc", "utf-16-be", "utf-16-le")
TABLES = ("cmap", "head", "hhea", "maxp", "post")
"""Of font programs, those that are asked for."""


def load_early() -> None:
    """Load codecs, readers of tables, and what checks signatures."""
    import_module("cryptography.hazmat.backends.openssl.backend")
    for name in CODECS:
        codecs.lookup(name)
    for tag in TABLES:
        getTableModule(tag)
