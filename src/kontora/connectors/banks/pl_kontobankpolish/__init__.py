"""KontoBankPolish, the practice bank that speaks PolishAPI."""
