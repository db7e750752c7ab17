"""Where the parts of a running stack answer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StackEndpoints:
    """Addresses and credentials with which a caller reaches a running stack.

    Attributes:
        http_url: Base URL of the voice gateway's web server, for example `http://127.0.0.1:8080`.
        gateway: gRPC `host:port` of the voice gateway's `GatewayAdminService`.
        orchestrator: gRPC `host:port` of the agent orchestrator.
        budget: gRPC `host:port` of the escalation budget service.
        persistence: gRPC `host:port` of the persistence service.
        piper_url: Base URL of Piper's HTTP server.
        twilio_auth_token: Token that signs Twilio's webhooks and the WebSocket upgrade.
    """

    http_url: str
    gateway: str
    orchestrator: str
    budget: str
    persistence: str
    piper_url: str
    twilio_auth_token: str
