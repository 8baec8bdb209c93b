"""Conformance: Kontora and KontoBank against the published standard, and Kontora against its own description."""
