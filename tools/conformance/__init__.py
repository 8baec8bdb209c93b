"""Conformance: Kontora and KontoBank against the published standard, Kontora against its description."""
