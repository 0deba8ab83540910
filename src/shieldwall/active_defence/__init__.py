"""Active defence: what is fired, how far it reaches, and whether it kills."""
