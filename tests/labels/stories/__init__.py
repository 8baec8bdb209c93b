"""Imports of the practice bank's stories with their labels, as lines to be read by a person."""
