"""Which chat model a service asks."""

from pydantic import AliasChoices, Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings

from callwright_common.chat_models import ChatModel, Provider
from callwright_common.chat_models.providers import open_chat_model
from callwright_common.settings import ServiceSettings, WebUrl


class ChatModelSettings(BaseSettings):
    """The provider, its server, model and key; the same environment variables for every service that asks a model."""

    model_config = ServiceSettings.model_config

    llm_provider: Provider = Field("offline", description="offline, openai or ollama")
    llm_base_url: WebUrl = Field("", description="another server that speaks the provider's protocol")
    llm_model: str = Field("", description="the model's name; empty takes the provider's default")
    llm_api_key: SecretStr = Field(
        SecretStr(""),
        validation_alias=AliasChoices("llm_api_key", "openai_api_key"),
        validate_default=True,
        description="key of the provider",
    )

    @field_validator("llm_api_key")
    @classmethod
    def _openai_needs_a_key(cls, key: SecretStr, others: ValidationInfo) -> SecretStr:
        needed = others.data.get("llm_provider") == "openai" and not others.data.get("llm_base_url")
        if needed and not key.get_secret_value():
            raise ValueError("LLM_PROVIDER=openai needs it, or LLM_BASE_URL of a server without keys")
        return key

    def chat_model(self, timeout_seconds: float) -> ChatModel | None:
        """Returns the model, None for the offline agent; the seconds bound connecting and each wait for words."""
        if self.llm_provider == "offline":
            return None
        return open_chat_model(
            self.llm_provider,
            self.llm_model,
            api_key=self.llm_api_key.get_secret_value(),
            base_url=self.llm_base_url or None,
            timeout_seconds=timeout_seconds,
        )
