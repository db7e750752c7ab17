"""Tenants are told honestly that the owner decides; those whose owner agrees go on, and so do owners who let."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright_common.campaign import load_campaign
from fakes.spoken_calls import SpokenCall
from vocabulary.enums import Expectation, TransitionTrigger, WorkflowState

GYM = load_campaign(Path(__file__).parents[2] / "evals" / "campaigns" / "ironleaf-gym.yaml")
TO_DECIDE = ("lower bills", "180 dollars")
rents = st.sampled_from(
    ["I rent", "we rent it", "we're renting", "I'm a tenant", "it's a rental", "it's rented", "I only rent here"]
)
agrees = st.sampled_from(
    ["my landlord's fine with it", "the landlord agreed", "the owner said yes", "my landlady is on board",
     "the owner told me to go ahead", "my landlord would pay for it"]
)  # fmt: skip


@given(said=rents, more=st.sampled_from(["", ", my landlord doesn't agree", ", I doubt the landlord agrees"]))
def test_a_tenant_is_told_honestly_and_asked_no_further(said: str, more: str) -> None:
    call = SpokenCall()
    call.say(*TO_DECIDE)
    reply = call.say(said + more)
    assert reply.trigger is TransitionTrigger.NOT_QUALIFIED
    assert "owner" in reply.text
    assert call.state.expecting is Expectation.ANYTHING_ELSE


@given(said=rents, more=agrees)
def test_a_tenant_whose_owner_agrees_goes_on(said: str, more: str) -> None:
    call = SpokenCall()
    call.say(*TO_DECIDE, f"{said}, but {more}.")
    assert call.value("decision") == "you decide together"
    assert call.state.pending == "start"


@given(more=agrees)
def test_he_goes_on_when_he_says_so_later(more: str) -> None:
    call = SpokenCall()
    call.say(*TO_DECIDE, "No, I rent.", f"Well, I rent it but {more}.")
    assert call.state.pending == "start"


@pytest.mark.parametrize("said", ["I own it and rent it out", "I'm the landlord", "My tenants asked, I own it"])
def test_whoever_lets_a_place_decides(said: str) -> None:
    call = SpokenCall()
    call.say(*TO_DECIDE, said)
    assert call.value("decision") == "you decide yourself"
    assert call.state.pending == "start"


def test_where_no_owner_is_needed_a_tenant_is_a_lead_like_any_other() -> None:
    call = SpokenCall(GYM)
    call.say("lose weight", "I rent a flat nearby, three times a week")
    assert call.state.expecting is Expectation.ANSWER


def test_a_tenant_who_wants_nothing_more_is_let_go() -> None:
    call = SpokenCall()
    call.say(*TO_DECIDE, "No, I rent.", "no thanks, that's fine")
    assert call.state.workflow_state is WorkflowState.COMPLETED
