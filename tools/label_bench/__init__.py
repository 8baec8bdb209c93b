"""Labels against the gold set: how precise, how complete, in each country, on clean and on damaged text."""
