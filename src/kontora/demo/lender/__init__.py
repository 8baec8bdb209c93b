"""A small lender's web site: it embeds the widget, and reads its customer's data on its own server."""

from kontora.demo.lender.site import LENDER, lender_site

__all__ = ["LENDER", "lender_site"]
