"""The choice between the providers of chat models."""

from callwright_common.chat_models import ChatModel, ChatProvider

_DEFAULT_MODELS: dict[ChatProvider, str] = {"openai": "gpt-4o-mini", "ollama": "llama3.2"}


def open_chat_model(
    provider: ChatProvider, model: str, *, api_key: str, base_url: str | None, timeout_seconds: float
) -> ChatModel:
    """Returns a provider's model; the client of the other provider, slow to import, is not loaded.

    Args:
        provider: Whose protocol is spoken.
        model: Its name at the provider; empty takes the provider's default.
        api_key: Servers without keys accept any text.
        base_url: Another server of the protocol, for example `http://127.0.0.1:8000/v1` for OpenAI's and
            `http://127.0.0.1:11434` for Ollama's; None means the provider's own.
        timeout_seconds: Bounds connecting and each wait for the next piece.
    """
    name = model or _DEFAULT_MODELS[provider]
    match provider:
        case "openai":
            from callwright_common.chat_models.openai_model import OpenAIModel  # noqa: PLC0415

            return OpenAIModel(name, api_key, base_url, timeout_seconds)
        case "ollama":
            from callwright_common.chat_models.ollama_model import OllamaModel  # noqa: PLC0415

            return OllamaModel(name, base_url, timeout_seconds)
