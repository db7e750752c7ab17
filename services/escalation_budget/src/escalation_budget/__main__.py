"""The service's commands: run it, or bring its database schema to a version."""

import argparse
import asyncio

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
    commands = parser.add_subparsers(dest="command", metavar="migrate")
    migration = commands.add_parser("migrate", help="bring the database schema to a version and exit")
    migration.add_argument("--revision", default="head", help="head (default), base, or a revision's number")
    arguments = parser.parse_args()
    settings = load_settings(Settings)
    if arguments.command == "migrate":
        configure_logs(_NAME, settings.log_level)
        migrate(settings.database_url.get_secret_value(), arguments.revision)
        get_logger(__name__).info("the schema is migrated", revision=arguments.revision)
        return

    async def run(stop: asyncio.Event) -> None:
        await serve(settings, stop)

    try:
        run_service(_NAME, settings, run)
    except CampaignError as error:
        get_logger(__name__).critical("the service cannot start", problem=str(error))
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
