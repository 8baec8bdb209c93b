"""Everything that talks to banks: the protocol, the catalogue of targets, and the one HTTP client."""
