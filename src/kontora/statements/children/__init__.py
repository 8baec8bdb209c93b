"""PDFs are read here: each in a child of its own that can reach nothing and is gone afterwards."""
