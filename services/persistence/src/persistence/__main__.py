"""`python -m persistence` runs the service, `python -m persistence migrate` brings the database's tables up to date."""

import argparse
import sys

import psycopg

from callwright_common.campaign import CampaignError
from callwright_common.service import run_service
from callwright_common.settings import load_settings
from persistence.bootstrap import serve
from persistence.config import Settings
from persistence.migrate import migrate


def main() -> None:
    """Reads the command line and does what it says.

    Raises:
        SystemExit: with status 2 if a setting or a campaign file is wrong, with 1 if the work fails.
    """
    parser = argparse.ArgumentParser(prog="python -m persistence", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("serve", help="run the service (the default)")
    migration = commands.add_parser("migrate", help="bring the database's tables to a revision")
    migration.add_argument("--to", default="head", metavar="REVISION", help="head (default), base, down or a revision")
    arguments = parser.parse_args()
    settings = load_settings(Settings)
    if arguments.command == "migrate":
        _migrate(settings, arguments.to)
        return
    try:
        run_service("persistence", settings, lambda stop: serve(settings, stop))
    except CampaignError as error:
        print(error, file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from None


def _migrate(settings: Settings, target: str) -> None:
    try:
        before, after = migrate(settings.database_url.get_secret_value(), target)
    except LookupError as error:
        raise SystemExit(f"migration refused: {error}") from None
    except psycopg.Error as error:
        raise SystemExit(f"migration failed, nothing was changed: {type(error).__name__}: {error}") from None
    print(f"tables were at revision {before or 'none'} and are at {after or 'none'}")  # noqa: T201


if __name__ == "__main__":
    main()
