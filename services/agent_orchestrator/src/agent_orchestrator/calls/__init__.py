"""What is asked of the service: turns, and whole calls."""
