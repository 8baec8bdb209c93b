"""KontoBank, the practice bank, Polish branch."""
