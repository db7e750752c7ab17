"""Phrases a routed turn: the chosen agent speaks, and the reply is made fit to be spoken."""

from datetime import datetime

from callwright_common.campaign import Campaign
from dialogue.agents import conversation, handoff, objection_handling, qualification, scheduling
from dialogue.agents.drafting import Draft
from dialogue.qualification.open_questions import open_questions
from dialogue.routing import route
from dialogue.spoken import spoken_text
from dialogue.state import Agent, DialogueState, Expectation, Slot
from dialogue.turns import Opening, Reply, Route, TurnInput

MAX_WORDS = 60
_RECENT_SENTENCES = 12
_OTHER_WORDS = ("Could you put that another way, please?", "Could you say that in other words, please?")
_NOTHING_NEW: dict[Expectation, tuple[str, ...]] = {
    "slot_choice": ("Just tell me the day and the time that suit you.", "Any weekday is fine, which one shall it be?"),
    "slot_confirmation": ("A yes or a no is enough.", "Just say yes if I may book it."),
    "anything_else": ("I am listening, if there is more.", "Just tell me if there is anything more."),
}
_CALL_TRIGGERS = frozenset({"not_understood", "repeat_requested", "wait_requested"})


def respond(campaign: Campaign, routed: Route, *, slots: tuple[Slot, ...] | list[Slot] | None, now: datetime) -> Reply:
    """Returns the reply to a routed turn; `slots` are the free times, None where no calendar can be reached."""
    draft = Draft(campaign, routed, tuple(slots) if slots is not None else None, now)
    if routed.trigger in _CALL_TRIGGERS:
        conversation.speak(draft)
    else:
        _SPEAKERS[routed.agent](draft)
    return _finish(draft)


def take_turn(
    campaign: Campaign,
    state: DialogueState,
    turn_input: TurnInput,
    *,
    turn_id: str,
    now: datetime,
    slots: tuple[Slot, ...] | list[Slot] | None,
) -> Reply:
    """Returns the reply to a turn: `route` and `respond` in one."""
    return respond(campaign, route(campaign, state, turn_input, turn_id=turn_id, now=now), slots=slots, now=now)


def slot_lost(
    campaign: Campaign, routed: Route, slot_id: str, *, slots: tuple[Slot, ...] | list[Slot] | None, now: datetime
) -> Reply:
    """Returns the reply to speak instead of one whose `Book` failed because the slot was taken meanwhile."""
    draft = Draft(campaign, routed, tuple(slots) if slots is not None else (), now)
    known = [*(draft.slots or ()), *draft.state.offered, *([draft.state.chosen] if draft.state.chosen else [])]
    slot = next((one for one in known if one.slot_id == slot_id), Slot(slot_id=slot_id, start=draft.now))
    scheduling.lose_slot(draft, slot)
    return _finish(draft)


def initial_state(call_id: str) -> DialogueState:
    """Returns where a conversation begins."""
    return DialogueState(call_id=call_id)


def _qualify(draft: Draft) -> None:
    if draft.route.trigger == "appointment_promised":
        appointment = draft.campaign.appointment
        qualification.react(draft, admit=False)
        draft.say(
            f"Gladly, we can set up the {appointment.name} right away.",
            f"Sure, I will find you a time for the {appointment.name}.",
        )
        draft.say("Just a few short questions first.", "Before that I only need to know a few things.")
        qualification.ask_next(draft, reacted=True)
    else:
        qualification.speak(draft)
    if not open_questions(draft.campaign, draft.state) and not draft.state.pending:
        _after_last_question(draft)


def _after_last_question(draft: Draft) -> None:
    """Goes on in the same breath when the last open question was given up."""
    draft.say(
        f"Would you like to have the {draft.campaign.appointment.name}?",
        f"Shall I set up the {draft.campaign.appointment.name} for you?",
    )
    draft.expect("move_on")


_SPEAKERS = {
    Agent.CONVERSATION: conversation.speak,
    Agent.QUALIFICATION: _qualify,
    Agent.OBJECTION_HANDLER: objection_handling.speak,
    Agent.SCHEDULER: scheduling.speak,
    Agent.HANDOFF: handoff.speak,
}


def _finish(draft: Draft) -> Reply:
    state = draft.state
    spoken = [text for text in (spoken_text(sentence) for sentence in draft.sentences) if text]
    sentences = [text[:1].upper() + text[1:] for text in spoken]
    if not isinstance(draft.route.turn_input, Opening):
        if not draft.may_repeat:
            sentences = _without_echo(sentences, state.last_reply) or [
                draft.pick(*_NOTHING_NEW.get(state.expecting, _OTHER_WORDS))
            ]
        sentences = _within_limit(sentences)
    if not sentences:
        sentences = [draft.pick("I am listening.", "Please go on.", "Yes, please.")]
    state.agent, state.workflow_state = draft.route.agent, draft.workflow_state
    state.turns += 1
    state.last_reply = sentences
    state.recent = [*state.recent, *draft.sentences][-_RECENT_SENTENCES:]
    return Reply(
        sentences=tuple(sentences),
        state=state,
        agent=draft.route.agent,
        workflow_state=draft.workflow_state,
        trigger=draft.route.trigger,
        actions=tuple(draft.actions),
    )


def _without_echo(sentences: list[str], last: list[str]) -> list[str]:
    """Returns the sentences without those just said, each of them once."""
    return list(dict.fromkeys(sentence for sentence in sentences if sentence not in last))


def _within_limit(sentences: list[str]) -> list[str]:
    """Returns the sentences cut to the most words of a reply; the last one, mostly a question, is kept."""
    kept = list(sentences)
    while len(kept) > 1 and _count(kept) > MAX_WORDS:
        kept.pop(-2)
    if kept and _count(kept) > MAX_WORDS:
        kept = [" ".join(kept[0].split()[:MAX_WORDS]).rstrip(",;:") + "."]
    return kept


def _count(sentences: list[str]) -> int:
    return sum(len(sentence.split()) for sentence in sentences)
