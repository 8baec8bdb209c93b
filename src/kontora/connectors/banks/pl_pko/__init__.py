"""PKO BP, Poland."""
