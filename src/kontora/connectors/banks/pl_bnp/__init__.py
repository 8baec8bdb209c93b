"""BNP Paribas (GOonline), Poland."""
