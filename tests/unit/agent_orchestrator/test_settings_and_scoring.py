"""Settings that cannot be right, and when the premium voice is recommended."""

import pytest
from pydantic import ValidationError

from agent_orchestrator.config import OrchestratorSettings
from agent_orchestrator.workflow.scoring import recommend
from callwright_common.campaign import Scoring, Weights
from callwright_common.settings import SettingsError, read_settings
from vocabulary.enums import Agent, WorkflowState
from vocabulary.exchange import EscalationRecommendation

SCORING = Scoring(
    weights=Weights(intent=1, budget=1, timeline=1, authority=1, need=1), threshold=0.7, warm_up_margin=0.15
)


@pytest.mark.parametrize(
    ("score", "state", "recommended"),
    [
        (0.7, WorkflowState.QUALIFYING, True),
        (0.69, WorkflowState.QUALIFYING, False),
        (0.5, WorkflowState.QUALIFYING, False),
        (1.0, WorkflowState.HANDLING_OBJECTION, True),
        (1.0, WorkflowState.SCHEDULING, True),
        (1.0, WorkflowState.CLOSING, False),
        (1.0, WorkflowState.HANDING_OFF, False),
        (1.0, WorkflowState.COMPLETED, False),
        (1.0, WorkflowState.FAILED, False),
    ],
)
def test_the_premium_voice_is_for_qualified_leads_who_stay(
    score: float, state: WorkflowState, recommended: bool
) -> None:
    advice = recommend(score, SCORING, Agent.QUALIFICATION, state)
    assert advice == EscalationRecommendation(recommended, score, Agent.QUALIFICATION)


def test_openai_needs_a_key_or_another_server(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LLM_API_KEY", "OPENAI_API_KEY", "LLM_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ValidationError, match="LLM_PROVIDER=openai needs it"):
        OrchestratorSettings(llm_provider="openai")
    assert OrchestratorSettings(llm_provider="openai", llm_base_url="http://127.0.0.1:1/v1").llm_base_url


def test_the_key_is_taken_under_openais_own_name_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")
    settings = OrchestratorSettings(llm_provider="openai")
    assert settings.llm_api_key.get_secret_value() == "sk-canary"
    assert "canary" not in repr(settings)


@pytest.mark.parametrize(("provider", "model"), [("openai", "gpt-4o-mini"), ("ollama", "llama3.2")])
async def test_each_provider_has_a_model_of_its_own(provider: str, model: str) -> None:
    settings = OrchestratorSettings.model_validate(
        {"llm_provider": provider, "llm_base_url": "http://127.0.0.1:1", "llm_model": ""}
    )
    built = settings.chat_model(timeout_seconds=8)
    assert built is not None
    assert (built.provider, built.model) == (provider, model)
    await built.aclose()


def test_the_offline_agent_needs_no_model() -> None:
    assert OrchestratorSettings(llm_provider="offline").chat_model(timeout_seconds=8) is None


@pytest.mark.parametrize(
    "url",
    [
        "redis://cache",
        "redis://:s3cret@cache:6379/0",
        "rediss://user:s3%2Fcret@[::1]:6379/15?socket_timeout=1",
        "unix:///run/redis.sock?db=1",
    ],
)
def test_the_url_of_a_redis(url: str) -> None:
    assert OrchestratorSettings(redis_url=url).redis_url == url


@pytest.mark.parametrize(
    "url",
    [
        "cache:6379",
        "http://cache:6379",
        "redis://",
        "redis://cache:99999",
        "redis://cache:abc",
        "redis://cache/abc",
        "redis://cache?socket_timeout=abc",
        "redis://cache?nonsense=1",
        "redis://:s3cret/12@cache:6379/0",
        "redis://:s3cret#12@cache:6379/0",
        "redis://[::1",
    ],
)
def test_what_is_no_url_of_a_redis_is_refused_in_one_line_without_its_password(url: str) -> None:
    with pytest.raises(SettingsError, match=r"^setting REDIS_URL: must be a URL like .*$") as caught:
        read_settings(OrchestratorSettings, redis_url=url)
    assert "s3cret" not in str(caught.value)
    assert "\n" not in str(caught.value)
