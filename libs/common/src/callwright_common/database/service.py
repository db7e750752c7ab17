"""Services with a database: their commands, the database they open."""

import argparse
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import LiteralString, TypeVar

from sqlalchemy.exc import DBAPIError

from callwright_common.database.migrations import Schema, migrate
from callwright_common.database.postgres import Database, DatabaseLimits, open_database
from callwright_common.database.readiness import DatabaseReadiness
from callwright_common.database.settings import DatabaseServiceSettings
from callwright_common.logs import configure_logs, get_logger
from callwright_common.service import Running, ServiceHost, run_service, serve_until
from callwright_common.settings import load_settings

_logger = get_logger(__name__)


Settings = TypeVar("Settings", bound=DatabaseServiceSettings)


async def open_service_database(
    host: ServiceHost,
    settings: DatabaseServiceSettings,
    schema: Schema,
    writes: Sequence[LiteralString],
    look_seconds: float,
) -> tuple[Database, DatabaseReadiness]:
    """Returns the database of a service, open until the service ends, and who looks at it again and again from now on.

    The host must await the condition `callwright_common.database.readiness.CONDITION`. What `writes` is for tells
    `DatabaseReadiness`.
    """
    url = settings.database_url.get_secret_value()
    limits = DatabaseLimits(
        settings.database_max_connections,
        settings.database_wait_seconds,
        settings.database_lock_seconds,
        settings.database_statement_seconds,
    )
    opening = open_database(url, limits, host.registry, application=schema.name)
    database = await host.stack.enter_async_context(opening)
    readiness = DatabaseReadiness(database, schema, writes, host.registry, host.readiness)
    await host.run_beside("database readiness", lambda: readiness.run(look_seconds))
    return database, readiness


def main(
    schema: Schema, kind: type[Settings], running: Callable[[Settings], AbstractAsyncContextManager[Running]]
) -> None:
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
    run_service(schema.name, settings, partial(serve_until, running(settings)))


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
