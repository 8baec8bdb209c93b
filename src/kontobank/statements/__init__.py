"""Documents that the bank issues as PDF: statements of an account, confirmations of money transactions."""
