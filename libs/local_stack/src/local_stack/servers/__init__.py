"""The servers that the services need: PostgreSQL and its databases, Redis, Piper."""
