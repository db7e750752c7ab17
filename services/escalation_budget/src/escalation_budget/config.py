"""The settings of the service."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from callwright_common.campaign import Campaign
from callwright_common.database.settings import DatabaseServiceSettings
from callwright_common.money import MAX_MICROS, parse_micros
from callwright_common.settings import ListenAddress


def _micros(value: object) -> int:
    return value if isinstance(value, int) else parse_micros(str(value))


_WRITTEN = WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,9}(\.[0-9]{1,6})?$"})
Micros = Annotated[int, BeforeValidator(_micros), Field(ge=0, le=MAX_MICROS), _WRITTEN]
"""Micros, written as a decimal number of units such as `0.60`."""


class Settings(DatabaseServiceSettings):
    """What the service needs to know; amounts are written in units of the currency, such as `0.60`."""

    grpc_listen: ListenAddress = Field("127.0.0.1:50052", description="host:port of gRPC; port 0 takes a free one")
    database_wait_seconds: float = Field(0.5, gt=0, le=60, description="how long work waits for a connection")
    database_lock_seconds: float = Field(0.5, gt=0, le=60, description="wait for a row that is locked at most")
    database_statement_seconds: float = Field(1.0, gt=0, le=300, description="after this PostgreSQL ends a statement")
    currency: str = Field("USD", pattern=r"^[A-Z]{3}$", description="the one currency of all amounts")
    default_call_limit: Micros = Field(600_000, description="what one call may spend")
    default_campaign_day_limit: Micros = Field(25_000_000, description="what a campaign may spend on one UTC day")
    default_global_day_limit: Micros = Field(100_000_000, description="what all calls may spend on one UTC day")
    campaigns_dir: Path | None = Field(None, description="campaign files, whose budgets replace the defaults")
    sweep_interval_seconds: float = Field(2.0, gt=0, le=60, description="pause between two looks for ended leases")
    readiness_interval_seconds: float = Field(1.0, gt=0, le=60, description="pause between two looks at PostgreSQL")

    def problems_with(self, campaigns: Mapping[str, Campaign], all_read: bool = True) -> list[str]:
        """Returns which campaigns count in another currency."""
        return [
            f"campaign {campaign.id}: budget.currency: is {campaign.budget.currency}, "
            f"the ledger counts {self.currency} (CURRENCY)"
            for campaign in campaigns.values()
            if campaign.budget.currency != self.currency
        ]
