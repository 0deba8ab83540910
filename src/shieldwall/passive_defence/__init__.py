"""Passive defence: what is defended, how hard it is, what a hit takes of people and services, and what lessens it."""
