"""Deutsche Bank, Germany."""
