"""A turn in its steps, understood and routed, then put into words, and a whole one."""

from datetime import datetime

from callwright_common.campaign import Campaign
from dialogue.agents import ANSWERS
from dialogue.agents.answering import Slots
from dialogue.analysis import Analyzer, understood
from dialogue.routing import route
from dialogue.state import DialogueState
from dialogue.turns import Reply, Route
from vocabulary.turns import TurnInput


async def take_turn(
    campaign: Campaign,
    state: DialogueState,
    turn_input: TurnInput,
    *,
    analyzer: Analyzer,
    turn_id: str,
    now: datetime,
    slots: Slots,
) -> Reply:
    """Returns the reply to a turn: analysis, routing and the agent's answer in one."""
    routed = await understood_and_routed(campaign, state, turn_input, analyzer=analyzer, turn_id=turn_id, now=now)
    return answer(campaign, routed, slots=slots, now=now)


async def understood_and_routed(
    campaign: Campaign, state: DialogueState, turn_input: TurnInput, *, analyzer: Analyzer, turn_id: str, now: datetime
) -> Route:
    """Returns who answers a turn, with what was understood of it."""
    analysis = await understood(analyzer, campaign, state, turn_input, now=now)
    return route(campaign, state, turn_input, analysis, turn_id=turn_id, now=now)


def answer(campaign: Campaign, routed: Route, *, slots: Slots, now: datetime) -> Reply:
    """Returns the reply of the agent that a turn was routed to."""
    return ANSWERS[routed.agent](campaign, routed, slots=slots, now=now)
