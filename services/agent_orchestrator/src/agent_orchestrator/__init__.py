"""Turns what a caller says into what the agents answer."""
