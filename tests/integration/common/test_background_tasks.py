"""In each service a task that dies beside the requests is seen by probes and comes back by itself."""

from escalation_budget.bootstrap import running as running_budget
from fakes.task_killer import dies_and_recovers
from fixtures.agent_orchestrator import RunOrchestrator
from fixtures.escalation_budget import budget_settings
from fixtures.persistence import RunPersistence


async def test_the_budget_service(ledger_url: str) -> None:
    async with running_budget(budget_settings(database_url=ledger_url)) as service:
        killed = await dies_and_recovers(service.grpc_port, service.metrics_port)
    assert killed == {"database readiness", "sweeper"}


async def test_persistence(run_persistence: RunPersistence) -> None:
    async with run_persistence() as client:
        killed = await dies_and_recovers(client.service.grpc_port, client.service.metrics_port)
    assert killed == {"database readiness", "event writer", "lost calls", "retention"}


async def test_the_orchestrator(run_orchestrator: RunOrchestrator) -> None:
    async with run_orchestrator() as client:
        killed = await dies_and_recovers(client.service.grpc_port, client.service.metrics_port)
    assert killed == {"contacts of bookings", "contacts that wait", "context store readiness", "persistence probe"}
