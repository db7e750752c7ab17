"""`python -m persistence` runs the service, `… migrate` brings the database's tables up to date."""

from callwright_common.database.service import main
from persistence.bootstrap import running
from persistence.config import Settings
from persistence.tables import SCHEMA

if __name__ == "__main__":
    main(SCHEMA, Settings, running)
