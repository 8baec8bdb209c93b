"""One folder a bank; the catalogue finds them, nobody names them."""
