"""KontoBank, the practice bank, Spanish branch."""
