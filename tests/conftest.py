"""Fixtures for all tests: databases, a Redis of one's own, a language model, and a check for leaked asyncio tasks."""

from hypothesis import settings

# How long an example takes says more about the machine than about the code.
settings.register_profile("callwright", deadline=None)
settings.load_profile("callwright")

pytest_plugins = [
    "fixtures.postgres",
    "fixtures.redis_server",
    "fixtures.escalation_budget",
    "fixtures.persistence",
    "fixtures.agent_orchestrator",
    "fixtures.helm_chart",
    "fixtures.images",
    "fixtures.llama_server",
    "fixtures.task_leaks",
]
