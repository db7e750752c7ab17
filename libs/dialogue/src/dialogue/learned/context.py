"""What of the two opinions the moment of the call allows: what was asked, offered or booked decides what words mean."""

from collections.abc import Mapping
from dataclasses import replace

from callwright_common.campaign import Campaign
from dialogue.analysis import NOTHING, OTHER_CHOICE, Analysis, FoundIntent, HalfTold
from dialogue.confidence import CLEAR, LIKELY
from dialogue.intents import (
    ABOUT_THE_APPOINTMENT,
    ASKS_OF_OUR_CALL,
    ASKS_WHO_WE_ARE,
    CHANGES,
    TAKES_BACK,
    TELLS_NOTHING,
    Concern,
    Intent,
    Matter,
)
from dialogue.language import language
from dialogue.learned.in_trouble import as_told_in_trouble
from dialogue.learned.meanings import EVEN, PLAIN
from dialogue.learned.weighing import answers_question
from dialogue.rules.calls import asks_to_be_put_through
from dialogue.rules.cancelling import LIKE_CHANGES
from dialogue.rules.concerns import is_of_another
from dialogue.rules.intents import swears_at_a_thing
from dialogue.rules.moving import LIKE_CHECKS
from dialogue.rules.own_appointment import asks_for_whom
from dialogue.state import ABOUT_TIMES, ASKS_WHEN, OFFERS_A_CALL, DialogueState
from dialogue.wishes import wishes_before_times
from vocabulary.enums import Expectation

_HEARD, _ANSWERS, _CALLS = (language(name).patterns for name in ("doubts", "answers", "intents/call"))
_TELLS_OF_HIMSELF = ("provide_budget", "provide_timeline", "provide_authority", "provide_need", "objection_price")
_PARTING = 6
"""So many words at the end of an utterance may take leave."""
_SURE_OBJECTION = 0.97
"""Of an objection in the answer to the open question."""
_ACCEPTED = 0.7
_A_WISH = 6
"""As many words tells when an appointment suits and nothing else."""
_ASKED_BACK = {"provide_authority": "who", "provide_timeline": "when"}
"""How to ask for the rest of what the caller surely told, by its label."""
_REFUSED, _NO_SUM, _HALF_TOLD = 0.8, 0.1, 0.2
_NO_YES = (*CHANGES, Intent.CALL_LATER, Intent.BUSY_THEN)
"""What accepts no time, however probable that seems."""
_OF_THE_CALL = frozenset({Intent.DO_NOT_CALL, Intent.NOT_INTERESTED, Intent.GOODBYE})
"""What taking back an appointment sounds like."""
_NO_LEADS = (Intent.OTHER_MATTER, Intent.SUPPORT, Intent.OFF_TOPIC, Intent.WRONG_NUMBER, Intent.CALL_LATER)
"""What the first words of a lead sound like who tells where he heard of the company."""
_LIKE_DEMANDS = {
    Intent.NOT_INTERESTED, Intent.WHO_ARE_YOU, Intent.ARE_YOU_HUMAN, Intent.WHY_ASKING, Intent.WANTS_APPOINTMENT,
    Intent.REPEAT, Intent.GOODBYE, Intent.WANTS_HUMAN, Intent.CALL_LATER, Intent.OTHER_MATTER, Intent.SUPPORT,
    Intent.MANIPULATION,
}  # fmt: skip
"""What it sounds like to want something before an answer."""
_ASKED_OF_US = (*ASKS_WHO_WE_ARE, Intent.WANTS_HUMAN, Intent.WANTS_APPOINTMENT)
"""What a question that the campaign answers sounds like."""


def in_context(
    found: Analysis,
    probable: Mapping[str, float],
    campaign: Campaign,
    state: DialogueState,
    by_rules: Analysis = NOTHING,
) -> Analysis:
    """Returns what was found, given what is open and what the rules alone found."""
    accepts = probable.get("schedule_accept", 0.0) >= _ACCEPTED
    found = _consenting(_of_changes(found, by_rules), by_rules, state, accepts=accepts)
    found = _about_times(_checking_the_booking(found, by_rules, state), state, by_rules, accepts=accepts)
    if state.booked is not None and by_rules.has(*TAKES_BACK):
        found = found.without(*(one for one in _OF_THE_CALL if not by_rules.has(one)))
    if state.screened and not by_rules.has(Intent.VOICEMAIL):
        found = found.without(Intent.VOICEMAIL)  # somebody has spoken already
    denies = state.expecting is Expectation.WRONG_PERSON_CHECK and by_rules.polarity is False
    if denies and not by_rules.has(Intent.WRONG_NUMBER):
        found = found.without(Intent.WRONG_NUMBER)
    if found.answers and (found.only_asks or found.asks_besides):
        plain = {Intent.WANTS_HUMAN} if probable.get("ask_human", 0.0) >= PLAIN else set()
        found = found.without(*(one for one in _ASKED_OF_US if not by_rules.has(one) and one not in plain))
    found = _still_telling(_in_his_language(_at_another_time(found), by_rules, probable), probable)
    found = as_told_in_trouble(_wishing_for_a_time(found, by_rules, probable, state), by_rules, campaign)
    if by_rules.has(Intent.HEARD_OF_US) and not state.facts:
        found = found.without(*(one for one in _NO_LEADS if not by_rules.has(one)))
        found = found if found.has(Intent.WANTS_HUMAN) else found.without(Intent.WANTS_HUMAN)
    found = _told_by_a_child(_as_read(found, by_rules, campaign, state), by_rules, state)
    found = _as_a_wish(found, by_rules, campaign, state)
    found = _told_besides(found, by_rules)
    if found.has(Intent.CALL_LATER):
        found = found.without_answers(campaign, "timeline")
    found = replace(found, half_told=_half_told(found, probable, campaign, state))
    asks_of_us = by_rules.has(Intent.WHERE_FROM, Intent.IS_IT_SALES, Intent.SCREENED)
    if asks_of_us and by_rules.concern is None:
        found = replace(found, concern=None)
    of_a_price = found.concern is not None and found.concern.id == Concern.TOO_EXPENSIVE
    if (of_a_price and is_of_another(campaign, found.words)) or _only_an_answer(found, campaign, state, by_rules):
        found = replace(found, concern=None)
    if probable.get("objection_price", 0.0) >= _REFUSED and probable.get("provide_budget", 0.0) < _NO_SUM:
        found = _without_sums(found, campaign)
    return found


def _as_a_wish(found: Analysis, by_rules: Analysis, campaign: Campaign, state: DialogueState) -> Analysis:
    """Returns what was found; when an appointment suits, told ahead of its times, only sounds like another call."""
    brief = len(found.words.split()) <= _A_WISH
    kept = tuple(fact for fact in by_rules.facts if not (brief and fact.value == OTHER_CHOICE))
    wish = replace(found.without(Intent.CALL_LATER), facts=kept)
    return wish if not by_rules.has(Intent.CALL_LATER) and wishes_before_times(campaign, state, wish) else found


def _still_telling(found: Analysis, probable: Mapping[str, float]) -> Analysis:
    """Returns what was found; whoever tells of himself takes leave with his last words alone."""
    tells = any(probable.get(label, 0.0) >= LIKELY for label in _TELLS_OF_HIMSELF)
    last_words = " ".join(found.words.split()[-_PARTING:])
    leaves = not tells or _CALLS["goodbye"].search(last_words) is not None
    return found if leaves else found.without(Intent.GOODBYE)


def _in_his_language(found: Analysis, by_rules: Analysis, probable: Mapping[str, float]) -> Analysis:
    """Returns what was found; whoever excuses his words, and tells with them what he needs, wants no other language."""
    tells = by_rules.wanted_language is None and probable.get("provide_need", 0.0) >= LIKELY
    return found.without(Intent.OTHER_LANGUAGE) if tells else found


def _wishing_for_a_time(
    found: Analysis, by_rules: Analysis, probable: Mapping[str, float], state: DialogueState
) -> Analysis:
    """Returns what was found; a day told with its hour by whoever was asked for no time is a wish for it."""
    asked = state.expecting in ASKS_WHEN or state.expecting in OFFERS_A_CALL or state.booked is not None
    moment = by_rules.moment
    names_it = moment.names_a_day and moment.at is not None and not by_rules.asks
    proposes = probable.get("schedule_propose", 0.0) >= EVEN and not by_rules.has(Intent.CALL_LATER, Intent.CALL_ME)
    if asked or not (names_it and proposes):
        return found
    return replace(found, intents=(*found.intents, FoundIntent(Intent.WANTS_APPOINTMENT, CLEAR)))


def _asks_of_another(by_rules: Analysis) -> bool:
    """Whether all that is plainly asked, and not known, speaks of somebody or something else than who answers."""
    plain = by_rules.unanswered and (by_rules.only_asks or by_rules.asks_besides)
    return bool(plain) and not any(_ANSWERS["aims_at_us"].search(one.words) for one in by_rules.unanswered)


def _told_besides(found: Analysis, by_rules: Analysis) -> Analysis:
    """Returns what was found; what is told in the place of a detail or a time objects to nothing."""
    if not by_rules.tells_else:
        return found
    sounds_like = (Intent.OFF_TOPIC, Intent.WAIT, Intent.GOODBYE, Intent.NOT_INTERESTED, Intent.OTHER_MATTER)
    found = found.without(*(one for one in sounds_like if not by_rules.has(one)))
    return replace(found, concern=by_rules.concern, answers=by_rules.answers, asks=by_rules.asks)


def _at_another_time(found: Analysis) -> Analysis:
    """Returns what was found; whoever wants to talk another time wants no human on the line now."""
    later = found.has(Intent.WILL_CALL, Intent.CALL_LATER) and not asks_to_be_put_through(found.words)
    return found.without(Intent.WANTS_HUMAN) if later else found


def _as_read(found: Analysis, by_rules: Analysis, campaign: Campaign, state: DialogueState) -> Analysis:
    """Returns what was found, without what that sounds like which the rules read."""
    for_whom, has = asks_for_whom(campaign, found.words), by_rules.has
    doubts = by_rules.concern.id if by_rules.concern is not None else None
    times = bool(state.offered) or state.expecting in ABOUT_TIMES
    evades = doubts == Concern.NEEDS_TO_THINK or (has(*TELLS_NOTHING) and state.expecting is Expectation.ANSWER)
    of_a_call = state.requested("call_back") and has(Intent.SAYS_WHEN)
    sounds_like: tuple[tuple[bool, set[Intent]], ...] = (
        (has(*ASKS_OF_OUR_CALL) or _asks_of_another(by_rules), {*ASKS_WHO_WE_ARE}),
        (doubts == Concern.SEND_EMAIL or of_a_call, {Intent.WANTS_APPOINTMENT}),
        (has(Intent.OTHER_LANGUAGE), {Intent.REPEAT, Intent.CHILD}),
        (evades or (times and has(Intent.NO_APPOINTMENT)), {Intent.NOT_INTERESTED}),
        (swears_at_a_thing(found.words), {Intent.ABUSE}),
        (for_whom, {Intent.WANTS_HUMAN}),
        (has(Intent.ANNOUNCES_A_QUESTION), {Intent.REPEAT}),
        (has(Intent.DEMANDS_FIRST), _LIKE_DEMANDS),
    )
    if for_whom:
        found = replace(found, intents=(*found.intents, FoundIntent(Intent.WANTS_APPOINTMENT, CLEAR)))
    if has(Intent.DEMANDS_FIRST):
        found = replace(found, concern=by_rules.concern)
    only_like = {intent for is_so, intents in sounds_like if is_so for intent in intents}
    return found.without(*(only_like - {one.intent for one in by_rules.intents}))


def _told_by_a_child(found: Analysis, by_rules: Analysis, state: DialogueState) -> Analysis:
    """Returns what was found where a child was asked for a grown-up: one that fetches him, or tells when he is back."""
    if state.matter != Matter.CHILD:
        return found
    if by_rules.has(Intent.GREETING):
        found = found.without(*({Intent.CHILD} - {one.intent for one in by_rules.intents}))
    waits = by_rules.has(Intent.WAIT)
    meant = Intent.WAIT if waits else Intent.CALL_LATER if by_rules.has(Intent.SAYS_WHEN) else None
    if meant is None or found.has(meant):
        return found
    return replace(found, intents=(*found.intents, FoundIntent(meant, CLEAR)))


def _of_changes(found: Analysis, by_rules: Analysis) -> Analysis:
    """Returns what was found, without what a question whether the appointment can be changed sounds like."""
    if not by_rules.has(Intent.ASKS_ABOUT_CHANGES):
        return found
    return replace(found.without(*LIKE_CHANGES), polarity=by_rules.polarity, concern=by_rules.concern)


def _checking_the_booking(found: Analysis, by_rules: Analysis, state: DialogueState) -> Analysis:
    """Returns what was found, without what it sounds like to ask whether the booked time stands."""
    if state.booked is None or not by_rules.has(Intent.ASKS_IF_BOOKED) or state.expecting in ABOUT_TIMES:
        return found
    found = found.without(*(one for one in LIKE_CHECKS if not by_rules.has(one)))
    return replace(found, concern=by_rules.concern, polarity=by_rules.polarity)


def _half_told(
    found: Analysis, probable: Mapping[str, float], campaign: Campaign, state: DialogueState
) -> HalfTold | None:
    """Returns what was heard of the answer to the open question, if the caller may have answered it at all."""
    pending = campaign.question(state.pending or "")
    if pending is None or state.expecting is not Expectation.ANSWER or found.only_asks:
        return None
    label = f"provide_{pending.kind}"
    if label not in probable:
        return found.half_told
    chance = probable[label]
    if chance < _HALF_TOLD or any(fact.name == pending.id for fact in found.told):
        return None
    by_label = HalfTold(pending.kind, _ASKED_BACK[label]) if label in _ASKED_BACK and chance >= EVEN else None
    return found.half_told or by_label


def _consenting(found: Analysis, by_rules: Analysis, state: DialogueState, *, accepts: bool) -> Analysis:
    """Returns what was found with a yes to the time that is about to be booked, only where a word of it says so."""
    if state.expecting is not Expectation.SLOT_CONFIRMATION or by_rules.polarity is not None:
        return found
    asks_about_it = found.only_asks and (found.has(*ABOUT_THE_APPOINTMENT) or bool(found.answers))
    waits = found.polarity is None and found.moment.is_open
    waits = waits and not found.has(*_NO_YES, *ASKS_OF_OUR_CALL) and not asks_about_it
    says_so = _HEARD["accepts"].search(found.words) is not None and _HEARD["accepts_not"].search(found.words) is None
    if says_so:
        return replace(found, polarity=True) if waits and accepts else found
    found = replace(found, polarity=None if found.polarity else found.polarity)
    doubtful = found.polarity is None and (found.moment.is_open or not accepts)
    return replace(found, intents=(*found.intents, FoundIntent(Intent.ON_CONDITION, CLEAR))) if doubtful else found


def _about_times(found: Analysis, state: DialogueState, by_rules: Analysis, *, accepts: bool) -> Analysis:
    """Returns what was found where times are discussed.

    Whoever names one or asks about the appointment asks for no human by that, nor for a call; whoever takes one does
    not ask to wait.
    """
    about_it = not found.moment.is_open or found.picks is not None or found.has(*ABOUT_THE_APPOINTMENT)
    if about_it and (state.offered or state.booked) and not by_rules.has(Intent.WANTS_HUMAN):
        found = found.without(Intent.WANTS_HUMAN)
    discussed = bool(state.offered) or state.expecting in ABOUT_TIMES
    of_times = found.has(Intent.SAYS_WHEN) or by_rules.has(Intent.NO_OFFERED_TIME, Intent.EARLIER, Intent.LATER)
    if discussed and of_times and not by_rules.has(Intent.CALL_LATER, Intent.CALL_ME):
        found = found.without(Intent.CALL_LATER)
    waits = by_rules.has(Intent.WAIT) and by_rules.polarity is None and not about_it
    return found.without(Intent.WAIT) if accepts and state.offered and not waits else found


def _only_an_answer(found: Analysis, campaign: Campaign, state: DialogueState, by_rules: Analysis) -> bool:
    """Whether what sounds like an objection asks about the call, or plainly answers the open question."""
    if found.concern is None:
        return False
    if found.concern.id == Concern.NEEDS_TO_THINK and by_rules.has(Intent.DECLINES_TO_SAY):
        return by_rules.concern is None
    if found.concern.id == Concern.NO_TRUST and found.asks and found.has(*ASKS_OF_OUR_CALL):
        return True
    thinks = found.concern.id == Concern.NEEDS_TO_THINK and by_rules.concern is None
    if thinks and by_rules.has(Intent.WAIT):
        return True  # who fetches somebody has nothing to think about
    if not answers_question(found, state.pending):
        return thinks and any(fact.name in _ids(campaign, "authority") for fact in by_rules.told)
    who_decides = _ids(campaign, "authority")
    tells_who = state.pending in who_decides and by_rules.concern is None
    tells_who = tells_who and any(fact.name in who_decides for fact in found.told)
    is_answer = tells_who and found.concern.id == Concern.NEEDS_TO_THINK
    return is_answer or found.concern.confidence < _SURE_OBJECTION


def _without_sums(found: Analysis, campaign: Campaign) -> Analysis:
    """Returns what was found without the sums in it, which are named in refusal."""
    sums = _ids(campaign, "money")
    withdrawn = tuple(fact for fact in found.withdrawn if fact.number is None or fact.name not in sums)
    return replace(found.without_answers(campaign, "money"), withdrawn=withdrawn)


def _ids(campaign: Campaign, kind: str) -> set[str]:
    return {question.id for question in campaign.questions if question.kind == kind}
