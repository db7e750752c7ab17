"""`python -m escalation_budget` runs the service, `… migrate` brings the database's tables up to date."""

from callwright_common.database.service import main
from escalation_budget.bootstrap import running
from escalation_budget.config import Settings
from escalation_budget.tables import SCHEMA

if __name__ == "__main__":
    main(SCHEMA, Settings, running)
