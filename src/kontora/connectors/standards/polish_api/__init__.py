"""The PolishAPI dialect of PSD2, version 2.1.2, which Polish banks speak."""
