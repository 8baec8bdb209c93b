"""The documentation: pages made from the program, the site, and its links."""
