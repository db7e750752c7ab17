"""Settings of the local stack itself, and the ports it takes.

The services read their own settings from the same environment and the same `.env`; what is named here is what they need
to be told by the stack, because it starts their servers.
"""

import os
from hashlib import sha256
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from callwright_common.settings import unknown_names
from local_stack.errors import LocalStackError
from local_stack.loopback import LOOPBACK, free_ports, is_free
from local_stack.server_account import unprivileged_account

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


def check_env_file(path: Path = Path(".env")) -> list[str]:
    """Returns the names that a file sets and nothing reads.

    What the services read is told by the packages that are installed, in the entry points `callwright.settings`.

    Raises:
        LocalStackError: One of the names resembles a setting.
    """
    try:
        names = dotenv_values(path)
    except UnicodeDecodeError:
        raise LocalStackError(f"{path} is not text in UTF-8") from None
    if not names:
        return []
    kinds = [StackSettings, *(point.load() for point in entry_points(group="callwright.settings"))]
    unknown = unknown_names(names, kinds)
    misspelt = [f"{path}: {name} is not a setting; did you mean {meant}?" for name, meant in unknown.items() if meant]
    if misspelt:
        raise LocalStackError("\n".join(misspelt))
    return list(unknown)


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


def with_ports_chosen(settings: StackSettings, *, evade: bool) -> StackSettings:
    """Returns the settings with a port that is free in place of every 0.

    Args:
        settings: Name the wanted ports.
        evade: Whether free ports are taken in place of those that are in use or that nobody chose, so that stacks which
            start at the same time do not meet at the default ports.

    Raises:
        LocalStackError: Wanted ports are in use and may not be evaded.
    """
    names = [name for name in StackSettings.model_fields if name.endswith("_port")]
    wanted: dict[str, int] = {name: getattr(settings, name) for name in names}
    taken = [name for name, port in wanted.items() if port and not is_free(port)]
    if taken and not evade:
        raise LocalStackError(
            "\n".join(
                f"port {wanted[name]} is taken: end what listens there, or choose another port with "
                f"{name.upper()} in the environment or in .env"
                for name in taken
            )
        )
    unchosen = set(names) - settings.model_fields_set if evade else set()
    missing = [name for name, port in wanted.items() if not port or name in taken or name in unchosen]
    return settings.model_copy(update=dict(zip(missing, free_ports(len(missing)), strict=True)))
