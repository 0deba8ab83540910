"""Passive defence: what is defended, how hard it is, and what a hit takes."""
