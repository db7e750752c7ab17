"""Who tells a story at the opening, or asks for what is sold, is talked to as a lead and put through to nobody."""

from pathlib import Path

import pytest

from callwright_common.campaign import Campaign, load_campaign
from fakes.spoken_calls import SOLAR, SpokenCall
from vocabulary.enums import TransitionTrigger

CAMPAIGNS = Path(__file__).parents[2] / "evals" / "campaigns"
DENTAL, GYM, WINDOWS = (
    load_campaign(CAMPAIGNS / f"{name}.yaml") for name in ("harbor-dental", "ironleaf-gym", "clearview-windows")
)
PUT_THROUGH = {
    TransitionTrigger.HUMAN_REQUESTED, TransitionTrigger.SUPPORT_REQUESTED, TransitionTrigger.OTHER_MATTER,
    TransitionTrigger.ABUSE,
}  # fmt: skip


@pytest.mark.parametrize(
    ("campaign", "text"),
    [
        (GYM, "A trainer please."), (GYM, "I want a personal trainer."), (DENTAL, "I need a dentist for my wife."),
        (WINDOWS, "Can I have one of your surveyors?"),
        (GYM, "I am looking for a good trainer who helps me slim down."),
        (DENTAL, "My tooth has been throbbing all night."), (DENTAL, "I can't sleep, my molar hurts so much."),
        (DENTAL, "I cracked a tooth this morning."), (DENTAL, "My crown came off today."),
        (SOLAR, "Two years ago lightning struck our house, ever since I want a battery."),
        (SOLAR, "My wife is on oxygen and we can't have the power go out."),
        (GYM, "I had a heart attack in March and my doctor told me to exercise."),
        (SOLAR, "The bastards at the utility raised the rates again."),
        (SOLAR, "It is a shitty old roof but it faces south."),
        (WINDOWS, "The damn thing leaks."), (SOLAR, "My name is Dick Cox."), (SOLAR, "This is Fanny Hooker."),
    ],
)  # fmt: skip
def test_he_is_talked_to(campaign: Campaign, text: str) -> None:
    reply = SpokenCall(campaign).say(text)
    assert reply.trigger not in PUT_THROUGH
    assert not reply.actions


@pytest.mark.parametrize(
    ("campaign", "text"),
    [
        (DENTAL, "My cheek is swollen and I have a fever."), (DENTAL, "I'm bleeding from the mouth and it won't stop."),
        (DENTAL, "I knocked my front tooth out just now."), (SOLAR, "The inverter is smoking."),
        (GYM, "I want to talk to a real person."), (SOLAR, "You are a bloody idiot."),
        (GYM, "I want to talk to a trainer's boss."),
    ],
)  # fmt: skip
def test_danger_and_plain_wishes_are_still_seen_to(campaign: Campaign, text: str) -> None:
    assert SpokenCall(campaign).say(text).trigger in PUT_THROUGH


@pytest.mark.parametrize(
    "text",
    [
        "I rent out the house and my tenant complains about the bill.", "I am a landlord, my tenants pay the power.",
        "I've got renters upstairs and pay the bill myself.", "It's our rental property, we own it outright.",
    ],
)  # fmt: skip
def test_who_lets_a_place_is_no_tenant(text: str) -> None:
    call = SpokenCall()
    call.say(text)
    assert call.state.out_of_reach is None
    assert "decision" not in call.state.facts or (call.state.facts["decision"].degree or 0.0) > 0.5
