"""The rules as one analysis: what was read in an utterance, weighed against each other and against what was asked."""

import re
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from callwright_common.campaign import Campaign, CampaignFact, ChoiceQuestion, Factor, RangeQuestion
from dialogue.analysis import Analysis, FoundConcern, FoundIntent
from dialogue.confidence import CLEAR
from dialogue.contact import ABOUT_THE_CONTACT, PERSONAL
from dialogue.grammar.names import find_name
from dialogue.grammar.slot_picks import find_pick, pick_by_minutes
from dialogue.intents import Concern, Intent, Matter
from dialogue.language import FIRST_LANGUAGE, language, speaking
from dialogue.languages import UNDETERMINED
from dialogue.moments import Moment
from dialogue.rules.amounts import other_currency, unbelievable
from dialogue.rules.answers import stated
from dialogue.rules.breath import breath_parts
from dialogue.rules.concerns import is_of_another
from dialogue.rules.contact import approves, told_beginning
from dialogue.rules.contact_corrections import named_wrong, taken_out
from dialogue.rules.erasure import as_erasure, erased, meant_by_forgetting, wants_erasure
from dialogue.rules.facts import find_facts
from dialogue.rules.half_told import find_half_told
from dialogue.rules.key_presses import read_keys
from dialogue.rules.languages import (
    as_first_words,
    load_identifier,
    of_another_language,
    told_language,
    wanted_language,
)
from dialogue.rules.matching import fact_of
from dialogue.rules.moving import as_a_check, checks_booking, named_hour, wishes_other_time
from dialogue.rules.out_of_reach import asked_of_a_place
from dialogue.rules.taking_times import as_a_yes, remarks_beside_yes, takes_time
from dialogue.rules.utterances import Understanding, understand, understand_part
from dialogue.rules.weighed_intents import BY_A_PATTERN, weighed_intents
from dialogue.rules.withdrawals import cools, find_withdrawals, without_echoes
from dialogue.state import ABOUT_TIMES, DialogueState, Fact
from vocabulary.turns import KeyPresses, Utterance

_HEARD = language("answers").patterns
_PARTS = language("intents/call").parts
_NO_QUESTION_OF_OURS = {Matter.SALE, Matter.JOKE, Matter.WORK}
"""What asks nothing about the product, though its words do."""


class RuleAnalyzer:
    """Understands callers by rules."""

    def __init__(self) -> None:
        load_identifier()

    async def analyse(
        self, campaign: Campaign, state: DialogueState, turn_input: Utterance | KeyPresses, *, now: datetime
    ) -> Analysis:
        """Returns what the caller's words or keys tell, given what he was asked; `now` is an aware time."""
        if isinstance(turn_input, KeyPresses):
            return read_keys(campaign, state, turn_input.keys)
        current = campaign.in_language(state.language).language
        spoken = _told_language(turn_input.text, current, campaign.languages, state)
        followed = campaign.in_language(spoken if spoken in campaign.languages else current)
        with speaking(followed.language):
            found = without_echoes(_analysis(followed, state, turn_input.text, now))
            if spoken not in campaign.languages:
                return of_another_language(replace(found, language=spoken))
            if spoken == current and found.has(Intent.OTHER_LANGUAGE) and _stays(found):
                kept = found.without(Intent.OTHER_LANGUAGE).intents
                found = replace(found, intents=(*kept, FoundIntent(Intent.GO_ON, BY_A_PATTERN)), polarity=None)
            wanted = _wanted_language(found, turn_input.text)
            changed = spoken if spoken != current else None
            if changed and _tells_nothing(found):
                found = replace(found, intents=(*found.intents, FoundIntent(Intent.OTHER_LANGUAGE, BY_A_PATTERN)))
            return as_first_words(as_erasure(replace(found, language=changed, wanted_language=wanted), state), state)


def _stays(found: Analysis) -> bool:
    """Whether a caller who speaks of languages wants the one that is spoken."""
    lacks = _HEARD["lacks_language"].search(found.words)
    return _HEARD["speaks_ours"].search(found.words) is not None and not lacks


def _tells_nothing(found: Analysis) -> bool:
    """Whether an utterance at most asks to go on."""
    return found.without(Intent.GO_ON).is_empty


def _wanted_language(found: Analysis, text: str) -> str | None:
    """Returns the language that is asked for; one that the caller only says that he does not speak is none."""
    if not found.has(Intent.OTHER_LANGUAGE) or _HEARD["lacks_language"].search(found.words):
        return None
    is_named = re.search(rf"\b{_PARTS['other_language']}\b", found.words) is not None
    return wanted_language(text) or (UNDETERMINED if is_named else None)


def _told_language(text: str, current: str, ours: tuple[str, ...], state: DialogueState) -> str:
    """Returns the language of an utterance; a name may be of any, and so is what is told of whom a booking is with."""
    if state.expecting in ABOUT_THE_CONTACT or (current == FIRST_LANGUAGE and find_name(text)):
        return current
    return told_language(text, current, ours)


def _analysis(campaign: Campaign, state: DialogueState, text: str, now: datetime) -> Analysis:
    local = now.astimezone(ZoneInfo(campaign.calendar.timezone))
    said = understand(campaign, text, local, state.zone, _spoken_of(state, local))
    removes = taken_out(state, said)
    forgets = wants_erasure(said, is_noted=any(fact in state.facts for fact in removes))
    removes = (erased(said) or removes) if forgets else removes
    parts = tuple(understand_part(part, local, state.zone) for part in breath_parts(said))
    facts = tuple(fact for fact in find_facts(campaign, state, said, parts) if fact.name not in removes)
    of_the_booking = state.booked is not None and any(fact.name in PERSONAL for fact in facts)
    pending = campaign.question(state.pending or "")
    open_range = pending if isinstance(pending, RangeQuestion) and not _tells_sum(campaign, facts) else None
    picks, by_minutes = _picks(campaign, state, said)
    if by_minutes:
        said = replace(said, when=replace(said.when, unclear=False))
    moment = _said_moment(state, said)
    told_of = said.only_asks and said.answers
    found = Analysis(
        quote=said.quote,
        words=said.words.text,
        intents=(
            *weighed_intents(campaign, state, said, moment, forgets=forgets or bool(removes)),
            *meant_by_forgetting(state, said, forgets=forgets),
        ),
        matters=said.matters,
        facts=facts,
        stated=stated(campaign, said, facts),
        withdrawn=() if of_the_booking else find_withdrawals(campaign, state, said),
        cools=cools(state, said),
        polarity=True if approves(state, said) else takes_time(state, said),
        concern=_concern(campaign, said, facts),
        asks=bool(said.questions),
        only_asks=said.only_asks,
        asks_besides=_asks_besides(said),
        answers=_answers(campaign, state, said),
        moment=moment,
        zone=said.when.zone,
        picks=picks,
        unbelievable=unbelievable(campaign, open_range, said) if open_range and not told_of else None,
        other_currency=other_currency(campaign, open_range, said) if open_range else None,
        half_told=find_half_told(campaign, state, said, facts),
        named_wrong=named_wrong(state, said),
        takes_out=removes,
        begun_email=told_beginning(state, said),
        noise=said.noise,
    )
    if remarks_beside_yes(state, said):
        return as_a_yes(found)
    return as_a_check(found, said) if checks_booking(state, said, local.tzinfo) else found


def _tells_sum(campaign: Campaign, facts: tuple[Fact, ...]) -> bool:
    """Whether a sum answers any question."""
    sums = {question.id for question in campaign.questions if question.kind == "money"}
    return any(fact.name in sums and fact.number is not None for fact in facts)


def _answers(campaign: Campaign, state: DialogueState, said: Understanding) -> tuple[CampaignFact, ...]:
    """Returns the facts that answer what is asked; what is usual is asked of the figure that the caller shall tell."""
    if _asks_for_something_else(said) or wishes_other_time(state, said):
        return ()
    pending = campaign.question(state.pending or "")
    if not isinstance(pending, RangeQuestion) or not said.has(Intent.OF_WHAT_IS_USUAL):
        return said.answers or asked_of_a_place(campaign, said)
    price = fact_of(campaign, "price") if pending.factor is Factor.BUDGET else None
    return (price,) if price is not None else ()


def _picks(campaign: Campaign, state: DialogueState, said: Understanding) -> tuple[int | None, bool]:
    """Returns the place of the offered time that is picked, and whether its minutes alone tell."""
    zone = ZoneInfo(state.zone or campaign.calendar.timezone)
    with speaking(FIRST_LANGUAGE):
        by_place = find_pick(said.when.without_days, said.polarity)
        by_minutes = pick_by_minutes(said.closed.text, [one.start_time.astimezone(zone) for one in state.offered])
    return (by_place, False) if by_place is not None or by_minutes is None else (by_minutes, True)


def _spoken_of(state: DialogueState, now: datetime) -> datetime | None:
    """Returns the time that is spoken of: the chosen one, the booked one, or those offered if they are on one day."""
    slot = state.chosen or state.booked
    if slot is None and len({one.start_time.astimezone(now.tzinfo).date() for one in state.offered}) == 1:
        slot = state.offered[-1]
    return slot.start_time.astimezone(now.tzinfo) if slot is not None else None


def _asks_for_something_else(said: Understanding) -> bool:
    """Whether what a caller asks is about a matter of his own, though the product's words stand in it."""
    return said.has(Intent.OTHER_MATTER) and said.matters[0] in _NO_QUESTION_OF_OURS


def _asks_besides(said: Understanding) -> bool:
    """Whether an utterance has a clause that begins as a question does, and another that asks nothing."""
    plain = any(_HEARD["begins_question"].search(clause) for clause in said.questions)
    return plain and not said.only_asks


def _concern(campaign: Campaign, said: Understanding, facts: tuple[Fact, ...]) -> FoundConcern | None:
    """Returns the objection, unless it only sounded like one because it answered a question or is of another price."""
    if said.concern is None or (said.concern.id == Concern.TOO_EXPENSIVE and is_of_another(campaign, said.words.text)):
        return None
    for fact in facts:
        question = campaign.question(fact.name)
        answers_choice = isinstance(question, ChoiceQuestion) and fact.confidence > CLEAR
        answers_when = question is not None and question.kind == "timeline" and said.concern.id == Concern.NOT_NOW
        if answers_choice or answers_when:
            return None
    return said.concern


def _said_moment(state: DialogueState, said: Understanding) -> Moment:
    """Returns what was said about when; where times are discussed a bare number is an hour."""
    if state.expecting in ABOUT_TIMES or wishes_other_time(state, said):
        return named_hour(said)
    return said.moment
