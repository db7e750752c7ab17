"""Checks that what was stored about a call is what happened on the line."""
