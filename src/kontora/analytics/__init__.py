"""Analytics: what an owner's labelled data add up to; pure functions over imports, in exact decimals."""
