"""`python -m persistence` runs the service, `… migrate` brings the database's tables up to date."""

from callwright_common.database.service import main
from persistence.bootstrap import serve
from persistence.config import Settings
from persistence.tables.database import SCHEMA

if __name__ == "__main__":
    main(SCHEMA, Settings, serve)
