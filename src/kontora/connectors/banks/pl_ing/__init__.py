"""ING Bank Śląski, Poland."""
