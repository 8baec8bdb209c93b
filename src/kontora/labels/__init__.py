"""Labels: what money transactions are for, and why; pure functions over an import."""
