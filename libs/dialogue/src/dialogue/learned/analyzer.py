"""The analyzer that asks both, the rules and the classifier."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from callwright_common.campaign import Campaign
from callwright_common.logs import get_logger
from dialogue.analysis import Analysis
from dialogue.call_control import CHECKS
from dialogue.confidence import LIKELY
from dialogue.contact import ABOUT_THE_CONTACT, PERSONAL
from dialogue.grammar.asides import without_asides
from dialogue.intents import Intent
from dialogue.language import FIRST_LANGUAGE
from dialogue.learned.answers import with_answers
from dialogue.learned.context import in_context
from dialogue.learned.meanings import EVEN, MEANINGS, PLAIN
from dialogue.learned.options import Asking, Matches, read_ahead, with_options
from dialogue.learned.weighing import NEAR_CERTAIN, STILL_ASKED, said_in_words, weighed
from dialogue.rules.analyzer import RuleAnalyzer
from dialogue.rules.erasure import as_erasure
from dialogue.rules.languages import as_first_words, of_another_language
from dialogue.rules.withdrawals import without_echoes
from dialogue.state import DialogueState
from vocabulary.turns import KeyPresses, Utterance

_logger = get_logger(__name__)

_QUESTION_SENTENCES = 2
_BY_HIS_WORDS = ("callback_later", "ask_human", "voicemail_greeting", "goodbye", "opt_out", "wrong_number")
"""What is meant only if it is in the caller's own words, whatever the agent had spoken of before."""
_LITTLE_CHANCE, _SOME_CHANCE = 0.1, 0.2
_CORRECTS, _CORRECTS_NOTHING = 0.5, 0.02
"""From which probability something noted is surely put right, and below which surely not."""


def _said_before(state: DialogueState) -> str:
    """Returns what the agent said before, as the classifier reads it."""
    return " ".join(state.last_reply[-_QUESTION_SENTENCES:])


class Classifier(Matches, Protocol):
    """Tells how probable each of its labels is for an utterance, and each option of a campaign."""

    async def probabilities(self, question: str, text: str) -> Mapping[str, float]:
        """Returns a probability, 0 to 1, for each label, given what the agent had said before."""
        ...


class LearnedAnalyzer:
    """Understands callers by rules and a classifier."""

    def __init__(self, classifier: Classifier) -> None:
        self._classifier = classifier
        self._rules = RuleAnalyzer()

    async def read_ahead(self, campaigns: Iterable[Campaign]) -> None:
        """Reads what campaigns offer before the first caller may mean it; takes some milliseconds for each of it."""
        for campaign in campaigns:
            await read_ahead(campaign, self._classifier)

    async def analyse(
        self, campaign: Campaign, state: DialogueState, turn_input: Utterance | KeyPresses, *, now: datetime
    ) -> Analysis:
        """Returns what the caller's words or keys tell, given what he was asked; `now` is an aware time."""
        corrects = None
        if isinstance(turn_input, Utterance) and campaign.in_language(state.language).language == FIRST_LANGUAGE:
            corrects = await self._corrects(state, turn_input.text)
        found = await self._rules.analyse(campaign, state, turn_input, now=now, corrects=corrects)
        if isinstance(turn_input, KeyPresses):
            return found
        spoken = found.language or campaign.in_language(state.language).language
        switches = found.language in campaign.languages and found.has(Intent.OTHER_LANGUAGE)
        if switches or (spoken != FIRST_LANGUAGE and spoken in campaign.languages):
            return found  # the classifier has learned from no other language than the first
        of_himself = (
            found.named_wrong
            or found.takes_out
            or found.offers
            or found.begun_email
            or any(fact.name in PERSONAL for fact in found.facts)
        )
        if of_himself and (state.expecting in ABOUT_THE_CONTACT or state.may_be_booked):
            return found  # names, numbers and addresses sound like anything
        if found.remarks or found.of_the_noted:
            return found  # a yes, and what stands beside it is for somebody else; or what was noted tells what is meant
        question = "" if found.language else _said_before(state)
        try:
            checked = state.expecting in CHECKS.values()
            probable = await self._probable(question, without_asides(turn_input.text), found, checked=checked)
            answered = with_answers(found, probable, campaign, state)
            asks = await self._asking(probable, turn_input.text, answered)
            answered = await with_options(answered, question, turn_input.text, campaign, state, self._classifier, asks)
            meant = said_in_words(probable, answered, state)
            if found.language is not None and found.language not in campaign.languages:
                return of_another_language(weighed(found, meant))
            in_place = in_context(weighed(answered, meant), meant, campaign, state, found)
            return as_erasure(as_first_words(without_echoes(in_place), state), state)
        except Exception:
            # Whoever answers in the orchestrator's place asks a classifier too: it must not fail both.
            _logger.exception("the classifier failed, the rules understand alone")
            return found

    async def _corrects(self, state: DialogueState, text: str) -> bool | None:
        """Returns whether what was noted is surely put right, or surely not; None where his words must tell."""
        if not state.facts:
            return None
        try:
            probable = await self._classifier.probabilities(_said_before(state), without_asides(text))
        except Exception:
            _logger.exception("the classifier failed, the rules tell what is put right")
            return None
        if any(probable.get(label, 0.0) >= MEANINGS[label].perhaps for label in STILL_ASKED):
            return False  # what harms most is heard first
        chance = probable.get("correct", _CORRECTS_NOTHING)
        return True if chance >= _CORRECTS else False if chance < _CORRECTS_NOTHING else None

    async def _asking(self, probable: Mapping[str, float], text: str, found: Analysis) -> Asking:
        """Returns whether the caller asks, and for a price: in plain words of his own, and as no part of a need."""
        price = probable.get("ask_price", 0.0) >= PLAIN
        price = price and (found.asks or probable.get("provide_need", 0.0) < LIKELY)
        price = price and (await self._classifier.probabilities("", text)).get("ask_price", 0.0) >= PLAIN
        return Asking(any(probable.get(label, 0.0) >= EVEN for label in ("ask_question", "ask_price")), price)

    async def _probable(self, question: str, text: str, found: Analysis, *, checked: bool) -> Mapping[str, float]:
        """Returns the probabilities: less what only the agent's words sound like, more what is plain without them.

        What harms most is asked for at least where it is plain after the agent's words, unless these `checked` for it.
        """
        probable = dict(await self._classifier.probabilities(question, text))
        heard = [
            label
            for label in _BY_HIS_WORDS
            if label in probable and (probable[label] >= _LITTLE_CHANCE or found.has(MEANINGS[label].adds))
        ]
        alone = await self._classifier.probabilities("", text) if heard else {}
        for label in heard:
            if alone[label] >= PLAIN:
                probable[label] = max(EVEN, probable[label])
            elif alone[label] < _SOME_CHANCE or label == "opt_out":
                least = NEAR_CERTAIN if label in STILL_ASKED and probable[label] >= PLAIN and not checked else 0.0
                probable[label] = max(least, min(alone[label], probable[label]))
        return probable
