"""Weighs what the rules found and what the classifier thinks probable, each a second opinion on the other."""

from collections.abc import Mapping
from dataclasses import replace

from dialogue.analysis import OTHER_CHOICE, Analysis, FoundConcern, FoundIntent
from dialogue.back_channel import back_channel
from dialogue.confidence import CLEAR, LIKELY, POSSIBLE
from dialogue.contact import ABOUT_THE_CONTACT, PERSONAL
from dialogue.intents import ABOUT_CALLS, Concern, Intent, Matter
from dialogue.language import language
from dialogue.learned.meanings import CONCERN_AT_LEAST, CONCERNS, EVEN, MEANINGS, NO_CHANCE, PLAIN, leaves_doubt
from dialogue.rules.calls import asks_to_be_put_through
from dialogue.rules.contact_corrections import means_a_detail
from dialogue.rules.matching import asks_price
from dialogue.rules.matters import without_trade
from dialogue.rules.own_appointment import asks_for_one
from dialogue.state import ABOUT_TIMES, ASKS_WHEN, DialogueState
from vocabulary.enums import Expectation

_HEARD, _ANSWERS = language("doubts").patterns, language("answers").patterns
_OF_NO_LABEL = {
    "complains", "grief", "childish", "states", "asks_of_people", "of_our_bill", "states_sum", "accepts", "accepts_not",
    "machine", "not_now", "browses", "of_another_time", "asks_for_no_call", "of_calls", "tells_who", "asks_two",
    "asks_alone", "brings_along", "figure_of_speech", "long_past", "of_a_death", "of_himself",
}  # fmt: skip
_WORDS_OF = {label: words for label, words in _HEARD.items() if label not in _OF_NO_LABEL}
_SURE = 0.9
_A_MATTER_WORDS = 4
"""Fewer tell no matter of a customer or of somebody else."""
_BARE_WORDS = 3
"""More than a bare yes or no, which answers what was asked and refuses nothing else."""
_LIKE_MESSAGES = (
    "prompt_injection", "off_topic", "other_matter", "ask_human", "callback_later", "repeat_please", "show_interest",
)  # fmt: skip
"""What words that somebody else is to be told sound like."""
NEAR_CERTAIN = 0.85
STILL_ASKED = ("opt_out", "wrong_number", "ask_human")
"""What is asked for where it is as good as certain, though none of its usual words stands."""
_BARE_ANSWER_WORDS = 8
"""More may hold a question that no mark and no word of asking tells."""
_AGAINST_A_NEED = ("show_disinterest", "objection_need", "callback_later")
"""What a caller does not mean who tells what he needs."""
_CONCERN_SECONDED = 0.1
"""The probability that is enough where the rules found the objection too."""
_SOME_NEED = 0.2
"""From here on what is told may be a need: that none is there, words of refusal have to tell."""
_ASKED_AT_LEAST = 0.6
_ELSE = 0.4
_TELLING = ("provide_budget", "provide_timeline", "provide_authority", "provide_need", "show_interest")
"""What the caller tells about himself; the rules find what exactly."""
_OF_A_DAY = ("schedule_request", "schedule_propose", "schedule_accept", "reschedule")
"""What the wish for an appointment on a day sounds like."""
_ASKING = ("ask_question", "ask_price")
_NO_MATTER = frozenset({*_TELLING, "greet", "thanks", "backchannel", "affirm", "deny"})
"""What may stand beside an answer to an open question."""
_RECOGNISED = ("affirm", "deny", "backchannel", "schedule_propose", "schedule_accept")
"""What is known for what it is, even where the rules find nothing in it."""


def said_in_words(probable: Mapping[str, float], found: Analysis, state: DialogueState) -> Mapping[str, float]:
    """Returns what is probable, less the doubts for which not one of the caller's words stands.

    Whoever tells what is wrong at his place sounds as if he objected; whoever refuses has words for that.
    """
    unsaid = [
        label
        for label in _WORDS_OF
        if leaves_doubt(label, probable) and not (_may_be_said(label, found) or _is_read(label, found))
    ]
    unsaid += [*_out_of_place(found, state), *_not_meant_by_answers(found, probable, state)]
    still = [label for label in STILL_ASKED if label in unsaid and probable.get(label, 0.0) >= NEAR_CERTAIN]
    less = {**dict.fromkeys(unsaid, 0.0), **dict.fromkeys(still, EVEN), **_no_call_for_help(found, state)}
    if found.has(Intent.WANTS_APPOINTMENT) and not found.moment.is_open:
        less["schedule_request"] = max(probable.get(label, 0.0) for label in _OF_A_DAY)
    return {label: less.get(label, chance) for label, chance in probable.items()}


def _may_be_said(label: str, found: Analysis) -> bool:
    """Whether one of the words stands that a label must have, if there are any."""
    if label not in _WORDS_OF or _WORDS_OF[label].search(found.words):
        return True
    return label in _ASKING and asks_price(found.words)


def _is_read(label: str, found: Analysis) -> bool:
    """Whether the rules read in the words what a label stands for."""
    meaning = MEANINGS.get(label)
    return meaning is not None and found.has(*meaning.kind)


def _no_call_for_help(found: Analysis, state: DialogueState) -> dict[str, float]:
    """Returns what somebody only sounds like who asks of the service's people, for a visit or about the recording."""
    unsaid: dict[str, float] = {}
    if found.message:
        unsaid.update(dict.fromkeys(_LIKE_MESSAGES, 0.0))
    if found.has(Intent.WILL_CALL, Intent.GOODBYE) and not (found.asks or asks_to_be_put_through(found.words)):
        unsaid["ask_human"] = 0.0  # whoever leaves wants nobody now
    names_choice = any(fact.number is None and fact.value != OTHER_CHOICE for fact in found.told)
    by_words = found.has(Intent.WANTS_HUMAN) or _HEARD["ask_human"].search(found.words) is not None
    if _HEARD["asks_of_people"].search(found.words) or (names_choice and not by_words):
        unsaid["ask_human"] = 0.0  # what he asks for is what is sold
    if found.has(Intent.AGAINST_RECORDING) and not found.has(Intent.DO_NOT_CALL):
        unsaid.update(dict.fromkeys(("opt_out", "show_disinterest", "abuse", "goodbye"), 0.0))
    if _ANSWERS["echoes"].search(found.words):
        unsaid.update({"ask_question": 0.0, "repeat_please": EVEN})
    if _only_names_times(found, state):
        unsaid["opt_out"] = 0.0
    if asks_for_one(found.words):
        unsaid.update(dict.fromkeys(("ask_human", "support", "other_matter"), 0.0))
    of_the_bill = Matter.BILL in found.matters and not found.has(Intent.SUPPORT)
    if of_the_bill and answers_question(found, state.pending) and not _HEARD["of_our_bill"].search(found.words):
        unsaid["support"] = 0.0
    return unsaid


def _only_names_times(found: Analysis, state: DialogueState) -> bool:
    """Whether a caller who was asked for a time names one, or those that do not suit, and speaks of no calls."""
    asked = state.expecting in ASKS_WHEN and not found.moment.is_open
    return asked and not (found.has(Intent.DO_NOT_CALL) or _HEARD["of_calls"].search(found.words))


def _out_of_place(found: Analysis, state: DialogueState) -> list[str]:
    """Returns what the words only sound like, given what was asked and what they plainly tell."""
    of_a_detail, count = state.expecting in ABOUT_THE_CONTACT, len(found.words.split())
    unsaid = {
        "objection_competition": found.concern is None and _HEARD["complains"].search(found.words),
        # Names sound like anything, and so do a few words of regret.
        "abuse": (of_a_detail or count <= _A_MATTER_WORDS) and not found.has(Intent.ABUSE),
        "reschedule": of_a_detail and count < _A_MATTER_WORDS and not found.has(Intent.RESCHEDULE),
        "voicemail_greeting": of_a_detail or not _may_be_a_machine(found),  # no machine has got as far as the details
        "distress": not _may_be_grief(found),
        "child": not (found.has(Intent.CHILD) or _HEARD["childish"].search(found.words)),
        "opt_out": means_a_detail(state, found.words),
        "callback_later": not _may_mean_another_time(found, state),
        "off_topic": not (found.asks or found.has(Intent.OFF_TOPIC)),  # whoever tells something of himself has a need
        "objection_time": state.booked is not None,  # whoever is late for it, or busy till then, keeps it
        "goodbye": state.offered and not found.has(Intent.GOODBYE),
        "repeat_please": _speaks_plainly(found, state) or found.has(Intent.LEAVES_IT),
        "support": count < _A_MATTER_WORDS,
        "schedule_request": not found.has(Intent.WANTS_APPOINTMENT)
        and (_HEARD["browses"].search(found.words) or _HEARD["brings_along"].search(found.words)),
        "other_matter": count < _A_MATTER_WORDS,
        "show_disinterest": found.polarity is not None and count <= _BARE_WORDS,
    }
    return [label for label, is_so in unsaid.items() if is_so]


def _may_mean_another_time(found: Analysis, state: DialogueState) -> bool:
    """Whether a caller may want to be called another time: a number that he tells, or a call he sets aside, is none.

    Whoever answers, or names a time where a question is open, is only in a hurry unless he speaks of a call.
    """
    answers = bool(found.told) or (state.expecting is Expectation.ANSWER and found.has(Intent.SAYS_WHEN))
    if answers and not (found.has(Intent.CALL_LATER, Intent.CALL_ME) or _HEARD["not_now"].search(found.words)):
        return False
    unwanted = found.has(*ABOUT_CALLS) or _HEARD["asks_for_no_call"].search(found.words)
    lets_go = found.has(Intent.LEAVES_IT) and not found.has(Intent.CALL_LATER)
    tells_a_detail = any(fact.name in PERSONAL for fact in found.told) and not found.has(Intent.CALL_LATER)
    return not (unwanted or lets_go or tells_a_detail) and _HEARD["of_another_time"].search(found.words) is not None


def _may_be_a_machine(found: Analysis) -> bool:
    by_words = found.has(Intent.VOICEMAIL) or _HEARD["machine"].search(found.words) is not None
    return by_words and not found.has(Intent.SCREENED)


def _may_be_grief(found: Analysis) -> bool:
    if found.has(Intent.DISTRESS) or Matter.EMERGENCY in found.matters:
        return True
    if found.has(Intent.UNWELL) and _HEARD["of_himself"].search(found.words):
        return False
    words = _HEARD["figure_of_speech"].sub(" ", without_trade(found.words))
    is_over = _HEARD["long_past"].search(words) is not None and _HEARD["of_a_death"].search(words) is None
    return not is_over and _HEARD["grief"].search(words) is not None


def _speaks_plainly(found: Analysis, state: DialogueState) -> bool:
    """Whether a caller names a time, or answers in a word: he has heard what was said."""
    chooses = state.expecting in ABOUT_TIMES and (found.picks is not None or not found.moment.is_open)
    answers = found.polarity is not None and state.expecting is Expectation.SLOT_CONFIRMATION
    in_a_word = found.polarity is not None and len(found.words.split()) == 1
    return chooses or answers or in_a_word or found.has(Intent.RESCHEDULE)


def _not_meant_by_answers(found: Analysis, probable: Mapping[str, float], state: DialogueState) -> list[str]:
    """Returns what whoever answers the open question, or tells a sum of his, only sounds like."""
    unsaid: list[str] = []
    answers = answers_question(found, state.pending)
    if answers and not found.asks and len(found.words.split()) <= _BARE_ANSWER_WORDS:
        unsaid += _ASKING  # a bare figure sounds like a price
    if answers and not found.has(Intent.WANTS_APPOINTMENT):
        unsaid.append("schedule_request")
    if answers and not (found.has(Intent.CALL_LATER, Intent.CALL_ME) or _HEARD["not_now"].search(found.words)):
        unsaid.append("callback_later")
    tells = _tells_sum(found) or answers
    states_sum = tells and not found.asks and _HEARD["states_sum"].search(found.words)
    if states_sum and not found.has(Intent.SUPPORT, Intent.OTHER_MATTER):
        unsaid += ["support", "other_matter"]
    if states_sum and found.concern is None:
        unsaid.append("objection_price")
    needs = found.asks or bool(found.told) or probable.get("provide_need", 0.0) >= _SOME_NEED
    if found.concern is None and needs and not _HEARD["objection_need"].search(found.words):
        unsaid.append("objection_need")
    if found.concern is None and answers:
        unsaid += [label for label in CONCERNS if probable.get(label, 0.0) < PLAIN or not _may_be_said(label, found)]
    if probable.get("provide_need", 0.0) >= LIKELY and not found.asks:
        unsaid += [label for label in _ASKING if not _may_be_said(label, found)]
    return unsaid


def _tells_sum(found: Analysis) -> bool:
    """Whether a figure is told that counts."""
    return any(fact.number is not None and fact.degree is not None and fact.confidence > CLEAR for fact in found.told)


def weighed(found: Analysis, probable: Mapping[str, float]) -> Analysis:
    """Returns what the rules found, corrected by what is probable."""
    intents = _intents({one.intent: one.confidence for one in found.intents}, probable)
    concern, polarity = _concern(found, probable), _polarity(found, probable)
    tells = any(probable.get(label, 0.0) >= LIKELY for label in _TELLING)
    answers = tells or _states(found, probable)
    facts = found.facts if answers else tuple(fact for fact in found.facts if fact.value != OTHER_CHOICE)
    meant = {intent for intent, confidence in intents.items() if confidence >= POSSIBLE}
    understood = bool(meant.difference(one.intent for one in found.intents)) or bool(concern) or polarity is not None
    return replace(
        found,
        intents=tuple(FoundIntent(intent, confidence) for intent, confidence in intents.items()),
        facts=facts,
        concern=concern,
        polarity=polarity,
        asks=found.asks or _sounds_like_a_question(found, probable),
        asks_besides=found.asks_besides or _asks_besides(found, probable),
        recognised=tells or any(probable.get(label, 0.0) >= LIKELY for label in _RECOGNISED),
        noise=found.noise and not understood,
    )


def _sounds_like_a_question(found: Analysis, probable: Mapping[str, float]) -> bool:
    """Whether the caller asks something; after a question of the agent's a bare "all right" sounds like one too."""
    asks = any(probable.get(label, 0.0) >= _ASKED_AT_LEAST for label in _ASKING)
    return asks and back_channel(found.words) is None


def _asks_besides(found: Analysis, probable: Mapping[str, float]) -> bool:
    """Whether a caller plainly asks, beside something that he tells."""
    return bool(found.told) and any(probable.get(label, 0.0) >= PLAIN for label in _ASKING)


def _states(found: Analysis, probable: Mapping[str, float]) -> bool:
    """Whether the caller states something that sounds like nothing else: asked what he wants, he answers that."""
    else_ = max((chance for label, chance in probable.items() if label not in _NO_MATTER), default=1.0)
    refuses = _HEARD["show_disinterest"].search(found.words) is not None
    return else_ < _ELSE and not refuses and _HEARD["states"].search(found.words) is not None


def answers_question(found: Analysis, question_id: str | None) -> bool:
    """Whether a question is plainly answered."""
    return any(fact.name == question_id and fact.confidence > CLEAR for fact in found.told)


def _intents(by_rules: Mapping[Intent, float], probable: Mapping[str, float]) -> dict[Intent, float]:
    """Returns how sure each intent is, by both opinions; the surest of its labels counts."""
    weighed: dict[Intent, float] = {}
    for label, meaning in MEANINGS.items():
        if label not in probable:
            continue  # the classifier knows nothing of it
        known = meaning.kind & by_rules.keys()
        chance = probable[label]
        if label == "ask_robot" and probable.get("ask_question", 0.0) >= LIKELY:
            chance = max(chance, NO_CHANCE)  # a question, of whatever kind
        if label in _AGAINST_A_NEED and probable.get("provide_need", 0.0) >= max(chance, LIKELY):
            chance = min(chance, NO_CHANCE)
        sure = meaning.confidence(chance, max((by_rules[intent] for intent in known), default=0.0))
        for intent in known | {meaning.adds} if sure >= POSSIBLE else known:
            weighed[intent] = max(weighed.get(intent, 0.0), sure)
    for intent, sure in by_rules.items():
        weighed[intent] = sure if weighed.get(intent, 1.0) >= LIKELY else min(sure, weighed[intent])
    return weighed


def _concern(found: Analysis, probable: Mapping[str, float]) -> FoundConcern | None:
    """Returns the objection: that of the rules unless it has no chance, else the most probable one."""
    likeliest = max(CONCERNS, key=lambda label: probable.get(label, 0.0))
    chance = probable.get(likeliest, 0.0)
    if found.concern is not None and found.concern.confidence >= LIKELY:
        labels = [label for label, concern in CONCERNS.items() if concern == found.concern.id]
        thinks = found.concern.id == Concern.NEEDS_TO_THINK and probable.get("show_disinterest", 0.0) >= LIKELY
        if thinks or not labels or probable.get(labels[0], 0.0) >= _CONCERN_SECONDED:
            return found.concern
    counts = chance >= max(CONCERN_AT_LEAST[likeliest], probable.get("provide_need", 0.0))
    return FoundConcern(CONCERNS[likeliest], max(chance, LIKELY)) if counts else None


def _polarity(found: Analysis, probable: Mapping[str, float]) -> bool | None:
    """Returns yes or no: that of the rules unless only the other is probable, else what is probable alone."""
    yes, no = probable.get("affirm", 0.0), probable.get("deny", 0.0)
    if found.polarity is not None:
        ours, other = (yes, no) if found.polarity else (no, yes)
        return not found.polarity if ours < NO_CHANCE and other >= PLAIN else found.polarity
    if not found.noise:
        return None
    if max(yes, no) < _SURE or min(yes, no) > 1 - _SURE:
        return None
    return yes > no
