"""The agents, each a node of the workflow graph, and what they share to speak and to book."""
