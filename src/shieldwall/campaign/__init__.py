"""Night after night and year after year: stocks, production, repair, the adversary's stock, and money."""
