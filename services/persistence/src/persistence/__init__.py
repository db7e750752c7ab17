"""Keeps what happened on every call, and the calendar."""
