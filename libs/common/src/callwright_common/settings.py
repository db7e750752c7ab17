"""Typed settings, read from the environment and from a `.env` file in the working directory."""

import sys
from typing import TypeVar

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from callwright_common.addresses import parse_address


class ServiceSettings(BaseSettings):
    """What every service needs to know; each field is an environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    grpc_listen: str = Field(description="host:port of the gRPC server; port 0 takes a free one")
    metrics_listen: str = Field("127.0.0.1:0", description="host:port of /metrics; port 0 takes a free one")
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    shutdown_grace_seconds: float = Field(10.0, gt=0, le=3600, description="how long requests may finish after SIGTERM")

    @field_validator("grpc_listen", "metrics_listen")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        parse_address(value)
        return value


Settings = TypeVar("Settings", bound=BaseSettings)


def load_settings(kind: type[Settings]) -> Settings:
    """Reads the settings; ends the program with one line per wrong variable, never showing its value."""
    try:
        return kind()  # pyright: ignore[reportCallIssue]
    except ValidationError as error:
        for problem in error.errors(include_input=False, include_context=False, include_url=False):
            name = "_".join(str(part) for part in problem["loc"]).upper()
            print(f"setting {name}: {problem['msg'].removeprefix('Value error, ')}", file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from None
