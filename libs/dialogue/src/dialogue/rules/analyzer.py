"""The rules as one analysis: what was read in an utterance, weighed against each other and against what was asked."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from callwright_common.campaign import Campaign, ChoiceQuestion, RangeQuestion
from dialogue.analysis import Analysis, FoundConcern, FoundFact, FoundIntent
from dialogue.intents import Intent
from dialogue.moments import Moment
from dialogue.rules.amounts import unbelievable
from dialogue.rules.appointment_patterns import APPOINTMENT_QUESTIONS
from dialogue.rules.call_patterns import MACHINE
from dialogue.rules.capture import capture
from dialogue.rules.key_presses import read_keys
from dialogue.rules.slot_picks import find_pick
from dialogue.rules.utterances import Understanding, understand
from dialogue.state import DialogueState
from vocabulary.enums import Expectation
from vocabulary.turns import KeyPresses, Utterance

_BY_A_PATTERN = 0.9
_OUTWEIGHED = 0.3
"""The confidence of an intent whose words mean something else beside what was found with them."""
_CHOSEN = 0.6
_TALKING_TO = re.compile(r"\bi am (?:not |just |only |really )?(?:talking|speaking) (?:to|with)\b")
_DEMANDS = re.compile(
    r"\b(?:(?:can|could|may) i (?:get|have|talk|speak)|(?:get|give|put|connect|transfer|let) me"
    r"|i (?:want|need|prefer))\b"
)
_MACHINE = re.compile(rf"\b(?:{MACHINE})\b")
_PERSON = re.compile(r"\b(?:human|person|people|real|actual|alive|live|guy|man|woman|lady|girl|flesh)\b")
_CONDITION = re.compile(r"\b(?:first|before)\b")
_BUT = re.compile(r"(?<!anything )(?<!any day )(?<!nothing )\bbut\b")
_QUESTIONS = {
    intent: tuple(re.compile(pattern) for pattern in patterns) for intent, patterns in APPOINTMENT_QUESTIONS.items()
}


class RuleAnalyzer:
    """Understands callers by rules."""

    def analyse(
        self, campaign: Campaign, state: DialogueState, turn_input: Utterance | KeyPresses, *, now: datetime
    ) -> Analysis:
        """Returns what the caller's words or keys tell, given what he was asked; `now` is an aware time."""
        if isinstance(turn_input, KeyPresses):
            return read_keys(campaign, state, turn_input.keys)
        local = now.astimezone(ZoneInfo(campaign.calendar.timezone))
        said = understand(campaign, turn_input.text, local)
        facts = tuple(capture(campaign, state, said))
        pending = campaign.question(state.pending or "")
        moment = _said_moment(state, said)
        return Analysis(
            quote=said.quote,
            words=said.words.text,
            intents=tuple(_intents(said, moment)),
            facts=facts,
            polarity=said.polarity,
            concern=_concern(campaign, said, facts),
            asks=bool(said.questions),
            answers=said.answers,
            moment=moment,
            picks=find_pick(said.when.without_days, said.polarity),
            unbelievable=unbelievable(campaign, pending, said) if isinstance(pending, RangeQuestion) else None,
            noise=said.noise,
        )


def _intents(said: Understanding, moment: Moment) -> list[FoundIntent]:
    """Returns the intents; one that is outweighed by another keeps a low confidence."""
    text = said.words.text
    confidences = dict.fromkeys(said.intents, _BY_A_PATTERN)
    wonders = bool(said.questions) or _TALKING_TO.search(text) is not None
    if said.has(Intent.ARE_YOU_HUMAN) and wonders and not _DEMANDS.search(text):
        confidences[Intent.WANTS_HUMAN] = min(_OUTWEIGHED, confidences.get(Intent.WANTS_HUMAN, 0.0))
    if said.has(Intent.WAIT) and (said.has(Intent.ARE_YOU_HUMAN) or _exclaims(said)):
        confidences[Intent.WAIT] = _OUTWEIGHED
    found = [FoundIntent(intent, sure, said.intents.get(intent, "")) for intent, sure in confidences.items() if sure]
    further = [*_kind_of_being(said), *_about_the_appointment(said)]
    if _BUT.search(text) or (said.questions and _CONDITION.search(text)):
        further.append(Intent.ON_CONDITION)
    if said.when.unclear:
        further.append(Intent.UNCLEAR_TIME)
    if said.timeline is not None or said.when.unclear or not moment.is_open:
        further.append(Intent.SAYS_WHEN)
    return found + [FoundIntent(intent, _BY_A_PATTERN, text) for intent in further]


def _exclaims(said: Understanding) -> bool:
    """Whether "wait" only leads to a question."""
    return bool(said.questions) and said.words.clauses[0] == "wait"


def _kind_of_being(said: Understanding) -> list[Intent]:
    """Returns what exactly is asked by whoever asks whether he talks to a human."""
    text = said.words.text
    if not said.has(Intent.ARE_YOU_HUMAN) or not _MACHINE.search(text):
        return []
    return [Intent.ASKS_WHICH_OF_BOTH if _PERSON.search(text) and " or " in text else Intent.ASKS_IF_MACHINE]


def _about_the_appointment(said: Understanding) -> list[Intent]:
    text = " ".join(said.questions)
    if not text:
        return []
    return [intent for intent, patterns in _QUESTIONS.items() if any(pattern.search(text) for pattern in patterns)]


def _concern(campaign: Campaign, said: Understanding, facts: tuple[FoundFact, ...]) -> FoundConcern | None:
    """Returns the objection, unless it only sounded like one because it answered a question."""
    if said.concern is None:
        return None
    for fact in facts:
        question = campaign.question(fact.name)
        answers_choice = isinstance(question, ChoiceQuestion) and fact.confidence > _CHOSEN
        answers_when = question is not None and question.kind == "timeline" and said.concern.id == "not_now"
        if answers_choice or answers_when:
            return None
    return said.concern


def _said_moment(state: DialogueState, said: Understanding) -> Moment:
    """Returns what was said about when; where times are discussed a bare number is an hour."""
    discussed = state.expecting in {Expectation.SLOT_CHOICE, Expectation.SLOT_CONFIRMATION}
    return said.when.bare_hour if discussed and not said.when.bare_hour.is_open else said.moment
