"""Calls: which events of them are new, what they change."""
