"""Kontora lets a company read its customers' bank data with their consent."""

__version__ = "0.1.0"
