"""Callers of the simulated telephone: they know the agent by its audio alone and speak with a voice of their own."""
