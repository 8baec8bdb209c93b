"""Santander, Poland."""
