"""One file a bank: its words, its geometry, and what a reader has to find. Banks do not know each other."""
