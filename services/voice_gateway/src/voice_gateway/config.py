"""The voice gateway's settings."""

import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings

from callwright_common.campaign import Campaign
from callwright_common.chat_models.settings import ChatModelSettings
from callwright_common.rpc.deadlines import REPLY_IDLE_SECONDS
from callwright_common.settings import ListenAddress, ServerAddress, ServiceSettings, WebUrl

_HUB_NAME = r"[\w.-]*\w(/[\w.-]+)?"


class RecordsSettings(BaseSettings):
    """Where call events wait and where they go; the same environment variables for the service and for a replay."""

    model_config = ServiceSettings.model_config

    persistence_address: ServerAddress = Field("127.0.0.1:50053", description="host:port of the persistence service")
    data_dir: Path = Field(Path("var/voice_gateway"), description="spool and quarantine of call events")
    spool_max_bytes: int = Field(64 * 1024 * 1024, ge=64 * 1024, description="size limit of the spool file")

    @property
    def spool_path(self) -> Path:
        """The spool's file; its quarantine lies beside it."""
        return self.data_dir / "call_events.spool"


class GatewaySettings(RecordsSettings, ChatModelSettings, ServiceSettings):
    """Settings of the voice gateway; each field is an environment variable of the same name in capitals."""

    grpc_listen: ListenAddress = Field("127.0.0.1:50050", description="host:port of GatewayAdminService")
    http_listen: ListenAddress = Field("127.0.0.1:8080", description="host:port of the web server that Twilio reaches")
    public_url: WebUrl = Field(
        "", description="scheme://host of the web server as Twilio sees it; empty takes each request's own URL"
    )
    twilio_auth_token: SecretStr = Field(description="signs Twilio's webhooks")
    verify_stream_signature: bool = Field(
        False,
        description="check on the media WebSocket too that Twilio signed the upgrade, and that the stream's "
        "CallSid and AccountSid are those of its token; many simulators can do neither",
    )
    campaigns_dir: Path = Field(Path("campaigns"), description="folder of the campaign files")
    default_campaign: str = Field("", description="campaign of unlisted numbers; empty takes the first file")
    max_concurrent_calls: int = Field(50, ge=1, le=10_000, description="further calls hear a busy prompt")

    orchestrator_address: ServerAddress = Field("127.0.0.1:50051", description="host:port of the agent orchestrator")
    budget_address: ServerAddress = Field("127.0.0.1:50052", description="host:port of the escalation budget service")

    enable_agent_integration: bool = Field(True, description="false: the direct model answers whole calls")
    enable_tier_escalation: bool = Field(True, description="false: no call moves to the premium voice")
    agent_processing_timeout_ms: int = Field(1500, ge=100, le=10_000, description="time to the first words of a reply")
    reply_idle_timeout_ms: int = Field(
        round(REPLY_IDLE_SECONDS * 1000), ge=100, le=30_000, description="longest pause inside a streamed reply"
    )
    reply_total_timeout_ms: int = Field(20_000, ge=1000, le=120_000, description="whole turn, scoring included")
    filler_delay_ms: int = Field(650, ge=100, le=5000, description="time without words after which a filler is heard")

    direct_first_text_timeout_ms: int = Field(2000, ge=100, le=20_000, description="time to the direct model's words")

    piper_url: WebUrl = Field("http://127.0.0.1:5000", description="base URL of Piper's HTTP server")
    whisper_model: str = Field(
        "",
        description="folder or hub name of the Whisper weights; empty takes the packaged",
        json_schema_extra={"pattern": f"^(/.+|{_HUB_NAME})?$"},
    )
    gateway_id: str = Field("voice-gateway", description="name of this gateway in call records")

    @field_validator("whisper_model")
    @classmethod
    def _folder_or_hub_name(cls, value: str) -> str:
        is_hub_name = re.fullmatch(_HUB_NAME, value) and not Path(value).exists()
        if value and not is_hub_name and not (Path(value) / "model.bin").is_file():
            raise ValueError("must be a folder that holds model.bin, or a name such as tiny.en or owner/model")
        return value

    def problems_with(self, campaigns: Mapping[str, Campaign], all_read: bool = True) -> list[str]:
        """Returns that the default campaign does not exist."""
        if not (self.default_campaign and all_read) or self.default_campaign in campaigns:
            return []
        known = ", ".join(campaigns)
        return [f"setting DEFAULT_CAMPAIGN: must be one of the campaigns {known}, not {self.default_campaign!r}"]
