"""mBank, Poland."""
