"""Instructions for a language model that speaks in an agent's place."""

from datetime import datetime
from zoneinfo import ZoneInfo

from callwright_common.campaign import Campaign
from dialogue.language import language
from dialogue.qualification import open_questions
from dialogue.spoken import spoken_date, spoken_time
from dialogue.state import DialogueState
from dialogue.turns import Reply
from vocabulary.enums import TransitionTrigger

_INSTRUCTIONS = language("model/instructions").wordings


def system_prompt(campaign: Campaign, reply: Reply, *, now: datetime) -> str:
    """Returns the instructions by which a model words a reply in the agent's place.

    The reply's state and actions stay as they are; the model only finds the words, so what it must say and ask is
    given, with the offline wording as the example.
    """
    state = reply.state
    parts = [
        f"You are {campaign.company.agent_name}, the automated phone assistant of {campaign.company.name}, "
        f"which sells {campaign.product.name}. {campaign.product.pitch}",
        "Rules:\n" + "\n".join(f"- {rule}" for rule in _INSTRUCTIONS["rule.always"]),
        f"Your task now: {_INSTRUCTIONS[f'task.{reply.agent}'][0]}",
        "What you may say about the product:\n" + "\n".join(f"- {fact.answer}" for fact in campaign.facts),
        _known(campaign, state),
        _calendar(campaign, state, now),
        _unclear(campaign, reply),
        "Say this in your own words, fitting what the caller just said, and end with the same question if there is "
        "one:\n" + reply.text,
    ]
    return "\n\n".join(part for part in parts if part)


def _known(campaign: Campaign, state: DialogueState) -> str:
    told = [f"- {_label(campaign, name)}: {fact.value}" for name, fact in state.facts.items()]
    missing = [question.label for question in open_questions(campaign, state)]
    text = "The caller told so far:\n" + "\n".join(told) if told else "The caller told nothing about himself so far."
    return f"{text}\nStill open: {', '.join(missing)}." if missing else text


def _unclear(campaign: Campaign, reply: Reply) -> str:
    """Returns what the rules did not understand, so that the model takes it up or asks back."""
    name = "again" if reply.asks and reply.state.asked.get(reply.asks.question_id, 0) > 1 else ""
    name = "nothing" if reply.trigger is TransitionTrigger.NOT_UNDERSTOOD else name
    if not name:
        return ""
    question = _label(campaign, reply.asks.question_id) if reply.asks and reply.asks.question_id else ""
    return _INSTRUCTIONS[f"unclear.{name}"][0].format(question=question or _INSTRUCTIONS["unclear.anything"][0])


def _label(campaign: Campaign, name: str) -> str:
    question = campaign.question(name)
    return question.label if question else name.replace("_", " ")


def named_times(campaign: Campaign, state: DialogueState, now: datetime) -> list[str]:
    """Returns the times that may be named: the one that is booked, or else those that were offered."""
    zone = ZoneInfo(campaign.calendar.timezone)
    today = now.astimezone(zone).date()
    slots = [state.booked] if state.booked else state.offered or ([state.chosen] if state.chosen else [])
    starts = [slot.start_time.astimezone(zone) for slot in slots]
    return [f"{spoken_date(start.date(), today, full=True)} at {spoken_time(start.time())}" for start in starts]


def _calendar(campaign: Campaign, state: DialogueState, now: datetime) -> str:
    names = [f"- {name}" for name in named_times(campaign, state, now)]
    lead = "Booked:" if state.booked else "Times that may be named:"
    return "\n".join([lead, *names]) if names else ""
