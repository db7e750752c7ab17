"""What the gateway depends on, and what callers still get while some of it is away."""
