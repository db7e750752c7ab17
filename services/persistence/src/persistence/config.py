"""The service's settings."""

from pathlib import Path

from pydantic import Field

from callwright_common.database.settings import DatabaseServiceSettings
from callwright_common.settings import ListenAddress


class Settings(DatabaseServiceSettings):
    """Environment variables of the same names in capitals; times in seconds."""

    grpc_listen: ListenAddress = Field("127.0.0.1:50053", description="host:port of gRPC; port 0 takes a free one")
    campaigns_dir: Path = Field(Path("campaigns"), description="folder of the campaign files, whose calendars are used")
    call_lost_after_seconds: float = Field(
        45.0, ge=5, le=3600, description="a call of which nothing was heard for so long ends as gateway_lost"
    )
    call_sweep_seconds: float = Field(5.0, gt=0, le=600, description="how often lost calls are looked for")
