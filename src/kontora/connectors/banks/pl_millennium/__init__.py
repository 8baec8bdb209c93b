"""Millennium, Poland."""
