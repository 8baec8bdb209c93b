"""Alior Bank, Poland."""
