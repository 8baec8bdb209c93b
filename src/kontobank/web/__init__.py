"""The web bank: pages on which an owner signs in and looks at accounts, and which a fallback reads."""
