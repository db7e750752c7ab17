"""Understands callers by rules and by a classifier that learned from examples, each a second opinion on the other.

The rules alone understand closed forms: sums, times, counts, names, picks. Of what callers do, the classifier finds
what no pattern was written for, and takes back what only looked like something: an intent of the rules that the
classifier gives next to no chance does not count. How probable something must be follows from the harm of being wrong;
a wish not to be called and a wish for a human are never taken back. Without the classifier the rules stand alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from callwright_common.campaign import Campaign
from callwright_common.logs import get_logger
from dialogue.analysis import NOTHING, OTHER_CHOICE, Analysis, FoundConcern, FoundIntent
from dialogue.call_control import CHECKS
from dialogue.confidence import CLEAR, LIKELY, POSSIBLE
from dialogue.contact import ABOUT_THE_CONTACT, PERSONAL
from dialogue.intents import ABOUT_THE_APPOINTMENT, Concern, Intent
from dialogue.language import FIRST_LANGUAGE, language
from dialogue.rules.analyzer import RuleAnalyzer
from dialogue.rules.contact_corrections import means_a_detail
from dialogue.rules.languages import as_first_words, of_another_language
from dialogue.rules.withdrawals import without_echoes
from dialogue.state import DialogueState
from vocabulary.enums import Expectation
from vocabulary.turns import KeyPresses, Utterance

_logger = get_logger(__name__)

_NO_CHANCE = 0.02
"""Below this probability an intent of the rules only looked like one."""
_NEVER_TAKEN_BACK = frozenset({Intent.DO_NOT_CALL, Intent.WANTS_HUMAN})
"""What harms most where it is missed: one opinion is enough to ask."""
_DOUBT = LIKELY - POSSIBLE - 0.01
_SURE = 0.9
_A_MATTER_WORDS = 4
"""Fewer tell no matter of a customer or of somebody else."""
_SURE_OBJECTION = 0.97
"""Of an objection in the answer to the open question."""
_ACCEPTED = 0.7
_NEAR_CERTAIN = 0.85
_REFUSED, _NO_SUM = 0.8, 0.1
_QUESTION_SENTENCES = 2
_BY_HIS_WORDS = ("callback_later", "ask_human", "voicemail_greeting", "goodbye", "opt_out", "wrong_number")
"""What is meant only if it is in the caller's own words, whatever the agent had spoken of before."""
_STILL_ASKED = ("opt_out", "wrong_number", "ask_human")
"""What is asked for where it is as good as certain, though none of its usual words stands."""
_DOUBTS = language("doubts").patterns
_WORDS_OF = {
    label: words
    for label, words in _DOUBTS.items()
    if label not in {"complains", "states", "states_sum", "accepts", "accepts_not", "machine", "called", "pestered"}
}
_COMPLAINS, _STATES, _STATES_SUM = _DOUBTS["complains"], _DOUBTS["states"], _DOUBTS["states_sum"]
_ACCEPTS, _ACCEPTS_NOT = _DOUBTS["accepts"], _DOUBTS["accepts_not"]
_MACHINE_SAYS, _WAS_CALLED, _PESTERED = _DOUBTS["machine"], _DOUBTS["called"], _DOUBTS["pestered"]
_ABOUT_TIMES = frozenset({Expectation.SLOT_CHOICE, Expectation.SLOT_CONFIRMATION, Expectation.DAY_OR_LEAVE})
_NO_YES = (Intent.RESCHEDULE, Intent.CALL_LATER, Intent.CANCEL, Intent.MAY_CANCEL, Intent.BUSY_THEN)
"""What accepts no time, however probable that seems."""
_LITTLE_CHANCE, _SOME_CHANCE, _EVEN, _PLAIN = 0.1, 0.2, 0.5, 0.95


class Classifier(Protocol):
    """Tells how probable each of its labels is for an utterance."""

    async def probabilities(self, question: str, text: str) -> Mapping[str, float]:
        """Returns a probability, 0 to 1, for each label, given what the agent had said before."""
        ...


@dataclass(frozen=True)
class Meaning:
    """What a label of the classifier means here.

    Attributes:
        adds: The intent that it is, if the rules found none of its kind.
        kind: Intents of the rules that it stands for; where it is improbable they are taken back.
        at_least: The probability from which it counts: low where missing it harms, high where acting on it does.
        perhaps: The probability from which it leaves doubt, where it is asked before it is done.
        seconded: The probability that is enough where the rules found it too; less leaves doubt.
    """

    adds: Intent
    kind: frozenset[Intent]
    at_least: float
    perhaps: float = 1.0
    seconded: float = _NO_CHANCE

    def confidence(self, chance: float, by_rules: float) -> float:
        """Returns how sure it is, given its probability and how sure the rules are; both are 0 to 1."""
        if chance >= self.at_least or (by_rules >= LIKELY and chance >= self.seconded):
            return max(chance, by_rules, LIKELY)
        heard = by_rules >= LIKELY and self.adds in CHECKS
        if chance >= self.perhaps or (heard and (chance >= _NO_CHANCE or self.adds in _NEVER_TAKEN_BACK)):
            return POSSIBLE + chance * _DOUBT
        return min(by_rules, LIKELY / 2)


def _meaning(
    adds: Intent, *kind: Intent, at_least: float, perhaps: float = 1.0, seconded: float = _NO_CHANCE
) -> Meaning:
    return Meaning(adds, frozenset({adds, *kind}), at_least, perhaps, seconded)


MEANINGS: dict[str, Meaning] = {
    "opt_out": _meaning(Intent.DO_NOT_CALL, at_least=0.97, perhaps=0.4, seconded=0.5),
    "wrong_number": _meaning(Intent.WRONG_NUMBER, at_least=0.95, perhaps=0.2, seconded=0.5),
    "ask_human": _meaning(Intent.WANTS_HUMAN, at_least=0.95, perhaps=0.25, seconded=0.3),
    "ask_robot": _meaning(Intent.WHO_ARE_YOU, Intent.ARE_YOU_HUMAN, at_least=0.5),
    "callback_later": _meaning(Intent.CALL_LATER, at_least=0.6),
    "voicemail_greeting": _meaning(Intent.VOICEMAIL, at_least=0.8),
    "schedule_request": _meaning(Intent.WANTS_APPOINTMENT, at_least=0.9),
    "reschedule": _meaning(Intent.RESCHEDULE, at_least=0.7),
    "show_interest": _meaning(Intent.INTEREST, at_least=0.75),
    "show_disinterest": _meaning(Intent.NOT_INTERESTED, Intent.NO_THANKS, at_least=0.92, perhaps=0.4, seconded=0.3),
    "objection_need": _meaning(Intent.NOT_INTERESTED, at_least=1.0, perhaps=0.5, seconded=0.3),
    "hold_on": _meaning(Intent.WAIT, at_least=0.5),
    "repeat_please": _meaning(Intent.REPEAT, Intent.SLOWER, Intent.REPHRASE, Intent.CLARIFY, at_least=0.6),
    "goodbye": _meaning(Intent.GOODBYE, at_least=0.8),
    "thanks": _meaning(Intent.THANKS, at_least=0.5),
    "greet": _meaning(Intent.GREETING, at_least=0.7),
    "abuse": _meaning(Intent.ABUSE, at_least=0.8),
    "support": _meaning(Intent.SUPPORT, at_least=0.8),
    "other_matter": _meaning(Intent.OTHER_MATTER, at_least=0.75),
    "distress": _meaning(Intent.DISTRESS, at_least=0.7),
    "child": _meaning(Intent.CHILD, at_least=0.7),
    "off_topic": _meaning(Intent.OFF_TOPIC, at_least=0.9),
    "prompt_injection": _meaning(Intent.MANIPULATION, at_least=0.4),
}
CONCERNS: dict[str, Concern] = {
    "objection_price": Concern.TOO_EXPENSIVE,
    "objection_time": Concern.NOT_NOW,
    "objection_trust": Concern.NO_TRUST,
    "objection_competition": Concern.HAS_PROVIDER,
    "objection_authority": Concern.NEEDS_TO_THINK,
}
_CONCERN_AT_LEAST = {
    "objection_price": 0.7,
    "objection_time": 0.6,
    "objection_trust": 0.5,
    "objection_competition": 0.6,
    "objection_authority": 0.75,
}
_AGAINST_A_NEED = ("show_disinterest", "objection_need")
"""What a caller does not mean who tells what he needs."""
_ABOUT_THE_CALL = (Intent.WHO_ARE_YOU, Intent.ARE_YOU_HUMAN, Intent.RECORDING, Intent.WHERE_FROM)
"""What is answered, whatever else it sounds like."""
_CONCERN_SECONDED = 0.1
"""The probability that is enough where the rules found the objection too."""
_ASKED_AT_LEAST = 0.6
_ELSE = 0.4
_TELLING = ("provide_budget", "provide_timeline", "provide_authority", "provide_need", "show_interest")
"""What the caller tells about himself; the rules find what exactly."""
_ASKING = ("ask_question", "ask_price")
_NO_MATTER = frozenset({*_TELLING, "greet", "thanks", "backchannel", "affirm", "deny"})
"""What may stand beside an answer to an open question."""
_RECOGNISED = ("affirm", "deny", "backchannel", "schedule_propose", "schedule_accept")
"""What is known for what it is, even where the rules find nothing in it."""


class LearnedAnalyzer:
    """Understands callers by rules and a classifier."""

    def __init__(self, classifier: Classifier) -> None:
        self._classifier = classifier
        self._rules = RuleAnalyzer()

    async def analyse(
        self, campaign: Campaign, state: DialogueState, turn_input: Utterance | KeyPresses, *, now: datetime
    ) -> Analysis:
        """Returns what the caller's words or keys tell, given what he was asked; `now` is an aware time."""
        found = await self._rules.analyse(campaign, state, turn_input, now=now)
        if isinstance(turn_input, KeyPresses):
            return found
        spoken = found.language or campaign.in_language(state.language).language
        switches = found.language in campaign.languages and found.has(Intent.OTHER_LANGUAGE)
        if switches or (spoken != FIRST_LANGUAGE and spoken in campaign.languages):
            return found  # the classifier has learned from no other language than the first
        of_himself = (
            found.corrects or found.takes_out or found.begun_email or any(fact.name in PERSONAL for fact in found.facts)
        )
        if of_himself and (state.expecting in ABOUT_THE_CONTACT or state.booked is not None):
            return found  # names, numbers and addresses sound like anything
        question = "" if found.language else " ".join(state.last_reply[-_QUESTION_SENTENCES:])
        try:
            probable = await self._probable(question, turn_input.text)
            meant = said_in_words(probable, found, state)
            if found.language is not None and found.language not in campaign.languages:
                return of_another_language(weighed(found, meant))
            in_place = in_context(weighed(found, meant), meant, campaign, state, found)
            return as_first_words(without_echoes(in_place), state)
        except Exception:
            # Whoever answers in the orchestrator's place asks a classifier too: it must not fail both.
            _logger.exception("the classifier failed, the rules understand alone")
            return found

    async def _probable(self, question: str, text: str) -> Mapping[str, float]:
        """Returns the probabilities: less what only the agent's words sound like, more what is plain without them."""
        probable = dict(await self._classifier.probabilities(question, text))
        heard = [label for label in _BY_HIS_WORDS if probable.get(label, 0.0) >= _LITTLE_CHANCE]
        alone = await self._classifier.probabilities("", text) if heard else {}
        for label in heard:
            if alone[label] >= _PLAIN:
                probable[label] = max(_EVEN, probable[label])
            elif alone[label] < _SOME_CHANCE or label == "opt_out":
                probable[label] = min(alone[label], probable[label])
        return probable


def said_in_words(probable: Mapping[str, float], found: Analysis, state: DialogueState) -> Mapping[str, float]:
    """Returns what is probable, less the doubts for which not one of the caller's words stands.

    Whoever tells what is wrong at his place sounds as if he objected; whoever refuses has words for that.
    """
    unsaid = [
        label for label, words in _WORDS_OF.items() if _is_doubt(label, probable) and not words.search(found.words)
    ]
    if found.concern is None and _COMPLAINS.search(found.words):
        unsaid.append("objection_competition")
    if state.expecting in ABOUT_THE_CONTACT:
        unsaid.append("voicemail_greeting")  # no machine has got as far as that
    if not found.has(Intent.VOICEMAIL) and not _MACHINE_SAYS.search(found.words):
        unsaid.append("voicemail_greeting")
    if means_a_detail(state, found.words):
        unsaid.append("opt_out")
    if _WAS_CALLED.search(found.words):
        unsaid.append("callback_later")
    if len(found.words.split()) < _A_MATTER_WORDS:
        unsaid += ["support", "other_matter"]
    tells = _tells_sum(found) or _answers(found, state)
    if found.concern is None and not found.asks and tells and _STATES_SUM.search(found.words):
        unsaid.append("objection_price")
    if found.concern is None and _answers(found, state):
        unsaid += [label for label in CONCERNS if probable.get(label, 0.0) < _PLAIN]
    still = [label for label in _STILL_ASKED if label in unsaid and probable.get(label, 0.0) >= _NEAR_CERTAIN]
    less = {**dict.fromkeys(unsaid, 0.0), **dict.fromkeys(still, _EVEN)}
    return {label: less.get(label, chance) for label, chance in probable.items()}


def _consenting(found: Analysis, by_rules: Analysis, state: DialogueState, *, accepts: bool, waits: bool) -> Analysis:
    """Returns what was found with a yes to the time that is about to be booked, only where a word of it says so."""
    if state.expecting is not Expectation.SLOT_CONFIRMATION or by_rules.polarity is not None:
        return found
    says_so = _ACCEPTS.search(found.words) is not None and _ACCEPTS_NOT.search(found.words) is None
    if says_so:
        return replace(found, polarity=True) if waits and accepts else found
    found = replace(found, polarity=None if found.polarity else found.polarity)
    doubtful = found.polarity is None and (found.moment.is_open or not accepts)
    return replace(found, intents=(*found.intents, FoundIntent(Intent.ON_CONDITION, CLEAR))) if doubtful else found


def _tells_sum(found: Analysis) -> bool:
    """Whether a figure is told that counts."""
    return any(fact.number is not None and fact.degree is not None and fact.confidence > CLEAR for fact in found.told)


def _is_doubt(label: str, probable: Mapping[str, float]) -> bool:
    """Whether something is probable enough to be asked or answered, and not enough to be beyond doubt."""
    chance, meaning = probable.get(label, 0.0), MEANINGS.get(label)
    return chance >= meaning.perhaps and chance < meaning.at_least if meaning else True


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
        asks=found.asks or any(probable.get(label, 0.0) >= _ASKED_AT_LEAST for label in _ASKING),
        recognised=tells or any(probable.get(label, 0.0) >= LIKELY for label in _RECOGNISED),
        noise=found.noise and not understood,
    )


def _states(found: Analysis, probable: Mapping[str, float]) -> bool:
    """Whether the caller states something that sounds like nothing else: asked what he wants, he answers that."""
    else_ = max((chance for label, chance in probable.items() if label not in _NO_MATTER), default=1.0)
    refuses = _WORDS_OF["show_disinterest"].search(found.words) is not None
    return else_ < _ELSE and not refuses and _STATES.search(found.words) is not None


def _answers(found: Analysis, state: DialogueState) -> bool:
    """Whether the open question is plainly answered."""
    return any(fact.name == state.pending and fact.confidence > CLEAR for fact in found.told)


def in_context(
    found: Analysis,
    probable: Mapping[str, float],
    campaign: Campaign,
    state: DialogueState,
    by_rules: Analysis = NOTHING,
) -> Analysis:
    """Returns what was found, given what is open and what the rules alone found.

    A time is taken in any words, and whoever names one or asks about the appointment asks for no human by that; whoever
    answers the open question objects only where that is plain; a sum that is named in refusal is none.
    """
    waits = state.expecting is Expectation.SLOT_CONFIRMATION and found.polarity is None and found.moment.is_open
    asks_about_it = found.only_asks and (found.has(*ABOUT_THE_APPOINTMENT) or bool(found.answers))
    waits = waits and not found.has(*_NO_YES, *_ABOUT_THE_CALL) and not asks_about_it
    accepts = probable.get("schedule_accept", 0.0) >= _ACCEPTED
    found = _consenting(found, by_rules, state, accepts=accepts, waits=waits)
    about_it = not found.moment.is_open or found.picks is not None or found.has(*ABOUT_THE_APPOINTMENT)
    if about_it and (state.offered or state.booked) and not by_rules.has(Intent.WANTS_HUMAN):
        found = replace(found, intents=tuple(one for one in found.intents if one.intent is not Intent.WANTS_HUMAN))
    discussed = bool(state.offered) or state.expecting in _ABOUT_TIMES
    if discussed and found.has(Intent.SAYS_WHEN) and not by_rules.has(Intent.CALL_LATER, Intent.CALL_ME):
        found = replace(found, intents=tuple(one for one in found.intents if one.intent is not Intent.CALL_LATER))
    if _PESTERED.search(found.words):
        found = found.suspecting([Intent.DO_NOT_CALL])
    if found.has(Intent.CALL_LATER):
        when = {question.id for question in campaign.questions if question.kind == "timeline"}
        found = replace(found, facts=tuple(fact for fact in found.facts if fact.name not in when))
    if accepts and state.offered:
        found = replace(found, intents=tuple(one for one in found.intents if one.intent is not Intent.WAIT))
    distrusts = found.concern is not None and found.concern.id == Concern.NO_TRUST
    if distrusts and found.asks and found.has(*_ABOUT_THE_CALL):
        found = replace(found, concern=None)
    who_decides = {question.id for question in campaign.questions if question.kind == "authority"}
    tells_who = state.pending in who_decides and by_rules.concern is None
    tells_who = tells_who and any(fact.name in who_decides for fact in found.told)
    if found.concern is not None and _answers(found, state):
        is_answer = tells_who and found.concern.id == Concern.NEEDS_TO_THINK
        if is_answer or found.concern.confidence < _SURE_OBJECTION:
            found = replace(found, concern=None)
    refuses = probable.get("objection_price", 0.0) >= _REFUSED and probable.get("provide_budget", 0.0) < _NO_SUM
    if refuses:
        sums = {question.id for question in campaign.questions if question.kind == "money"}
        withdrawn = tuple(fact for fact in found.withdrawn if fact.number is None or fact.name not in sums)
        facts = tuple(fact for fact in found.facts if fact.name not in sums)
        found = replace(found, facts=facts, withdrawn=withdrawn)
    return found


def _intents(by_rules: Mapping[Intent, float], probable: Mapping[str, float]) -> dict[Intent, float]:
    """Returns how sure each intent is, by both opinions; the surest of its labels counts."""
    weighed: dict[Intent, float] = {}
    for label, meaning in MEANINGS.items():
        if label not in probable:
            continue  # the classifier knows nothing of it
        known = meaning.kind & by_rules.keys()
        chance = probable[label]
        if label in _AGAINST_A_NEED and probable.get("provide_need", 0.0) >= max(chance, LIKELY):
            chance = min(chance, _NO_CHANCE)
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
        if not labels or probable.get(labels[0], 0.0) >= _CONCERN_SECONDED:
            return found.concern
    counts = chance >= max(_CONCERN_AT_LEAST[likeliest], probable.get("provide_need", 0.0))
    return FoundConcern(CONCERNS[likeliest], max(chance, LIKELY)) if counts else None


def _polarity(found: Analysis, probable: Mapping[str, float]) -> bool | None:
    """Returns yes or no: that of the rules unless only the other is probable, else what is probable alone."""
    yes, no = probable.get("affirm", 0.0), probable.get("deny", 0.0)
    if found.polarity is not None:
        ours, other = (yes, no) if found.polarity else (no, yes)
        return not found.polarity if ours < _NO_CHANCE and other >= _PLAIN else found.polarity
    if not found.noise:
        return None
    if max(yes, no) < _SURE or min(yes, no) > 1 - _SURE:
        return None
    return yes > no
