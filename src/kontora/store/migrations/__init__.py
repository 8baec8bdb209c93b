"""The schema, one step at a time, forward and back."""
