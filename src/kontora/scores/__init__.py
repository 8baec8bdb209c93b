"""Scores: how likely an owner repays, and why; pure functions over money transactions before a day."""
