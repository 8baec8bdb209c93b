"""The account information API of Berlin Group 1.3.11: consents, authorisations, accounts, card accounts."""
