"""PDFs that are broken or mean harm, each by a recipe with a name: what a parser must survive.

`python -m tools.hostile_pdfs OUT_DIR` writes them; `--check` reads them all through statement children.
Nothing here is shared with what reads them.
"""
