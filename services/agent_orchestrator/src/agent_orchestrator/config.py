"""The settings of the orchestrator."""

from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr, ValidationInfo, field_validator

from callwright_common.chat_models import Provider
from callwright_common.settings import ServiceSettings


class OrchestratorSettings(ServiceSettings):
    """Each field is an environment variable of the same name in capitals; times are in seconds."""

    grpc_listen: str = Field("127.0.0.1:50051", description="host:port of the gRPC server; port 0 takes a free one")
    redis_url: str = Field(
        "redis://127.0.0.1:6379/0",
        pattern="^(redis|rediss|unix)://",
        description="where the workflow contexts are kept",
    )
    persistence_address: str = Field("127.0.0.1:50053", description="host:port of the persistence service")
    campaigns_dir: Path = Field(Path("campaigns"), description="directory of the campaign files")

    llm_provider: Provider = Field("offline", description="offline, openai or ollama")
    llm_base_url: str | None = Field(None, description="another server that speaks the provider's protocol")
    llm_model: str = Field("", description="the model's name; empty takes the provider's default")
    llm_api_key: SecretStr = Field(
        SecretStr(""),
        validation_alias=AliasChoices("llm_api_key", "openai_api_key"),
        validate_default=True,
        description="key of the provider",
    )
    llm_first_sentence_seconds: float = Field(
        1.2, gt=0, le=30, description="longest wait for a model's first sentence before the offline agent answers"
    )
    llm_reply_seconds: float = Field(8.0, gt=0, le=60, description="longest time for a model's whole reply")
    llm_max_tokens: int = Field(160, ge=8, le=1000, description="longest reply in the model's tokens")

    context_store_timeout_seconds: float = Field(0.3, gt=0, le=5, description="longest wait for Redis")
    context_hours: float = Field(24.0, gt=0, le=24 * 30, description="how long a context is kept after its last turn")
    slots_timeout_seconds: float = Field(0.3, gt=0, le=5, description="longest wait for each answer about appointments")
    max_concurrent_turns: int = Field(100, ge=1, le=1000, description="more turns at once are refused")
    watch_interval_seconds: float = Field(0.5, ge=0.05, le=10, description="how often WatchCall looks for changes")
    readiness_interval_seconds: float = Field(
        2.0, ge=0.05, le=60, description="how often Redis is asked for a sign of life"
    )

    @field_validator("llm_api_key")
    @classmethod
    def _openai_needs_a_key(cls, key: SecretStr, others: ValidationInfo) -> SecretStr:
        needed = others.data.get("llm_provider") == "openai" and not others.data.get("llm_base_url")
        if needed and not key.get_secret_value():
            raise ValueError("LLM_PROVIDER=openai needs it, or LLM_BASE_URL of a server without keys")
        return key
