"""The commands of a service with a database: run it, or bring its tables to a revision."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field, PostgresDsn, SecretStr, TypeAdapter
from sqlalchemy.exc import DBAPIError

from callwright_common.database.migrations import Schema, migrate
from callwright_common.logs import configure_logs, get_logger
from callwright_common.service import run_service
from callwright_common.settings import ServiceSettings, load_settings

_logger = get_logger(__name__)


def _postgres_url(value: SecretStr) -> SecretStr:
    try:
        TypeAdapter(PostgresDsn).validate_python(value.get_secret_value())
    except ValueError:
        raise ValueError("must be a URL like postgresql://user:password@host:5432/database") from None
    return value


PostgresUrl = Annotated[SecretStr, AfterValidator(_postgres_url)]
"""A libpq URL, which holds a password."""


class DatabaseServiceSettings(ServiceSettings):
    """What every service with a database needs to know."""

    database_url: PostgresUrl = Field(description="postgresql://user:password@host:port/database")


Settings = TypeVar("Settings", bound=DatabaseServiceSettings)


def main(schema: Schema, kind: type[Settings], serve: Callable[[Settings, asyncio.Event], Awaitable[None]]) -> None:
    """Does what the command line says: `migrate`, or nothing for running the service.

    Raises:
        SystemExit: with status 2 if a setting or a campaign file is wrong, with 1 if the work fails.
    """
    parser = argparse.ArgumentParser(prog=f"python -m {schema.name}", description="Settings are environment variables.")
    commands = parser.add_subparsers(dest="command", metavar="migrate")
    migration = commands.add_parser("migrate", help="bring the database's tables to a revision, instead of serving")
    migration.add_argument("--to", default="head", metavar="REVISION", help="head (default), base, down or a revision")
    arguments = parser.parse_args()
    settings = load_settings(kind)
    if arguments.command == "migrate":
        configure_logs(schema.name, settings.log_level)
        _migrate(schema, settings, arguments.to)
        return
    run_service(schema.name, settings, lambda stop: serve(settings, stop))


def _migrate(schema: Schema, settings: DatabaseServiceSettings, target: str) -> None:
    try:
        before, after = migrate(schema, settings.database_url.get_secret_value(), target)
    except LookupError as error:
        _logger.critical("migration refused", problem=str(error))
        raise SystemExit(1) from None
    except DBAPIError as error:
        # The driver's own text may show what the tables hold.
        problem = type(error.orig or error).__name__
        _logger.critical("the tables could not be migrated; nothing was changed", problem=problem)
        raise SystemExit(1) from None
    _logger.info("the tables are migrated", before=before or "none", after=after or "none")
