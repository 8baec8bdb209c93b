"""Programs for those who work on Kontora; nothing here is installed."""
