"""Calls: which events of them are new, what they change, when a call is lost."""
