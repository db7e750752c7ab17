"""The rules as one analysis: what was read in an utterance, weighed against each other and against what was asked."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from callwright_common.campaign import AuthorityQuestion, Campaign, CampaignFact, ChoiceQuestion, Factor, RangeQuestion
from dialogue.analysis import OTHER_CHOICE, Analysis, FoundConcern, FoundIntent, OpenQuestion
from dialogue.confidence import CLEAR
from dialogue.contact import PERSONAL
from dialogue.grammar.asides import without_asides
from dialogue.grammar.slot_picks import find_pick, pick_by_minutes
from dialogue.grammar.wished_days import instructs
from dialogue.intents import (
    ABOUT_THE_TALK,
    CHANGES,
    DECLINES,
    FEELINGS,
    OF_THE_LINE,
    PAUSES,
    Concern,
    Intent,
    Matter,
)
from dialogue.language import FIRST_LANGUAGE, language, speaking
from dialogue.moments import ANY_TIME, Moment
from dialogue.rules.amounts import other_currency, unbelievable
from dialogue.rules.answers import stated
from dialogue.rules.asked_things import matter_of, told_again
from dialogue.rules.breath import breath_parts
from dialogue.rules.call_offer import wanted_of_both
from dialogue.rules.calls import asks_to_be_put_through, wishes_call_then
from dialogue.rules.cancelling import said_of_changes
from dialogue.rules.concerns import is_of_another
from dialogue.rules.contact import approves, only_declines, said_of_a_detail, says_that_is_it, told_beginning
from dialogue.rules.contact_corrections import named_wrong, taken_out
from dialogue.rules.erasure import as_erasure, erased, meant_by_forgetting, wants_erasure
from dialogue.rules.facts import find_facts
from dialogue.rules.half_told import find_half_told, told_in_parts_first
from dialogue.rules.in_writing import said_of_sending
from dialogue.rules.intents import asked_of_the_appointment, find_intents
from dialogue.rules.key_presses import read_keys
from dialogue.rules.languages import (
    as_first_words,
    load_identifier,
    of_another_language,
    told_language,
    wanted_language,
    wants_this_language,
)
from dialogue.rules.matching import fact_of
from dialogue.rules.messages import find_message, find_whom
from dialogue.rules.moving import as_a_check, checks_booking, wishes_other_time
from dialogue.rules.noted import OfTheNoted, find_of_the_noted
from dialogue.rules.offered_details import misses_a_detail, offered_details
from dialogue.rules.out_of_reach import about_his_reach, asked_of_a_place
from dialogue.rules.remarks import tells_else
from dialogue.rules.taking_times import as_a_yes, remarks_beside_yes, takes_time
from dialogue.rules.utterances import Understanding, understand, understand_part
from dialogue.rules.wished_times import is_busy_on_another_day, lets_times_go, said_moment
from dialogue.rules.withdrawals import cools, find_withdrawals, without_echoes
from dialogue.state import ABOUT_TIMES, ASKS_WHEN, OF_A_CALL, DialogueState, Fact
from vocabulary.enums import Expectation
from vocabulary.turns import KeyPresses, Utterance

_HEARD, _PARTS = language("answers").patterns, language("intents/call").parts
_BESIDE_THE_NOTED = {
    *DECLINES, *FEELINGS, Intent.RENTS, Intent.OWNER_AGREES, Intent.WANTS_APPOINTMENT, Intent.DISTRESS, Intent.THANKS,
    Intent.GOODBYE, Intent.STOP, Intent.INTEREST,
}  # fmt: skip
"""What may be done beside speaking of what was noted; all else such words only sound like."""
_NO_QUESTION_OF_OURS = {Matter.SALE, Matter.JOKE, Matter.WORK}
"""What asks nothing about the product, though its words do."""
_SEEN_TO = (
    *ABOUT_THE_TALK, *OF_THE_LINE, *PAUSES, *CHANGES, Intent.WHY_ASKING, Intent.TELL_MORE, Intent.CLARIFY,
    Intent.REPHRASE, Intent.SCREENED, Intent.WANTS_HUMAN, Intent.WANTS_APPOINTMENT, Intent.CALL_LATER, Intent.CALL_ME,
    Intent.OTHER_LANGUAGE, Intent.OFF_TOPIC, Intent.WANTS_ERASURE, Intent.AGAINST_RECORDING, Intent.LATER,
    Intent.EARLIER, Intent.THIS_NUMBER, Intent.CONTACT, Intent.DOES_NOT_KNOW, Intent.WANTS_PLAIN_ANSWER,
)  # fmt: skip
"""What a question means that is answered, or done, without any fact."""
_OF_THE_ANSWER = (Intent.OF_THE_TALK, Intent.OF_HOW_EXACT, Intent.OF_WHAT_IS_USUAL)
"""What helps a caller to answer, as long as he has not."""
_OF_ANOTHER_KIND = (
    Intent.SUPPORT, Intent.OTHER_MATTER, Intent.MANIPULATION, Intent.DEMANDS_FIRST, Intent.ANNOUNCES_A_QUESTION,
    Intent.EMERGENCY, Intent.URGENT, Intent.DISTRESS, Intent.CHILD, Intent.VOICEMAIL, Intent.ABUSE,
)  # fmt: skip
"""What is seen to in its own way, whatever is asked beside it."""
_BY_A_PATTERN = 0.9
_OUTWEIGHED = 0.3
"""The confidence of an intent whose words mean something else beside what was found with them."""


class RuleAnalyzer:
    """Understands callers by rules."""

    def __init__(self) -> None:
        load_identifier()

    async def analyse(
        self,
        campaign: Campaign,
        state: DialogueState,
        turn_input: Utterance | KeyPresses,
        *,
        now: datetime,
        corrects: bool | None = None,
    ) -> Analysis:
        """Returns what the caller's words or keys tell, given what he was asked.

        Args:
            campaign: The campaign.
            state: Where the conversation stands.
            turn_input: What the caller said or pressed.
            now: An aware time.
            corrects: Whether he surely puts right what was noted, or surely does not; None if his words must tell.
        """
        if isinstance(turn_input, KeyPresses):
            return read_keys(campaign, state, turn_input.keys)
        current = campaign.in_language(state.language).language
        spoken = told_language(turn_input.text, current, campaign.languages, state)
        followed = campaign.in_language(spoken if spoken in campaign.languages else current)
        with speaking(followed.language):
            found = without_echoes(_analysis(followed, state, turn_input.text, now, corrects))
            if spoken not in campaign.languages:
                return of_another_language(replace(found, language=spoken))
            if spoken == current and found.has(Intent.OTHER_LANGUAGE) and wants_this_language(found):
                kept = found.without(Intent.OTHER_LANGUAGE).intents
                found = replace(found, intents=(*kept, FoundIntent(Intent.GO_ON, _BY_A_PATTERN)), polarity=None)
            wanted = wanted_language(found, turn_input.text)
            changed = spoken if spoken != current else None
            if changed and _tells_nothing(found):
                found = replace(found, intents=(*found.intents, FoundIntent(Intent.OTHER_LANGUAGE, _BY_A_PATTERN)))
            return as_first_words(as_erasure(replace(found, language=changed, wanted_language=wanted), state), state)


def _tells_nothing(found: Analysis) -> bool:
    """Whether an utterance at most asks to go on."""
    return found.without(Intent.GO_ON).is_empty


def _analysis(campaign: Campaign, state: DialogueState, text: str, now: datetime, corrects: bool | None) -> Analysis:
    local = now.astimezone(ZoneInfo(campaign.calendar.timezone))
    of_deciding = _told_of_deciding(campaign, state)
    said = understand(campaign, without_asides(text), local, state.zone, _spoken_of(state, local), of_deciding)
    removes = () if misses_a_detail(state, said) else taken_out(state, said)
    forgets = wants_erasure(said, is_noted=any(fact in state.facts for fact in removes))
    removes = (erased(said) or removes) if forgets else removes
    parts = tuple(understand_part(part, local, state.zone, of_deciding) for part in breath_parts(said))
    facts = tuple(fact for fact in find_facts(campaign, state, said, parts) if fact.name not in removes)
    if said.has(Intent.DEMANDS_FIRST, Intent.ANNOUNCES_A_QUESTION):
        facts = tuple(fact for fact in facts if fact.value != OTHER_CHOICE)
    whom = find_whom(said)
    if whom:  # neither is his name the caller's, nor the number beside it
        facts = tuple(fact for fact in facts if fact.name != "phone" and fact.value != whom)
    if told_in_parts_first(campaign, state, said, facts):
        facts = ()
    of_the_booking = state.booked is not None and any(fact.name in PERSONAL for fact in facts)
    pending = campaign.question(state.pending or "")
    open_range = pending if isinstance(pending, RangeQuestion) and not _tells_sum(campaign, facts) else None
    picks, by_minutes = _picks(campaign, state, said)
    if by_minutes:
        said = replace(said, when=replace(said.when, unclear=False))
    moment = said_moment(state, said)
    told_of = said.only_asks and said.answers
    answers, unanswered = _answers(campaign, state, said), _unanswered(state, said, facts, local)
    again = {one: fact for one in unanswered if (fact := told_again(campaign, state.last_reply, one)) is not None}
    found = Analysis(
        quote=said.quote,
        words=said.words.text,
        intents=(
            *_intents(campaign, state, said, moment, forgets=forgets or bool(removes)),
            *meant_by_forgetting(state, said, forgets=forgets),
        ),
        matters=said.matters,
        facts=facts,
        stated=stated(campaign, said, facts),
        withdrawn=() if of_the_booking else find_withdrawals(campaign, state, said),
        cools=cools(state, said),
        polarity=True if approves(state, said) else takes_time(state, said),
        concern=_concern(campaign, said, facts),
        asks=bool(said.questions) and not (said.only_asks and said.has(Intent.DOES_NOT_KNOW)),
        only_asks=said.only_asks,
        asks_besides=_asks_besides(said),
        asked=said.asked,
        unanswered=tuple(OpenQuestion(one, matter_of(one)) for one in unanswered if one not in again),
        asks_again=bool(again),
        answers=answers or tuple(dict.fromkeys(again.values())),
        moment=moment,
        how_soon=said.timeline.text if said.timeline is not None else "",
        zone=said.when.zone,
        picks=picks,
        unbelievable=unbelievable(campaign, open_range, said) if open_range and not told_of else None,
        other_currency=other_currency(campaign, open_range, said) if open_range else None,
        half_told=find_half_told(campaign, state, said, facts),
        named_wrong=named_wrong(state, said),
        offers=() if removes or named_wrong(state, said) else offered_details(state, said),
        takes_out=removes,
        begun_email=told_beginning(state, said),
        tells_else=tells_else(state, said),
        message=find_message(said),
        whom=whom,
        noise=said.noise,
    )
    if remarks_beside_yes(state, said):
        return as_a_yes(found)
    if state.expecting in ABOUT_TIMES and instructs(said.closed.clauses):
        found = replace(found, remarks=True)
    if checks_booking(state, said, local.tzinfo):
        return as_a_check(found, said)
    if forgets or found.has(Intent.CANCEL):
        return found  # takes more back than an answer
    noted = find_of_the_noted(
        campaign, state, said, lambda part: understand_part(part, local, state.zone, of_deciding), corrects
    )
    return _as_of_the_noted(campaign, state, found, noted) if noted else found


def _as_of_the_noted(campaign: Campaign, state: DialogueState, found: Analysis, noted: OfTheNoted) -> Analysis:
    """Returns an analysis of words that speak of what was noted, without what they only sound like."""
    tells_when = state.expecting in ABOUT_TIMES and noted.put_right and found.moment.names_a_day
    answers = found.answers if noted.put_right and not found.only_asks else ()
    return replace(
        found,
        intents=tuple(one for one in found.intents if one.intent in _BESIDE_THE_NOTED),
        matters=(),
        facts=noted.beside(campaign, state, found.facts),
        withdrawn=noted.put_right,
        denied=noted.denied,
        asked_noted=noted.asked,
        of_the_noted=True,
        cools=False,
        polarity=None,
        concern=None,
        asks=bool(answers),
        only_asks=False,
        asks_besides=False,
        answers=answers,
        moment=found.moment if tells_when else ANY_TIME,
        picks=None,
        unbelievable=None,
        other_currency=None,
        half_told=None,
        noise=False,
    )


def _told_of_deciding(campaign: Campaign, state: DialogueState) -> str:
    """Returns what the caller said of who decides."""
    asked = {question.id for question in campaign.questions if isinstance(question, AuthorityQuestion)}
    return " ".join(fact.quote for name, fact in state.facts.items() if name in asked)


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
        by_place = find_pick(said.when.without_days, len(state.offered))
        by_minutes = pick_by_minutes(said.closed.text, [one.start_time.astimezone(zone) for one in state.offered])
    return (by_place, False) if by_place is not None or by_minutes is None else (by_minutes, True)


def _spoken_of(state: DialogueState, now: datetime) -> datetime | None:
    """Returns the time that is spoken of: the chosen one, the booked one, or those offered if they are on one day."""
    slot = state.chosen or state.booked
    if slot is None and len({one.start_time.astimezone(now.tzinfo).date() for one in state.offered}) == 1:
        slot = state.offered[-1]
    return slot.start_time.astimezone(now.tzinfo) if slot is not None else None


def _intents(
    campaign: Campaign, state: DialogueState, said: Understanding, moment: Moment, *, forgets: bool
) -> list[FoundIntent]:
    """Returns the intents; one that is outweighed by another keeps a low confidence."""
    text = said.words.text
    confidences = dict.fromkeys(said.intents, _BY_A_PATTERN)
    wonders = bool(said.questions) or _HEARD["talking_to"].search(text) is not None
    if said.has(Intent.ARE_YOU_HUMAN) and wonders and not _HEARD["demands"].search(text):
        confidences[Intent.WANTS_HUMAN] = min(_OUTWEIGHED, confidences.get(Intent.WANTS_HUMAN, 0.0))
    if said.has(Intent.WAIT) and (said.has(Intent.ARE_YOU_HUMAN) or _exclaims(said)):
        confidences[Intent.WAIT] = _OUTWEIGHED
    asked = asked_of_the_appointment(text, said.questions, asks=said.words.asks)
    further = [*_kind_of_being(said), *asked, *_content(state, said)]
    if _HEARD["but"].search(text) or (said.questions and _HEARD["condition"].search(text)):
        further.append(Intent.ON_CONDITION)
    further += about_his_reach(campaign, state, said)
    cancelling, unmeant = said_of_changes(state, said, further)
    further += cancelling
    if state.expecting in ABOUT_TIMES and not moment.is_open and Intent.CALL_ME not in confidences:
        confidences.pop(Intent.CALL_LATER, None)  # "I am at work till three" is no wish to be called
    further += [*said_of_a_detail(state, said), *wanted_of_both(state, said), *said_of_sending(state, said)]
    confidences = {i: sure for i, sure in confidences.items() if not (forgets and i is Intent.DO_NOT_CALL)}
    if Intent.CALL_ME in confidences and wishes_call_then(state, said.words.text, moment):
        further.append(Intent.CALL_LATER)
    further += [Intent.LEAVES_IT] if lets_times_go(state, said) else []
    further += [Intent.RESCHEDULE] if wishes_other_time(state, said) else []
    further += _said_of_when(state, said, moment)
    for intent in (*unmeant, *_only_resembled(state, said)):
        confidences.pop(intent, None)
    if only_declines(state, said):
        return [FoundIntent(Intent.DECLINES_TO_SAY, _BY_A_PATTERN)]
    found = [FoundIntent(intent, sure) for intent, sure in confidences.items() if sure]
    return found + [FoundIntent(intent, _BY_A_PATTERN) for intent in further]


def _only_resembled(state: DialogueState, said: Understanding) -> Iterator[Intent]:
    """Yields what the words only sound like, given what else is read in them."""
    if is_busy_on_another_day(said):
        yield Intent.BUSY_THEN
    if wishes_other_time(state, said):
        yield Intent.WAIT
    leaves = said.has(Intent.WILL_CALL) and not asks_to_be_put_through(said.words.text)
    if leaves or find_message(said):
        yield Intent.WANTS_HUMAN
    if says_that_is_it(state, said):
        yield from (Intent.GOODBYE, Intent.NOTHING_MORE)


def _said_of_when(state: DialogueState, said: Understanding, moment: Moment) -> list[Intent]:
    """Returns whether something was said about when, and whether a part of it was not understood.

    A sum that is told where a call is spoken of tells nothing of its time.
    """
    is_sum = state.expecting in OF_A_CALL and any(number.money or number.period for number in said.numbers)
    unclear = said.when.unclear and not (is_sum and moment.is_open)
    says_when = said.timeline is not None or unclear or not moment.is_open
    found = {Intent.UNCLEAR_TIME: unclear, Intent.SAYS_WHEN: says_when}
    return [intent for intent, is_said in found.items() if is_said]


def _asks_for_something_else(said: Understanding) -> bool:
    """Whether what a caller asks is about a matter of his own, though the product's words stand in it."""
    return said.has(Intent.OTHER_MATTER) and said.matters[0] in _NO_QUESTION_OF_OURS


def _content(state: DialogueState, said: Understanding) -> list[Intent]:
    """Returns that nothing more is wanted where a caller whose own matter was taken up only thanks: "sweet, thanks"."""
    offered = state.matter is not None and state.expecting is Expectation.MOVE_ON and not said.questions
    takes_it = _HEARD["accepts_offer"].search(said.words.text) is not None
    return [Intent.NOTHING_MORE] if offered and said.has(Intent.THANKS) and not takes_it else []


def _asks_besides(said: Understanding) -> bool:
    """Whether an utterance has a clause that begins as a question does, and another that asks nothing."""
    plain = any(one in said.words.marked or _HEARD["begins_question"].search(one) for one in said.questions)
    return plain and not said.only_asks


def _unanswered(state: DialogueState, said: Understanding, facts: tuple[Fact, ...], now: datetime) -> tuple[str, ...]:
    """Returns the questions that no fact answers, nor anything else that is known or done here.

    One that names a time where he names one is a wish for it.
    """
    if said.has(*_OF_ANOTHER_KIND):
        return ()
    seen_to = _SEEN_TO if facts else (*_SEEN_TO, *_OF_THE_ANSWER)
    about_it = state.expecting in ABOUT_TIMES or state.booked is not None
    of_times = state.expecting in ASKS_WHEN and not said.moment.is_open
    return tuple(
        one
        for one in said.unanswered
        if frozenset(seen_to).isdisjoint(find_intents(one, (one,)))
        and not (about_it and asked_of_the_appointment(one, (one,), asks=True))
        and not (of_times and not understand_part(one, now, state.zone).moment.is_open)
    )


def _exclaims(said: Understanding) -> bool:
    """Whether "wait" only leads to a question."""
    return bool(said.questions) and said.words.clauses[0] == "wait"


def _kind_of_being(said: Understanding) -> list[Intent]:
    """Returns what exactly is asked by whoever asks whether he talks to a human."""
    text = said.words.text
    if not said.has(Intent.ARE_YOU_HUMAN) or not re.search(rf"\b{_PARTS['machine']}\b", text):
        return []
    names_both = _HEARD["person"].search(text) and _HEARD["either"].search(text)
    return [Intent.ASKS_WHICH_OF_BOTH if names_both else Intent.ASKS_IF_MACHINE]


def _concern(campaign: Campaign, said: Understanding, facts: tuple[Fact, ...]) -> FoundConcern | None:
    """Returns the objection, unless it only sounded like one because it answered a question or is of another price."""
    if said.concern is None or (said.concern.id == Concern.TOO_EXPENSIVE and is_of_another(campaign, said.words.text)):
        return None
    if said.concern.id == Concern.NO_TRUST and said.has(Intent.WHERE_FROM, Intent.IS_IT_SALES):
        return None  # what he asks is answered
    for fact in facts:
        question = campaign.question(fact.name)
        answers_choice = isinstance(question, ChoiceQuestion) and fact.confidence > CLEAR
        answers_when = question is not None and question.kind == "timeline" and said.concern.id == Concern.NOT_NOW
        if answers_choice or answers_when:
            return None
    return said.concern
