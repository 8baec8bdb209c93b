"""Trains the small linear models that speak where no label rule knows."""
