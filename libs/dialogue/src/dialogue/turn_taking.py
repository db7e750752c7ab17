"""A whole turn in one: understood, routed and put into words."""

from datetime import datetime

from callwright_common.campaign import Campaign
from dialogue.agents import ANSWERS
from dialogue.agents.answering import Slots
from dialogue.analysis import Analyzer, understood
from dialogue.routing import route
from dialogue.state import DialogueState
from dialogue.turns import Reply
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
    analysis = await understood(analyzer, campaign, state, turn_input, now=now)
    routed = route(campaign, state, turn_input, analysis, turn_id=turn_id, now=now)
    return ANSWERS[routed.agent](campaign, routed, slots=slots, now=now)
