"""What is said: the five agents, with the drafts, answers and offers of times that they share."""
