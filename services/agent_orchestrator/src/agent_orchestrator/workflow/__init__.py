"""The graph that answers one turn."""
