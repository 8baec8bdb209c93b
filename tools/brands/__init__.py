"""Brands: two lists of names become the one file that the labels load."""
