"""Typed settings, read from the environment and from a `.env` file in the working directory."""

import os
import re
import sys
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from dotenv.parser import Binding, parse_stream
from pydantic import AfterValidator, AliasChoices, Field, HttpUrl, TypeAdapter, ValidationError, WithJsonSchema
from pydantic_settings import BaseSettings, SettingsConfigDict

from callwright_common.addresses import SERVER_ADDRESS, WEB_URL, parse_address
from callwright_common.campaign import Campaign

_RESEMBLANCE = 0.85
"""How alike a misspelt name and the right one are at least, of 1; the settings of any two services are less so."""
_SHOWN_CHARACTERS = 60


def _is_a_web_url(value: str) -> str:
    try:
        reachable = not value or TypeAdapter(HttpUrl).validate_python(value).port != 0
    except ValidationError:
        reachable = False
    if not reachable:
        raise ValueError("must be a URL like http://host:port or https://host")
    return value.rstrip("/")


WebUrl = Annotated[
    str,
    AfterValidator(_is_a_web_url),
    WithJsonSchema({"type": "string", "pattern": WEB_URL, "format": "a URL like http://host:port or https://host"}),
]
"""The address of a web server, without the slash at its end; it may be empty."""


def _can_be_listened_on(value: str) -> str:
    parse_address(value)
    return value


ListenAddress = Annotated[str, AfterValidator(_can_be_listened_on)]
"""Where a server listens, as host:port; port 0 takes a free one."""


def _can_be_reached(value: str) -> str:
    if parse_address(value)[1] == 0 or value.startswith(":"):
        raise ValueError("must be host:port with the host and the port of a server")
    return value


ServerAddress = Annotated[
    str,
    AfterValidator(_can_be_reached),
    WithJsonSchema({"type": "string", "pattern": SERVER_ADDRESS, "format": "host:port of a server"}),
]
"""Where a server is reached, as host:port."""


class ServiceSettings(BaseSettings):
    """What every service needs to know; each field is an environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    grpc_listen: ListenAddress = Field(description="host:port of the gRPC server; port 0 takes a free one")
    metrics_listen: ListenAddress = Field("127.0.0.1:0", description="host:port of /metrics; port 0 takes a free one")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="which log lines are written")
    shutdown_grace_seconds: float = Field(10.0, gt=0, le=3600, description="how long requests may finish after SIGTERM")

    def problems_with(self, campaigns: Mapping[str, Campaign], all_read: bool = True) -> list[str]:
        """Returns what of the settings does not fit the campaigns, a line for each.

        Args:
            campaigns: Those that could be read.
            all_read: Whether these are all; else none is told to be missing.
        """
        return []


Settings = TypeVar("Settings", bound=BaseSettings)


class SettingsError(Exception):
    """Settings that cannot be used; each line of the text names one, or a line of `.env`, and what is allowed."""


def load_settings(kind: type[Settings]) -> Settings:
    """Reads the settings; ends the program with one line per wrong variable.

    A variable that resembles a setting, but is none, is told on standard error: another program's may do so rightly.
    """
    try:
        in_file = env_file_values()
        settings = read_settings(kind)
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from None
    for name, meant in unknown_names([*os.environ, *in_file], [kind]).items():
        if meant:
            print(unknown_setting(name, meant), file=sys.stderr)  # noqa: T201
    return settings


def read_past_problems(kind: type[Settings], **told: Any) -> tuple[Settings | None, list[str]]:
    """Returns the settings, with the defaults in place of what is wrong, and a line for each problem.

    None where something that has no default is wrong.
    """
    try:
        return read_settings(kind, **told), []
    except SettingsError as error:
        problems = str(error).splitlines()
        fields = kind.model_fields.items()
        wrong = {name: field for name, field in fields if any(f"setting {name.upper()}: " in line for line in problems)}
        if not wrong or any(field.is_required() for field in wrong.values()):
            return None, problems
        defaults = {name: field.get_default(call_default_factory=True) for name, field in wrong.items()}
        try:
            return read_settings(kind, **{**told, **defaults}), problems
        except SettingsError:
            return None, problems


def read_settings(kind: type[Settings], **told: Any) -> Settings:
    """Returns the settings; what is told, by the names of the fields, goes before the environment and `.env`.

    Raises:
        SettingsError: Some are wrong. A value is shown where it cannot be a secret.
    """
    try:
        return kind(**told)
    except ValidationError as error:
        problems = error.errors(include_context=False, include_url=False)
        raise SettingsError("\n".join(_explained(kind, problem) for problem in problems)) from None


def _explained(kind: type[BaseSettings], problem: Mapping[str, Any]) -> str:
    name = "_".join(str(part) for part in problem["loc"])
    field = kind.model_fields.get(name)
    may_be_shown = field is not None and "Secret" not in str(field.annotation) and not name.endswith(("_url", "_key"))
    found = f", not {str(problem['input'])[:_SHOWN_CHARACTERS]!r}" if may_be_shown else ""
    told = "is missing" if problem["type"] == "missing" else problem["msg"].removeprefix("Value error, ") + found
    return f"setting {name.upper()}: {told}"


def unknown_setting(name: str, meant: str) -> str:
    """Returns what is told of a variable that resembles a setting."""
    return f"setting {name}: is unknown and has no effect; did you mean {meant}?"


def env_file_values(path: Path = Path(".env")) -> dict[str, str]:
    """Returns what a file of settings sets, by name; nothing if it does not exist.

    Raises:
        SettingsError: A line is not `NAME=value`, or the file cannot be read.
    """
    values, wrong = env_file_lines(path)
    if wrong:
        raise SettingsError("\n".join(wrong))
    return values


def env_file_lines(path: Path = Path(".env")) -> tuple[dict[str, str], list[str]]:
    """Returns what a file of settings sets, by name, and a line for each of its lines that sets nothing.

    Raises:
        SettingsError: The file cannot be read.
    """
    try:
        with path.open(encoding="utf-8") as file:
            lines = [line for line in parse_stream(file) if line.key is not None or line.error]
    except FileNotFoundError:
        return {}, []
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: is not text in UTF-8") from None
    wrong = [f"{path}: line {line.original.line}: {told}" for line in lines if (told := _malformed(line))]
    sound = [line for line in lines if _malformed(line) is None]
    return {line.key: line.value for line in sound if line.key is not None and line.value is not None}, wrong


def _malformed(line: Binding) -> str | None:
    """Returns what is wrong with a line of a file of settings; a value stands on one line."""
    opened = re.match(r"[^#'\"]*=\s*['\"]", line.original.string)
    if opened and (line.error or "\n" in (line.value or "")):
        return "the quote that opens there is not closed on its line"
    return "must be NAME=value" if line.error or line.value is None else None


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
