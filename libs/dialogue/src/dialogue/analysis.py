"""What one utterance or key press tells: all that routing, scoring and replies know of it.

Whoever understands callers (rules, a trained classifier, a model) stands behind the port `Analyzer`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Protocol

from callwright_common.campaign import Authority, Campaign, CampaignFact
from dialogue.confidence import LIKELY, NOTED, POSSIBLE
from dialogue.intents import Concern, Intent, Matter
from dialogue.language import kept_value
from dialogue.moments import ANY_TIME, Moment
from dialogue.state import DialogueState, Fact
from vocabulary.enums import Expectation
from vocabulary.turns import KeyPresses, TurnInput, Utterance

OTHER_CHOICE = kept_value("choice.other")
"""The value of an answer to an open question that is none of its choices."""
AUTHORITY_VALUES = {authority: kept_value(f"authority.{authority}") for authority in Authority}
"""The values of an answer to the question who decides."""
_MOST_NOTED = 120
"""As many characters of the caller's words are noted."""


@dataclass(frozen=True)
class FoundIntent:
    """Something that the caller does."""

    intent: Intent
    confidence: float


@dataclass(frozen=True)
class FoundConcern:
    """An objection: its id in the campaign, or one of those that callers raise everywhere."""

    id: str | Concern
    confidence: float


@dataclass(frozen=True)
class OpenQuestion:
    """A question that nothing answers which is known or done here.

    Attributes:
        words: The question in plain words.
        matter: How to name the thing that is asked for, empty where a few of the words do not name it.
    """

    words: str
    matter: str = ""


@dataclass(frozen=True)
class HalfTold:
    """A part of an answer, the rest of which is to be asked for.

    Attributes:
        kind: The kind of question.
        deed: How to ask for the rest, by its name among the wordings.
        person: Who was named beside the caller, in his words, empty for nobody.
    """

    kind: str
    deed: str
    person: str = ""


@dataclass(frozen=True)
class Analysis:
    """What the caller's words or keys tell.

    Attributes:
        quote: The caller's words as evidence.
        words: The same in plain lower case, to be noted down for a human; nobody looks into them for a meaning.
        intents: What the caller may do; `has` tells what counts.
        matters: What he may ring about, if that is no purchase, the likeliest first.
        facts: What he may tell, the answer to the open question first; `told` are those that count.
        stated: The names of those of them that are said so plainly that they may be said back.
        withdrawn: What is to be noted in place of what he told before and now takes back, lowers or contradicts.
        denied: The names of the answers that were noted of him and that he denies.
        asked_noted: The names of those of which he asks what was noted.
        of_the_noted: Whether he speaks of what was noted of him, by which alone he is understood.
        cools: Whether he wants it less than he seemed to.
        polarity: True for yes, False for no, None for neither.
        concern: The objection that he may raise; `objection` tells whether it counts.
        asks: Whether he asks something.
        only_asks: Whether he says nothing else beside it.
        asks_besides: Whether he plainly asks something in words beside those in which he tells something.
        asked: The questions that he asks, one by one, in plain words.
        unanswered: Those of them that nothing answers which is known or done here.
        asks_again: Whether one of them is answered by what he was just told.
        answers: The campaign's facts that answer it, at most three.
        moment: When he wants to be met or called, as far as it was understood; with `Intent.UNCLEAR_TIME` a part of it
            was not, and no time may be chosen by it.
        how_soon: How soon he wants something, in the words in which such answers are kept; empty where he does not say.
        zone: The time zone that he names as his, by its entry in the time zone database; empty for none.
        picks: Which of the offered times he picks, counted from 0; -1 is the last.
        unbelievable: How to speak of a sum that is far too large for the open question.
        other_currency: How to speak of a sum that answers the open question in another currency than the campaign's.
        half_told: What was heard of the answer to the open question, where that does not answer it.
        named_wrong: The details of himself that the caller says are wrong, without telling the right ones.
        offers: The details of himself of which a caller who booked wonders whether they are wanted.
        takes_out: The details of himself that the caller does not want to be kept.
        begun_email: What is told of an e-mail address ahead of its @, where that is all.
        recognised: Whether it is known for what it is, even where nothing more was found in it.
        remarks: Whether he says something beside a time that somebody shall read; alone it takes the time.
        tells_else: Whether he tells something in the place of a detail of himself, or a time, that he was asked for.
        message: What somebody else is to be told, in the caller's words.
        whom: The name of somebody else who is to be called.
        noise: Whether nothing was understood at all.
        language: The language of the words, where it is another than that of the call.
        wanted_language: The language that the caller asks for.
    """

    quote: str = ""
    words: str = ""
    intents: tuple[FoundIntent, ...] = ()
    matters: tuple[Matter, ...] = ()
    facts: tuple[Fact, ...] = ()
    stated: tuple[str, ...] = ()
    withdrawn: tuple[Fact, ...] = ()
    denied: tuple[str, ...] = ()
    asked_noted: tuple[str, ...] = ()
    of_the_noted: bool = False
    cools: bool = False
    polarity: bool | None = None
    concern: FoundConcern | None = None
    asks: bool = False
    only_asks: bool = False
    asks_besides: bool = False
    asked: tuple[str, ...] = ()
    unanswered: tuple[OpenQuestion, ...] = ()
    asks_again: bool = False
    answers: tuple[CampaignFact, ...] = ()
    moment: Moment = ANY_TIME
    how_soon: str = ""
    zone: str = ""
    picks: int | None = None
    unbelievable: str | None = None
    other_currency: str | None = None
    half_told: HalfTold | None = None
    named_wrong: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    takes_out: tuple[str, ...] = ()
    begun_email: str = ""
    recognised: bool = False
    remarks: bool = False
    tells_else: bool = False
    message: str = ""
    whom: str = ""
    noise: bool = False
    language: str | None = None
    wanted_language: str | None = None

    @property
    def noted(self) -> str:
        """The words as they are noted for a human."""
        return self.words[:_MOST_NOTED]

    @property
    def told(self) -> tuple[Fact, ...]:
        """The facts that are sure enough to be noted."""
        return tuple(fact for fact in self.facts if fact.confidence >= NOTED)

    @property
    def objection(self) -> str | None:
        """The id of the objection that the caller raises."""
        return self.concern.id if self.concern is not None and self.concern.confidence >= LIKELY else None

    def may_mean(self, intent: Intent, *, at_least: float = POSSIBLE) -> bool:
        """Whether the caller perhaps does something, which leaves doubt."""
        return any(found.intent is intent and at_least <= found.confidence < LIKELY for found in self.intents)

    def suspecting(self, intents: Iterable[Intent]) -> "Analysis":
        """Returns the same with intents that leave doubt."""
        doubts = tuple(FoundIntent(intent, POSSIBLE) for intent in intents if not self.has(intent))
        return replace(self, intents=self.intents + doubts) if doubts else self

    def without_answers(self, campaign: Campaign, kind: str) -> "Analysis":
        """Returns the same without answers to the questions of a kind."""
        of_the_kind = {question.id for question in campaign.questions if question.kind == kind}
        return replace(self, facts=tuple(fact for fact in self.facts if fact.name not in of_the_kind))

    def without(self, *intents: Intent) -> "Analysis":
        """Returns the same without some intents."""
        return replace(self, intents=tuple(found for found in self.intents if found.intent not in intents))

    @property
    def is_empty(self) -> bool:
        """Whether nothing that was said is understood."""
        a_sum = self.unbelievable or self.other_currency
        told = self.told or a_sum or self.answers or self.asks or self.objection or self.recognised
        told = (
            told
            or self.of_the_noted
            or self.withdrawn
            or self.cools
            or bool(self.named_wrong or self.takes_out or self.begun_email or self.offers)
        )
        said_when_or_which = self.polarity is not None or self.picks is not None or not self.moment.is_open
        said_when_or_which = said_when_or_which or self.half_told is not None
        return not (told or self._meant or said_when_or_which)

    @cached_property
    def _meant(self) -> frozenset[Intent]:
        return frozenset(found.intent for found in self.intents if found.confidence >= LIKELY)

    def has(self, *intents: Intent) -> bool:
        """Whether the caller does any of some things."""
        return not self._meant.isdisjoint(intents)


NOTHING = Analysis()
"""What an opening and silence tell."""


class Analyzer(Protocol):
    """Understands callers.

    It is awaited, because the loop that it is asked on paces everybody's audio: rules are done before anything else
    could run, a classifier computes in a thread of its own meanwhile, and a history is understood turn by turn without
    holding up other calls.
    """

    async def analyse(
        self, campaign: Campaign, state: DialogueState, turn_input: Utterance | KeyPresses, *, now: datetime
    ) -> Analysis:
        """Returns what the caller's words or keys tell, given what he was asked; `now` is an aware time."""
        ...


async def understood(
    analyzer: Analyzer, campaign: Campaign, state: DialogueState, turn_input: TurnInput | None, *, now: datetime
) -> Analysis | None:
    """Returns what a turn tells, and what is suspected of the one before.

    A yes to a time refutes all that is suspected but an opt-out; whoever picks an offered time has refuted that too.

    It is None where the caller neither spoke nor pressed a key.
    """
    if isinstance(turn_input, Utterance | KeyPresses):
        analysis = await analyzer.analyse(campaign, state, turn_input, now=now)
        takes_it = state.expecting is Expectation.SLOT_CONFIRMATION and analysis.polarity is True
        picks_one = bool(state.offered) and analysis.picks is not None and analysis.polarity is not False
        suspected = () if picks_one else map(Intent, state.suspected)
        return analysis.suspecting(one for one in suspected if not takes_it or one is Intent.DO_NOT_CALL)
    return None
