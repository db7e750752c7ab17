"""The settings of the orchestrator."""

from pathlib import Path

from pydantic import Field

from callwright_common.chat_models.settings import ChatModelSettings
from callwright_common.settings import ListenAddress, ServerAddress, ServiceSettings


class OrchestratorSettings(ChatModelSettings, ServiceSettings):
    """Each field is an environment variable of the same name in capitals; times are in seconds."""

    grpc_listen: ListenAddress = Field("127.0.0.1:50051", description="host:port of gRPC; port 0 takes a free one")
    redis_url: str = Field(
        "redis://127.0.0.1:6379/0",
        pattern="^(redis|rediss|unix)://",
        description="where the workflow contexts are kept",
    )
    persistence_address: ServerAddress = Field("127.0.0.1:50053", description="host:port of the persistence service")
    campaigns_dir: Path = Field(Path("campaigns"), description="directory of the campaign files")

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
