"""The numbers that checks are tuned by, in one place; points are those of a page, shares are 0 to 1."""

from __future__ import annotations

COVER_SHARE = 0.10
"""How much of a character must be covered for its word to count as covered. Source: pdf.md, 4, no. 8."""

WRITTEN_OVER_SHARE = 0.2
"""How much of the smaller of two words the other covers if one was written over the other."""

WRITTEN_OVER_FROM = 2
"""Words of so many characters: a letter and its accent may lie on each other."""

COVER_ALPHA = 128
"""What is fainter covers nothing."""

RULE_POINTS = 0.9
"""A filled shape thinner than this is a rule or an underline, unless it is near white."""

GROUND_POINTS = 3.0
"""A shape must be as wide and as high to be what lies behind text."""

NEAR_WHITE = 240
"""Red, green and blue of at least this much look like paper."""

SAME_COLOUR = 24
"""Colours whose red, green and blue differ by no more than this cannot be told apart."""

VISIBLE_ALPHA = 26
"""Text fainter than this is not seen."""

VISIBLE_SIZE_POINTS = 1.0
"""Smaller text is not seen. Source: pdf.md, 4, no. 9."""

RARE_SHARE = 0.05
"""What fewer cells of a column have is an outlier. Source: pdf.md, 4, no. 10."""

LACKED_FONT_SHARE = 0.10
"""Fonts that the file does not bring along are strange where fewer words than this have one."""

LONE_CELL_FROM = 6
"""From so many cells on, one that differs from all others, which agree, is an outlier."""

AGREEING_SHARE = 0.95
"""A column or a row of cells has a rule where this share of them keeps it."""

LONE_OFFSET_FROM = 8
"""From so many cells on, all but one make a rule."""

EDGE_POINTS = 0.5
"""How far from its column's edge an amount may end. Source: pdf.md, 4, no. 11."""

DRAWN_EDGE_POINTS = 1.2
"""The same where the column's edges are those that each header draws: one in mid-page is off by 0.58."""

EDGE_SAMPLES = 3
"""How many cells must end with a character before its own width at the right is known."""

BASELINE_POINTS = 0.5
"""How far from the baseline of its row a cell may stand."""

CLOCK_DAYS = 1
"""How far ahead the clock of a bank may be, with its time zone."""

SAME_SECONDS = 2
"""Dates that differ by no more are the same."""

PLACES_EACH = 40
"""How many places one sentence is told of; a hostile file has thousands."""
