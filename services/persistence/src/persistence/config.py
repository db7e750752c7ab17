"""The service's settings."""

from pathlib import Path

from pydantic import Field, PostgresDsn, SecretStr, TypeAdapter, field_validator

from callwright_common.settings import ServiceSettings


class Settings(ServiceSettings):
    """Environment variables of the same names in capitals; times in seconds."""

    grpc_listen: str = "127.0.0.1:50053"
    database_url: SecretStr = Field(description="libpq URL of the PostgreSQL database")
    campaigns_dir: Path = Field(Path("campaigns"), description="folder of the campaign files, whose calendars are used")
    database_max_connections: int = Field(10, ge=2, le=200)
    database_statement_seconds: float = Field(5.0, gt=0, le=300, description="after this PostgreSQL ends a statement")
    database_wait_seconds: float = Field(2.0, gt=0, le=60, description="how long work waits for a connection")
    call_lost_after_seconds: float = Field(
        45.0, ge=5, le=3600, description="a call of which nothing was heard for so long ends as gateway_lost"
    )
    call_sweep_seconds: float = Field(5.0, gt=0, le=600, description="how often lost calls are looked for")

    @field_validator("database_url")
    @classmethod
    def _is_a_postgres_url(cls, value: SecretStr) -> SecretStr:
        try:
            TypeAdapter(PostgresDsn).validate_python(value.get_secret_value())
        except ValueError:
            raise ValueError("must be a URL like postgresql://user:password@host:5432/database") from None
        return value
