"""The bank's second API, PolishAPI 2.1.2, over the same households, ledgers and pages."""
