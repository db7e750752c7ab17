"""The agent: sentences turned into audio, played in order, and which of their words were heard."""
