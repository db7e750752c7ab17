"""What the stack tells each service; the rest a service reads itself, from the environment and `.env`."""

from pathlib import Path

from local_stack.endpoints import endpoints_of
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
    gateway = {
        "HTTP_LISTEN": f"{settings.listen_host}:{settings.gateway_http_port}",
        "PUBLIC_URL": settings.public_url,
        "TWILIO_AUTH_TOKEN": at.twilio_auth_token,
        "ORCHESTRATOR_ADDRESS": at.orchestrator,
        "BUDGET_ADDRESS": at.budget,
        "PERSISTENCE_ADDRESS": at.persistence,
        "PIPER_URL": at.piper_url,
        "REDIS_URL": redis_url,
        # With more arenas the memory of calls that have ended stays taken.
        "MALLOC_ARENA_MAX": "2",
    }
    if settings.postgres_url is None and settings.postgres_data_dir is None:
        # Call events that were not delivered belong to a database that goes with the stack.
        gateway["DATA_DIR"] = str(state_directory / "voice_gateway")
    own = {
        "escalation_budget": (at.budget, {"DATABASE_URL": database_url(postgres_url, "escalation_budget")}),
        "persistence": (at.persistence, {"DATABASE_URL": database_url(postgres_url, "persistence")}),
        "agent_orchestrator": (at.orchestrator, {"REDIS_URL": redis_url, "PERSISTENCE_ADDRESS": at.persistence}),
        "voice_gateway": (at.gateway, gateway),
    }
    metrics = {
        "escalation_budget": settings.budget_metrics_port,
        "persistence": settings.persistence_metrics_port,
        "agent_orchestrator": settings.orchestrator_metrics_port,
        "voice_gateway": settings.gateway_metrics_port,
    }
    return {
        package: {
            "GRPC_LISTEN": address,
            "METRICS_LISTEN": f"{LOOPBACK}:{metrics[package]}",
            "CAMPAIGNS_DIR": str(settings.campaigns_dir),
            # A developer who presses Ctrl-C does not wait for requests as long as a rolling deployment does.
            "SHUTDOWN_GRACE_SECONDS": "3",
            **more,
        }
        for package, (address, more) in own.items()
    }
