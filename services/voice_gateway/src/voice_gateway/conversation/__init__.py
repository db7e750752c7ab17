"""What is said in a call: turns, replies and their fallbacks."""
