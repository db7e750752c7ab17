"""The offline agent: understands callers and replies in words from the campaign file.

Everything here is pure: no I/O, no clock, no randomness of its own; only an analyzer that computes elsewhere is waited
for. A turn is a function of (campaign, state, input).

A turn goes one way: an `Analyzer` understands what the caller said, `route` takes it in and chooses the agent, and the
agent's `answer` puts the reply into words. Nobody but the analyzer looks at the caller's words.

* `LearnedAnalyzer(classifier)` understands by rules and by what a classifier learned, `RuleAnalyzer()` by rules alone:
  `await analyzer.analyse(campaign, state, turn_input, now=…) -> Analysis` understands an `Utterance` or
  `KeyPresses`; `understood` asks an analyzer where there is anything to understand.
* `initial_state(call_id)` is where a conversation begins; `encode_state` and `decode_state` make it opaque bytes.
* `route(campaign, state, turn_input, analysis, turn_id=…, now=…) -> Route` decides before any model call who answers;
  `analysis` is None for an opening and for silence. `Route.state` holds what was understood, `Route.needs_slots` tells
  whether the reply needs free times.
* `dialogue.agents.<agent>.answer(campaign, routed, slots=…, now=…) -> Reply` phrases the reply, whose `actions` are
  `Book`, `Cancel`, `Transfer` and `EndCall`. A `Book` or `Cancel` is carried out before anything is spoken; if the slot
  was taken meanwhile, the reply is `slot_lost(campaign, routed, slot_id, slots=…, now=…)` instead. Slots are a list of
  `Slot`, or None where no calendar can be reached.
* `take_turn(...)` is all of it in one; `fall_back(...)` too, from opaque state to opaque state and without a calendar.
* `wanted_change(before, reply, turn_id)` is what a reply takes for granted that the calendar does. Where that may have
  been done or not, `checking(...)` is said while it is asked once more, and `left_in_doubt(...)` is the reply if that
  does not help; `settled(state, booked)` is the state once the calendar was read.
* `answered(...)` is the state to keep after a turn, and `caught_up(campaign, state, told, …)` brings it in line with
  the turns that are over on the line: those that somebody else answered, and what was heard of the others.
* `qualify(campaign, state) -> QualificationScore` computes the score with its five factors;
  `reweighed(campaign, score)` is one that was computed before, by the weights of now.
* `ModelReply(campaign, reply)` is a reply in a model's words, made of its stream of text: what the model is told, the
  sentences fit to be spoken, and what the rules still say. `spoken_text` makes a text fit to be spoken, and
  `split_sentences` cuts a whole text.
* `corrected(campaign, state, opinion, …)` takes in what a model understood beside the reply: `opinion_messages` and
  `opinion_schema` ask for it, `read_opinion` checks it.
* `gone_on(state, left)` takes over the state of somebody else who answered meanwhile.
* `summed_up(campaign, state, reason) -> CallResult` tells what came of a call, `end_without_orchestrator(...)` the same
  from opaque state; `outcome` and `summary` are its parts.
* `back_channel(text) -> Listening | None` tells whether words over the agent's speech are those of a mere listener.
* `ExpectedAnswer(campaign, asked, now).not_whole(heard)` tells a recogniser what it should listen for once more.
* `comparable_words(text)` makes spoken words and a transcript of them comparable.
"""

from dialogue.agents.answering import Slots
from dialogue.agents.change_outcomes import checking, left_in_doubt
from dialogue.agents.scheduler import slot_lost
from dialogue.analysis import Analysis, Analyzer, FoundConcern, FoundIntent, understood
from dialogue.back_channel import Listening, back_channel
from dialogue.calendar_changes import in_doubt, settled, wanted_change
from dialogue.fallback import Fallback, end_without_orchestrator, fall_back
from dialogue.hearing import ClosedForm, ExpectedAnswer
from dialogue.history import answered, caught_up, gone_on
from dialogue.intents import Concern, Intent
from dialogue.learned.analyzer import LearnedAnalyzer
from dialogue.model.reply import ModelReply
from dialogue.model.second_opinion import (
    SecondOpinion,
    UnreadableOpinionError,
    corrected,
    opinion_messages,
    opinion_schema,
    read_opinion,
)
from dialogue.moments import ANY_TIME, Moment
from dialogue.outcomes import outcome, summary, summed_up
from dialogue.qualification import open_questions, qualify, reweighed
from dialogue.routing import route
from dialogue.rules.analyzer import RuleAnalyzer
from dialogue.sentences import split_sentences
from dialogue.spoken import comparable_words, spoken_date, spoken_text, spoken_time
from dialogue.state import CalendarChange, CloseReason, DialogueState, Fact, Signal, initial_state
from dialogue.state_codec import MAX_STATE_BYTES, CorruptStateError, decode_state, encode_state
from dialogue.turn_taking import take_turn
from dialogue.turns import Action, Book, Cancel, Captured, Reply, Route

__all__ = [
    "ANY_TIME",
    "MAX_STATE_BYTES",
    "Action",
    "Analysis",
    "Analyzer",
    "Book",
    "CalendarChange",
    "Cancel",
    "Captured",
    "CloseReason",
    "ClosedForm",
    "Concern",
    "CorruptStateError",
    "DialogueState",
    "ExpectedAnswer",
    "Fact",
    "Fallback",
    "FoundConcern",
    "FoundIntent",
    "Intent",
    "LearnedAnalyzer",
    "Listening",
    "ModelReply",
    "Moment",
    "Reply",
    "Route",
    "RuleAnalyzer",
    "SecondOpinion",
    "Signal",
    "Slots",
    "UnreadableOpinionError",
    "answered",
    "back_channel",
    "caught_up",
    "checking",
    "comparable_words",
    "corrected",
    "decode_state",
    "encode_state",
    "end_without_orchestrator",
    "fall_back",
    "gone_on",
    "in_doubt",
    "initial_state",
    "left_in_doubt",
    "open_questions",
    "opinion_messages",
    "opinion_schema",
    "outcome",
    "qualify",
    "read_opinion",
    "reweighed",
    "route",
    "settled",
    "slot_lost",
    "split_sentences",
    "spoken_date",
    "spoken_text",
    "spoken_time",
    "summary",
    "summed_up",
    "take_turn",
    "understood",
    "wanted_change",
]
