"""The tamper bench: genuine files, harmless re-saves and forgeries, and what the verifications see of them.

Forgeries are written by programs that the product does not use (qpdf, Ghostscript, mutool, cairo,
LibreOffice, Chromium), or byte by byte; libraries of the product only read here.
"""
