"""What can be known to be wrong before anything is started: the settings of all services, `.env` and the campaigns."""

import os
from collections.abc import Mapping
from importlib.metadata import entry_points
from pathlib import Path

from pydantic_settings import BaseSettings

from callwright_common.campaign import Campaign, CampaignError, load_campaigns, unknown_voices
from callwright_common.settings import (
    ServiceSettings,
    Settings,
    SettingsError,
    env_file_lines,
    read_past_problems,
    setting_names,
    unknown_names,
    unknown_setting,
)
from local_stack import LocalStackError
from local_stack.servers.piper_server import voice_model, voice_names
from local_stack.service_environment import service_environments
from local_stack.stack_settings import StackSettings

_ANY_POSTGRES = "postgresql://127.0.0.1/postgres"
_ANY_REDIS = "redis://127.0.0.1"
_ANY_PORT = 65_535


def checked_settings() -> tuple[StackSettings, list[str]]:
    """Returns the settings of the stack, and what has no effect, a line for each.

    Raises:
        SettingsError: One is wrong, or a name in `.env` resembles a setting and is none.
    """
    kinds: list[type[BaseSettings]] = [StackSettings, *_service_kinds().values()]
    in_file, problems = env_file_lines()
    unknown = unknown_names(in_file, kinds)
    problems += [f".env: {name} is not a setting; did you mean {meant}?" for name, meant in unknown.items() if meant]
    settings = _read(StackSettings, {}, problems)
    if settings is None or problems:
        of_parts = _problems_of_parts(settings)[0] if settings is not None else []
        raise SettingsError("\n".join(dict.fromkeys([*problems, *of_parts])))
    remarks = [f".env sets {name}, which nothing reads" for name in unknown]
    for name, meant in unknown_names(os.environ, kinds).items():
        remarks += [unknown_setting(name, meant)] if meant else []
    told = set().union(*_told(settings.model_copy(update={"postgres_data_dir": Path()})).values())
    for name in sorted((told & set().union(*map(setting_names, kinds))) - setting_names(StackSettings)):
        if in_file.get(name) or os.environ.get(name):
            remarks.append(f"setting {name}: has no effect here, the services are told by the stack")
    return settings, remarks


def check_parts(settings: StackSettings) -> list[str]:
    """Checks what the parts of the stack will read; returns what the user may not expect, a line for each.

    What the services read is told by the packages that are installed, in the entry points `callwright.settings`.

    Raises:
        SettingsError: A setting of a service, a campaign or the voice cannot be used; tells all problems.
    """
    problems, campaigns = _problems_of_parts(settings)
    if problems:
        raise SettingsError("\n".join(problems))
    if settings.default_campaign or len(campaigns) == 1:
        return []
    first, *others = campaigns
    return [f"setting DEFAULT_CAMPAIGN: is empty; {first}, not {', '.join(others)}, answers numbers that none lists"]


def _problems_of_parts(settings: StackSettings) -> tuple[list[str], Mapping[str, Campaign]]:
    """Returns what is wrong with what the parts of the stack will read, a line for each; the campaigns if none is."""
    problems: list[str] = []
    told = _told(settings)
    services: list[ServiceSettings] = []
    for package, kind in _service_kinds().items():
        service = _read(kind, told[package], problems)
        services += [service] if service else []
    voices: list[str] | None = None
    try:
        voices = voice_names(voice_model(settings.piper_voice))
    except LocalStackError as error:
        problems.append(str(error))

    def problems_with(campaigns: Mapping[str, Campaign], all_read: bool) -> list[str]:
        of_services = [line for one in services for line in one.problems_with(campaigns, all_read)]
        return of_services + ([] if voices is None else unknown_voices(campaigns, voices))

    campaigns: Mapping[str, Campaign] = {}
    try:
        campaigns = load_campaigns(settings.campaigns_dir, problems_with)
    except CampaignError as error:
        problems.append(str(error))
    return [*dict.fromkeys("\n".join(problems).splitlines())], campaigns


def _told(settings: StackSettings) -> dict[str, dict[str, str]]:
    redis_url = settings.redis_url.get_secret_value() if settings.redis_url else _ANY_REDIS
    left_to_the_machine = [name for name, value in settings if name.endswith("_port") and value == 0]
    settings = settings.model_copy(update=dict.fromkeys(left_to_the_machine, _ANY_PORT))
    return service_environments(settings, _ANY_POSTGRES, redis_url, Path())


def _service_kinds() -> dict[str, type[ServiceSettings]]:
    """Returns the kind of settings of each service by its package."""
    return {point.name: point.load() for point in entry_points(group="callwright.settings")}


def _read(kind: type[Settings], told: Mapping[str, str], problems: list[str]) -> Settings | None:
    """Returns settings, with defaults in place of wrong ones, which are added to the problems; None without them."""
    settings, wrong = read_past_problems(kind, **{name.lower(): value for name, value in told.items()})
    problems += wrong
    return settings
