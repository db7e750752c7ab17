"""Fixtures for all tests: databases, a Redis of one's own, a language model, and a check for leaked asyncio tasks."""

pytest_plugins = [
    "fixtures.postgres",
    "fixtures.redis_server",
    "fixtures.escalation_budget",
    "fixtures.persistence",
    "fixtures.agent_orchestrator",
    "fixtures.llama_server",
    "fixtures.task_leaks",
]
