"""KontoBank, the practice bank: a bank of invented owners that speaks the published bank standards."""
