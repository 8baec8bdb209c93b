"""Feed the statement layouts what no bank prints, guided by coverage: lines of text to rows."""
