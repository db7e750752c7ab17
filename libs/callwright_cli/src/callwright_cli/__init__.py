"""The `callwright` command: the local stack and simulated calls on it, shown live and checked against their records."""
