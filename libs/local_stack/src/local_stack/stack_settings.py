"""Settings of the local stack itself.

The services read their own settings from the same environment and the same `.env`; what is named here is what they need
to be told by the stack, because it starts their servers.
"""

import os
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from local_stack.loopback import LOOPBACK
from local_stack.processes.server_account import unprivileged_account

_URL_SCHEMES = {"postgres_url": ("postgresql://", "postgres://"), "redis_url": ("redis://", "rediss://", "unix://")}

Port = Annotated[int, Field(ge=0, le=65_535)]
"""A TCP port; 0 takes a free one."""


class StackSettings(BaseSettings):
    """Settings of the local stack; each field is an environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    listen_host: str = Field(LOOPBACK, description="address that the gateway's web server listens on")
    gateway_http_port: Port = Field(8080, description="web server that Twilio reaches")
    gateway_grpc_port: Port = Field(50050, description="GatewayAdminService")
    orchestrator_port: Port = Field(50051, description="AgentOrchestratorService")
    budget_port: Port = Field(50052, description="EscalationBudgetService")
    persistence_port: Port = Field(50053, description="PersistenceService")
    piper_port: Port = Field(50054, description="Piper's HTTP server")
    gateway_metrics_port: Port = Field(0, description="metrics of the voice gateway")
    orchestrator_metrics_port: Port = Field(0, description="metrics of the agent orchestrator")
    budget_metrics_port: Port = Field(0, description="metrics of the escalation budget service")
    persistence_metrics_port: Port = Field(0, description="metrics of the persistence service")
    postgres_port: Port = Field(0, description="embedded PostgreSQL")
    redis_port: Port = Field(0, description="embedded Redis")

    postgres_url: SecretStr | None = Field(None, description="a PostgreSQL to use instead of the embedded one")
    postgres_data_dir: Path | None = Field(
        None, description="keeps the embedded PostgreSQL's data; empty: `run` keeps it in var/postgres, `demo` nowhere"
    )
    redis_url: SecretStr | None = Field(None, description="a Redis to use instead of the embedded one")
    piper_voice: Path | None = Field(None, description="a Piper voice (.onnx) to use instead of the packaged one")

    twilio_auth_token: SecretStr = Field(SecretStr("callwright-dev"), description="signs Twilio's webhooks")
    public_url: str = Field("", description="base URL of the web server as Twilio sees it; empty takes its own address")
    campaigns_dir: Path = Field(Path("campaigns"), description="folder of the campaign files")
    default_campaign: str = Field("", description="campaign of unlisted numbers; empty takes the first file")
    log_dir: Path = Field(Path("var/log"), description="folder of the log files")

    @field_validator("postgres_url", "redis_url")
    @classmethod
    def _scheme(cls, value: SecretStr | None, field: ValidationInfo) -> SecretStr | None:
        schemes = _URL_SCHEMES[field.field_name or ""]
        if value is not None and not value.get_secret_value().startswith(schemes):
            raise ValueError(f"must start with {' or '.join(schemes)}")
        return value


def with_records_kept(settings: StackSettings) -> StackSettings:
    """Returns the settings with a place where the embedded PostgreSQL's data stays, unless they name one.

    PostgreSQL does not run as root: where the account that root starts it under cannot enter this folder, the place is
    below `/var/lib`.
    """
    if settings.postgres_url is not None or settings.postgres_data_dir is not None:
        return settings
    here = Path.cwd()
    account = unprivileged_account()
    if account is None or account.can_traverse(here):
        folder = here / "var"
    else:
        folder = Path("/var/lib/callwright") / sha256(os.fsencode(here)).hexdigest()[:12]
    return settings.model_copy(update={"postgres_data_dir": folder / "postgres"})
