"""Where the parts of a running stack answer."""

from dataclasses import dataclass

from local_stack.loopback import LOOPBACK
from local_stack.stack_settings import StackSettings

_ALL_INTERFACES = ("0.0.0.0", "::")  # noqa: S104 - compared with, not listened on


@dataclass(frozen=True, slots=True)
class StackEndpoints:
    """Addresses and credentials with which a caller reaches a running stack.

    Services are named by gRPC `host:port`, the voice gateway's web server and Piper's by base URL; the token signs
    Twilio's webhooks and the WebSocket upgrade.
    """

    http_url: str
    gateway: str
    orchestrator: str
    budget: str
    persistence: str
    piper_url: str
    twilio_auth_token: str


def endpoints_of(settings: StackSettings) -> StackEndpoints:
    """Returns where a stack with these settings answers."""
    host = LOOPBACK if settings.listen_host in _ALL_INTERFACES else settings.listen_host
    return StackEndpoints(
        http_url=f"http://{host}:{settings.gateway_http_port}",
        gateway=f"{LOOPBACK}:{settings.gateway_grpc_port}",
        orchestrator=f"{LOOPBACK}:{settings.orchestrator_port}",
        budget=f"{LOOPBACK}:{settings.budget_port}",
        persistence=f"{LOOPBACK}:{settings.persistence_port}",
        piper_url=f"http://{LOOPBACK}:{settings.piper_port}",
        twilio_auth_token=settings.twilio_auth_token.get_secret_value(),
    )
