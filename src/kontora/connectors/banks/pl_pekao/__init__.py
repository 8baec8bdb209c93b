"""Pekao SA, Poland."""
