"""KontoBank's web bank, which its targets in several countries share: pages as data, sign-in, reading."""
