"""The webhook of a new call: who is calling, which campaign answers, and whether there is room."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import structlog
from prometheus_client import CollectorRegistry
from starlette.datastructures import FormData
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from callwright_common.breaker import CircuitBreaker
from callwright_common.campaign import Campaign, load_campaign
from fakes.clock import ManualClock
from voice_gateway.calls.live_calls import LiveCalls, PendingCall
from voice_gateway.metrics import GatewayMetrics
from voice_gateway.web.stream_tokens import StreamTokens
from voice_gateway.web.twilio_webhooks import PublicAddress, SignatureCheck, VoiceWebhook

SOLAR = load_campaign(Path(__file__).parents[4] / "campaigns" / "sunline-solar.yaml")
CAMPAIGNS = {
    "sunline-solar": SOLAR,
    "teeth": SOLAR.model_copy(update={"id": "teeth", "numbers": ("+12025550177",)}),
}
WITHHELD = ("+266696687", "+7378742833", "+2562533", "+8566696", "+8656696", "+86282452253", "+464")
URL = "https://calls.example.com/twilio/voice"


@dataclass
class Desk:
    """A webhook and what it led to."""

    campaigns: dict[str, Campaign] = field(default_factory=lambda: CAMPAIGNS)
    default: str = ""
    capacity: int = 5

    def __post_init__(self) -> None:
        self.clock, self.registry = ManualClock(), CollectorRegistry()
        self.calls, self.tokens = LiveCalls(self.capacity), StreamTokens(self.clock)
        self.webhook = VoiceWebhook(
            self.campaigns,
            self.default,
            self.tokens,
            self.calls,
            CircuitBreaker("speech", self.clock),
            PublicAddress(""),
            GatewayMetrics(self.registry),
        )

    def call(self, sid: str = "CA1", campaign: str = "", **fields: str) -> PendingCall | None:
        """Places a call; returns None if its caller hears that nobody can answer."""
        form = {"CallSid": sid, "AccountSid": "AC1", "From": "+12025550123", "To": "+12025550199", **fields}
        root = ET.fromstring(self.webhook.answer(form, campaign, URL))  # noqa: S314 - our own gateway wrote it
        if [child.tag for child in root] == ["Say", "Hangup"]:
            return None
        return self.tokens.redeem(
            next(one.get("value", "") for one in root.iter("Parameter") if one.get("name") == "token")
        )

    def counted(self, name: str, **labels: str) -> float:
        return self.registry.get_sample_value(f"callwright_{name}_total", labels) or 0.0


@pytest.mark.parametrize("shown", [*WITHHELD, "sip:a@b.example", "client:x", "", "\0", "+", "+1", "anonymous"])
def test_a_caller_whose_number_is_not_shown_is_a_caller_without_one(shown: str) -> None:
    call = Desk().call(From=shown)
    assert call is not None
    assert call.caller_number == ""


@pytest.mark.parametrize(
    ("sid", "kept"), [("CA 1\t2", "CA12"), ("C\0A1", "CA1"), (" CA1 ", "CA1"), ("CA1" * 99, ("CA1" * 99)[:64])]
)
def test_an_id_holds_what_ids_hold(sid: str, kept: str) -> None:
    call = Desk().call(sid)
    assert call is not None
    assert call.twilio_call_sid == kept


def test_the_campaign_that_is_asked_for_answers() -> None:
    desk = Desk()
    call = desk.call(campaign="teeth", To="+12025550199")
    assert call is not None
    assert call.campaign_id == "teeth"
    assert desk.counted("campaign_choices", by="name") == 1


@pytest.mark.parametrize("asked_for", ["teehth", "Teeth", "teeth ", "\0", "x" * 5000])
def test_a_campaign_that_does_not_exist_sells_nothing_and_is_told(asked_for: str) -> None:
    desk = Desk()
    with structlog.testing.capture_logs() as logs:
        assert desk.call(campaign=asked_for) is None
    told = next(line for line in logs if line["log_level"] == "error")
    assert told["campaigns"] == ["sunline-solar", "teeth"]
    assert len(told["asked_for"]) <= 64
    assert "\0" not in told["asked_for"]
    assert desk.counted("calls_refused", reason="unknown_campaign") == 1
    assert desk.counted("campaign_choices", by="unknown_name") == 1


def test_the_campaign_that_lists_the_called_number_answers() -> None:
    call = Desk().call(To="+12025550177")
    assert call is not None
    assert call.campaign_id == "teeth"


@pytest.mark.parametrize(
    ("default", "campaigns", "by"),
    [("", CAMPAIGNS, "guess"), ("teeth", CAMPAIGNS, "default"), ("", {"sunline-solar": SOLAR}, "default")],
)
def test_a_number_that_nobody_lists_is_told_unless_it_is_clear_who_answers(
    default: str, campaigns: dict[str, Campaign], by: str
) -> None:
    desk = Desk(campaigns, default)
    with structlog.testing.capture_logs() as logs:
        call = desk.call()
    assert call is not None
    assert call.campaign_id == (default or "sunline-solar")
    assert [line["last_digits"] for line in logs if line["log_level"] == "warning"] == (
        ["0199"] if by == "guess" else []
    )
    assert desk.counted("campaign_choices", by=by) == 1


def test_calls_that_are_about_to_begin_need_room_for_some_seconds_only() -> None:
    desk = Desk(capacity=30)
    form = {"From": "+12025550123", "To": "+12025550199"}
    for number in range(70):
        desk.webhook.answer({**form, "CallSid": f"CA{number}"}, "", URL)
    assert desk.counted("calls_refused", reason="at_capacity") == 40
    desk.clock.advance(10)
    assert desk.call("CA99") is not None


def test_every_value_of_a_field_that_is_sent_twice_is_signed() -> None:
    form = FormData([("CallSid", "CA1"), ("ToCity", "A"), ("ToCity", "B")])
    signature = RequestValidator("secret").compute_signature(URL, form)
    check = SignatureCheck("secret", PublicAddress(""))
    assert check.accepts(URL, form, signature)
    assert not check.accepts(URL, FormData([("CallSid", "CA1"), ("ToCity", "B")]), signature)
