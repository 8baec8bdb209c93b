"""KontoBank, the practice bank, Czech branch."""
