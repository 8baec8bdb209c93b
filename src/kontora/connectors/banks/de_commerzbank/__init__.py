"""Commerzbank, Germany."""
