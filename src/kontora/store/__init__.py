"""The only room that speaks SQL: the database, the keys, and one file per noun."""
