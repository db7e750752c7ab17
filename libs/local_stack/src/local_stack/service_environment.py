"""What the stack tells each service; the rest a service reads itself, from the environment and `.env`."""

from pathlib import Path

from local_stack.endpoints import StackEndpoints, endpoints_of
from local_stack.loopback import LOOPBACK
from local_stack.servers.databases import database_url
from local_stack.stack_settings import StackSettings


def service_environments(
    settings: StackSettings, postgres_url: str, redis_url: str, state_directory: Path
) -> dict[str, dict[str, str]]:
    """Returns the variables by the package of the service.

    Args:
        settings: The stack's settings.
        postgres_url: A database of a PostgreSQL user who may create databases.
        redis_url: The Redis of orchestrator and gateway.
        state_directory: Holds what goes with the stack.
    """
    at = endpoints_of(settings)

    def told(address: str, metrics_port: int, **more: str) -> dict[str, str]:
        return {
            "GRPC_LISTEN": address,
            "METRICS_LISTEN": f"{LOOPBACK}:{metrics_port}",
            "CAMPAIGNS_DIR": str(settings.campaigns_dir),
            # A developer who presses Ctrl-C does not wait for requests as long as a rolling deployment does.
            "SHUTDOWN_GRACE_SECONDS": "3",
            **more,
        }

    budgets, records = (database_url(postgres_url, name) for name in ("escalation_budget", "persistence"))
    gateway = {"REDIS_URL": redis_url, **_gateway(settings, at, state_directory)}
    return {
        "escalation_budget": told(at.budget, settings.budget_metrics_port, DATABASE_URL=budgets),
        "persistence": told(at.persistence, settings.persistence_metrics_port, DATABASE_URL=records),
        "agent_orchestrator": told(
            at.orchestrator, settings.orchestrator_metrics_port, REDIS_URL=redis_url, PERSISTENCE_ADDRESS=at.persistence
        ),
        "voice_gateway": told(at.gateway, settings.gateway_metrics_port, **gateway),
    }


def _gateway(settings: StackSettings, at: StackEndpoints, state_directory: Path) -> dict[str, str]:
    variables = {
        "HTTP_LISTEN": f"{settings.listen_host}:{settings.gateway_http_port}",
        "PUBLIC_URL": settings.public_url,
        "TWILIO_AUTH_TOKEN": at.twilio_auth_token,
        "ORCHESTRATOR_ADDRESS": at.orchestrator,
        "BUDGET_ADDRESS": at.budget,
        "PERSISTENCE_ADDRESS": at.persistence,
        "PIPER_URL": at.piper_url,
        # With more arenas the memory of calls that have ended stays taken.
        "MALLOC_ARENA_MAX": "2",
    }
    if settings.postgres_url is None and settings.postgres_data_dir is None:
        # Call events that were not delivered belong to a database that goes with the stack.
        variables["DATA_DIR"] = str(state_directory / "voice_gateway")
    return variables
