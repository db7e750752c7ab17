"""Fixtures for all tests: a PostgreSQL database and a Redis of one's own, and a check for leaked asyncio tasks."""

pytest_plugins = ["fixtures.postgres", "fixtures.redis_server", "fixtures.task_leaks"]
