"""Typed settings, read from the environment and from a `.env` file in the working directory."""

import os
import sys
from collections.abc import Iterable
from difflib import get_close_matches
from typing import TypeVar

from dotenv import dotenv_values
from pydantic import AliasChoices, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from callwright_common.addresses import parse_address

_RESEMBLANCE = 0.85
"""How alike a misspelt name and the right one are at least, of 1; the settings of any two services are less so."""


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
    """Reads the settings; ends the program with one line per wrong variable, never showing its value.

    A variable that resembles a setting, but is none, is told on standard error: another program's may do so rightly.
    """
    try:
        settings = kind()  # pyright: ignore[reportCallIssue]
    except ValidationError as error:
        for problem in error.errors(include_input=False, include_context=False, include_url=False):
            name = "_".join(str(part) for part in problem["loc"]).upper()
            print(f"setting {name}: {problem['msg'].removeprefix('Value error, ')}", file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from None
    for name, meant in unknown_names([*os.environ, *dotenv_values(".env")], [kind]).items():
        if meant:
            print(f"setting {name}: is unknown and has no effect; did you mean {meant}?", file=sys.stderr)  # noqa: T201
    return settings


def setting_names(kind: type[BaseSettings]) -> set[str]:
    """Returns the environment variables that settings are read from."""
    names: set[str] = set()
    for field, about in kind.model_fields.items():
        alias = about.validation_alias
        names.update(str(choice).upper() for choice in (alias.choices if isinstance(alias, AliasChoices) else [field]))
    return names


def unknown_names(names: Iterable[str], kinds: Iterable[type[BaseSettings]]) -> dict[str, str | None]:
    """Returns the names that no settings are read from, each with the setting that it resembles, if there is one."""
    known = sorted(set().union(*(setting_names(kind) for kind in kinds)))
    unknown = (name for name in names if name.upper() not in known)
    return {name: next(iter(get_close_matches(name.upper(), known, 1, _RESEMBLANCE)), None) for name in unknown}
