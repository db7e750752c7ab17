"""Routes what concerns the call itself: its end, a human, a repetition, a refusal, matters of somebody else."""

import re

from dialogue.qualification.capture import Captured
from dialogue.state import Agent, DialogueState, WorkflowState
from dialogue.understanding.intents import Intent
from dialogue.understanding.utterances import Understanding

Decision = tuple[Agent, WorkflowState, str]
"""Agent, stage and trigger."""

_REQUESTS = {
    Intent.DO_NOT_CALL: "not to be called again",
    Intent.CALL_LATER: "a call back",
    Intent.SUPPORT: "help with something other than a purchase",
}
_OTHER_MATTERS = {
    Intent.OTHER_LANGUAGE: "other_language",
    Intent.OTHER_MATTER: "other_matter",
    Intent.OFF_TOPIC: "off_topic",
}
_CLEAR = 0.6
_NEW_MATTERS = (
    Intent.DO_NOT_CALL, Intent.ABUSE, Intent.WANTS_HUMAN, Intent.WANTS_APPOINTMENT, Intent.RESCHEDULE, Intent.SUPPORT,
    Intent.INTEREST, Intent.CALL_LATER, Intent.REPEAT, Intent.ARE_YOU_HUMAN, Intent.MANIPULATION,
)  # fmt: skip
_NOTHING_MORE = re.compile(r"\b(?:no (?:more|further|other) questions?|nothing (?:else|more|further))\b")
_TALKING_TO = re.compile(r"\bi am (?:not |just |only |really )?(?:talking|speaking) (?:to|with)\b")
_DEMANDS = re.compile(
    r"\b(?:(?:can|could|may) i (?:get|have|talk|speak)|(?:get|give|put|connect|transfer|let) me"
    r"|i (?:want|need|prefer))\b"
)
_SAME_TO_YOU = re.compile(r"\b(?:you too|same to you|likewise|same here|you as well|and you)\b")
_NO_THANKS = re.compile(
    r"^(?:no|nah|nope)(?: i am (?:fine|good|okay|all set|not))?(?: but)? thanks?(?: you)?(?: very much)?$"
)


def note_requests(state: DialogueState, heard: Understanding) -> None:
    """Notes what the caller wants a human to see to, whoever answers the turn."""
    if heard.has(Intent.VOICEMAIL, Intent.IN_A_HURRY):
        return
    for intent, wish in _REQUESTS.items():
        if heard.has(intent):
            state.request(wish)
    if heard.concern is not None and heard.concern.id == "send_email":
        state.request("information in writing")


def about_the_call(state: DialogueState, heard: Understanding, captured: tuple[Captured, ...]) -> Decision | None:
    """Returns the decision if an utterance is about the call itself, else None."""
    if state.workflow_state is WorkflowState.COMPLETED and _is_parting(heard):
        return Agent.CONVERSATION, WorkflowState.COMPLETED, "goodbye"
    if heard.noise and not captured:
        return state.agent, state.workflow_state, "not_understood"
    if heard.has(Intent.MANIPULATION):
        return Agent.CONVERSATION, state.workflow_state, "off_topic"
    if heard.has(Intent.VOICEMAIL):
        return Agent.CONVERSATION, WorkflowState.COMPLETED, "voicemail"
    return (
        _to_a_human(state, heard)
        or _to_its_end(state, heard)
        or _to_other_matters(state, heard, captured)
        or _to_a_pause(state, heard, captured)
    )


def _is_parting(heard: Understanding) -> bool:
    """Whether words after the goodbye only return it: "ok bye", "thanks", "you too"."""
    if heard.questions or heard.has(*_NEW_MATTERS):
        return False
    returned = heard.noise or heard.polarity is not None or _SAME_TO_YOU.search(heard.words.text) is not None
    return returned or heard.has(Intent.GOODBYE, Intent.THANKS, Intent.NOT_INTERESTED)


def _to_a_human(state: DialogueState, heard: Understanding) -> Decision | None:
    if heard.has(Intent.DO_NOT_CALL):
        return None
    wonders = bool(heard.questions) or _TALKING_TO.search(heard.words.text) is not None
    asks_whether_human = heard.has(Intent.ARE_YOU_HUMAN) and wonders and not _DEMANDS.search(heard.words.text)
    wants_human = heard.has(Intent.WANTS_HUMAN) and not asks_whether_human
    accepts = state.expecting == "human_offer" and (heard.polarity is True or heard.has(Intent.OTHER_LANGUAGE))
    if wants_human or accepts:
        return Agent.HANDOFF, WorkflowState.HANDING_OFF, "human_requested"
    if heard.has(Intent.SUPPORT) and not heard.answers and not state.facts:
        return Agent.HANDOFF, WorkflowState.HANDING_OFF, "support_requested"
    return None


def _to_its_end(state: DialogueState, heard: Understanding) -> Decision | None:
    """Returns the decision of an utterance after which nothing is left to talk about."""
    settled = state.booked is not None or state.expecting == "anything_else"
    if heard.has(Intent.DO_NOT_CALL):
        return Agent.CONVERSATION, WorkflowState.COMPLETED, "do_not_call"
    if heard.has(Intent.ABUSE):
        return Agent.CONVERSATION, state.workflow_state, "abuse"
    if heard.has(Intent.WRONG_NUMBER):
        return Agent.CONVERSATION, WorkflowState.COMPLETED, "wrong_number"
    if settled and not heard.questions and _NOTHING_MORE.search(heard.words.text):
        return Agent.CONVERSATION, WorkflowState.COMPLETED, "goodbye"
    declines = _NO_THANKS.search(heard.words.text) is not None and not state.facts
    if declines or (heard.has(Intent.NOT_INTERESTED) and heard.polarity is not True):
        return Agent.CONVERSATION, WorkflowState.COMPLETED, "goodbye" if settled else "refused"
    return None


def _to_other_matters(state: DialogueState, heard: Understanding, captured: tuple[Captured, ...]) -> Decision | None:
    if heard.answers or any(one.fact.confidence > _CLEAR for one in captured):
        return None
    for intent, trigger in _OTHER_MATTERS.items():
        if heard.has(intent):
            return Agent.CONVERSATION, state.workflow_state, trigger
    return None


def _to_a_pause(state: DialogueState, heard: Understanding, captured: tuple[Captured, ...]) -> Decision | None:
    """Returns the decision of an utterance that asks for a repetition, for patience or for another time."""
    asks_more = heard.has(Intent.WHO_ARE_YOU, Intent.WHY_ASKING, Intent.ARE_YOU_HUMAN) and not heard.has(Intent.SLOWER)
    if heard.has(Intent.REPEAT, Intent.SLOWER) and not captured and state.last_reply and not asks_more:
        return state.agent, state.workflow_state, "repeat_requested"
    if heard.has(Intent.GOODBYE) and not heard.answers:
        return Agent.CONVERSATION, WorkflowState.COMPLETED, "goodbye"
    if heard.has(Intent.CALL_LATER) and state.booked is None and not heard.has(Intent.IN_A_HURRY):
        return Agent.CONVERSATION, WorkflowState.CLOSING, "postponed"
    exclaims = heard.has(Intent.ARE_YOU_HUMAN) or (bool(heard.questions) and heard.words.clauses[0] == "wait")
    if heard.has(Intent.WAIT) and not captured and not heard.answers and not exclaims:
        return state.agent, state.workflow_state, "wait_requested"
    return None
