"""The way of call events to the persistence service; nothing is lost on it."""
