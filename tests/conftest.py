"""Fixtures for all tests: databases, a Redis of one's own, and a check for leaked asyncio tasks."""

pytest_plugins = [
    "fixtures.postgres",
    "fixtures.redis_server",
    "fixtures.escalation_budget",
    "fixtures.persistence",
    "fixtures.agent_orchestrator",
    "fixtures.task_leaks",
]
