"""Berlin Group NextGenPSD2 XS2A: sign-in, reading and parsing, with the differences of banks as data."""
