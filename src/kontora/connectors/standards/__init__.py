"""PSD2 dialects that many banks share."""
