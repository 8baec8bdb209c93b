"""Benchmarks: real processes on this machine, measured against the targets of the product."""
