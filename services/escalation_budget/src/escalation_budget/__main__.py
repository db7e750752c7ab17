"""The service's commands: run it, or bring its database schema to a version."""

import argparse
import asyncio
import logging

from alembic.util import CommandError
from sqlalchemy.exc import DatabaseError

from callwright_common.campaign import CampaignError
from callwright_common.logs import configure_logs, get_logger
from callwright_common.service import run_service
from callwright_common.settings import load_settings
from escalation_budget.bootstrap import serve
from escalation_budget.config import Settings
from escalation_budget.migrations import migrate

_NAME = "escalation_budget"


def main() -> None:
    """Runs the command that the arguments name; without one, the service."""
    parser = argparse.ArgumentParser(prog=f"python -m {_NAME}", description="Settings come from the environment.")
    commands = parser.add_subparsers(dest="command")
    migration = commands.add_parser("migrate", help="bring the database schema to a version and exit")
    migration.add_argument("--to", default="head", metavar="REVISION", help="head (default), base, or a number")
    arguments = parser.parse_args()
    settings = load_settings(Settings)
    if arguments.command == "migrate":
        configure_logs(_NAME, settings.log_level)
        _migrate(settings, arguments.to)
        return

    # The pool logs every attempt to connect; the service itself tells when the database goes and comes.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)

    async def run(stop: asyncio.Event) -> None:
        await serve(settings, stop)

    try:
        run_service(_NAME, settings, run)
    except CampaignError as error:
        get_logger(__name__).critical("the service cannot start", problem=str(error))
        raise SystemExit(1) from None


def _migrate(settings: Settings, revision: str) -> None:
    logger = get_logger(__name__)
    try:
        migrate(settings.database_url.get_secret_value(), revision)
    except (DatabaseError, CommandError) as error:
        logger.critical("the schema could not be migrated; nothing was changed", problem=type(error).__name__)
        raise SystemExit(1) from None
    logger.info("the schema is migrated", revision=revision)


if __name__ == "__main__":
    main()
