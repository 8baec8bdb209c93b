"""The bank's pages: login, choice of accounts, confirmation with an SMS code."""
