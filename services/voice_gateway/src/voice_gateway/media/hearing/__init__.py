"""The caller: when his voice is heard, when his turn is over, and its words."""
