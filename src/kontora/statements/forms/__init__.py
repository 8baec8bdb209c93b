"""How single values are written: amounts, dates, and the patterns that a layout may use."""
