"""Instructions for a language model that speaks in an agent's place."""

from collections.abc import Iterable
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
        instruction("prompt.identity", agent=campaign.company.agent_name, company=campaign.company.name,
             product=campaign.product.name, pitch=campaign.product.pitch),
        _listed("prompt.rules", _INSTRUCTIONS["rule.always"]),
        instruction("prompt.task", task=_INSTRUCTIONS[f"task.{reply.agent}"][0]),
        _listed("prompt.about_the_product", [fact.answer for fact in campaign.facts]),
        _known(campaign, state),
        _calendar(campaign, state, now),
        _unclear(campaign, reply),
        instruction("prompt.reply", text=reply.text),
    ]  # fmt: skip
    return "\n\n".join(part for part in parts if part)


def instruction(deed: str, **values: str) -> str:
    """Returns what a model is told."""
    return _INSTRUCTIONS[deed][0].format(**values)


def _listed(deed: str, lines: Iterable[str]) -> str:
    """Returns what a model is told line by line, under a head."""
    return "\n".join([instruction(deed), *(f"- {line}" for line in lines)])


def _known(campaign: Campaign, state: DialogueState) -> str:
    facts = [f"{_label(campaign, name)}: {fact.value}" for name, fact in state.facts.items()]
    missing = [question.label for question in open_questions(campaign, state)]
    text = _listed("prompt.told", facts) if facts else instruction("prompt.told_nothing")
    return f"{text}\n{instruction('prompt.open', questions=', '.join(missing))}" if missing else text


def _unclear(campaign: Campaign, reply: Reply) -> str:
    """Returns what the rules did not understand, so that the model takes it up or asks back."""
    name = "again" if reply.asks and reply.state.asked.get(reply.asks.question_id, 0) > 1 else ""
    name = "nothing" if reply.trigger is TransitionTrigger.NOT_UNDERSTOOD else name
    if not name:
        return ""
    question = _label(campaign, reply.asks.question_id) if reply.asks and reply.asks.question_id else ""
    return instruction(f"unclear.{name}", question=question or instruction("unclear.anything"))


def _label(campaign: Campaign, name: str) -> str:
    question = campaign.question(name)
    return question.label if question else name.replace("_", " ")


def named_times(campaign: Campaign, state: DialogueState, now: datetime) -> list[str]:
    """Returns the times that may be named: the one that is booked, or else those that were offered."""
    zone = ZoneInfo(campaign.calendar.timezone)
    today = now.astimezone(zone).date()
    slots = [state.booked] if state.booked else state.offered or ([state.chosen] if state.chosen else [])
    starts = [slot.start_time.astimezone(zone) for slot in slots]
    return [
        instruction("prompt.time", day=spoken_date(start.date(), today, full=True), hour=spoken_time(start.time()))
        for start in starts
    ]


def _calendar(campaign: Campaign, state: DialogueState, now: datetime) -> str:
    names = named_times(campaign, state, now)
    return _listed("prompt.booked" if state.booked else "prompt.times", names) if names else ""
