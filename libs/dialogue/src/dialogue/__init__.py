"""The offline agent: understands callers by rules and answers from the campaign file.

Everything here is pure: no I/O, no clock, no randomness of its own. A turn is a function of (campaign, state, input).

A turn goes one way: `understanding` reads the utterance, `qualification` takes in the facts, `routing` chooses the
agent, `agents` draft what is said, and `replies` makes it fit to be spoken.

* `initial_state(call_id)` is where a conversation begins; `DialogueState` goes to and from JSON
  (`state.model_dump_json()`, `DialogueState.model_validate_json(...)`).
* `route(campaign, state, turn_input, turn_id=…, now=…) -> Route` decides before any model call who answers, and takes
  in what was heard (`route.state` holds the new facts). `route.needs_slots` tells whether the reply needs free times.
* `respond(campaign, route, slots=…, now=…) -> Reply` phrases the reply, whose `actions` are `Book`, `Transfer` and
  `EndCall`. A `Book` is carried out before anything is spoken; if the slot was taken meanwhile, the reply is
  `slot_lost(campaign, route, slot_id, slots=…, now=…)` instead. Slots are a list of `Slot`, or None where no calendar
  can be reached.
* `take_turn(...)` is `route` and `respond` in one.
* `qualify(campaign, state) -> Qualification` computes the score with its five factors.
* `system_prompt(campaign, reply, now=…)` instructs a model that is to find the words in the agent's place; the reply's
  state and actions hold whatever it makes of them. `spoken_text(text)` makes its words fit to be spoken.
* `heard(campaign, state, turn_id, caller_text, heard_text, now=…)` takes in a turn that somebody else answered;
  `cut_short(campaign, state, heard_text)` takes in that the last reply was heard only in part.
* `fallback_reply(campaign, call_id, history, text, now=…)` answers from a short history alone, without a calendar.
* `outcome(campaign, state)` and `summary(campaign, state)` tell what came of a call.
* `comparable_words(text)` makes spoken words and a transcript of them comparable.
"""

from dialogue.history import cut_short, fallback_reply, heard
from dialogue.model_prompts import system_prompt
from dialogue.outcomes import Outcome, outcome, summary
from dialogue.qualification.scoring import Evidence, FactorScore, Qualification, qualify
from dialogue.replies import initial_state, respond, slot_lost, take_turn
from dialogue.routing import route
from dialogue.spoken import comparable_words, spoken_date, spoken_text, spoken_time
from dialogue.state import Agent, DialogueState, Expectation, Fact, Signal, Slot, WorkflowState
from dialogue.turns import (
    Action,
    Book,
    EndCall,
    Keys,
    Opening,
    Reply,
    Route,
    Silence,
    Transfer,
    TurnInput,
    Utterance,
)
from dialogue.understanding.utterances import Understanding, understand

__all__ = [
    "Action",
    "Agent",
    "Book",
    "DialogueState",
    "EndCall",
    "Evidence",
    "Expectation",
    "Fact",
    "FactorScore",
    "Keys",
    "Opening",
    "Outcome",
    "Qualification",
    "Reply",
    "Route",
    "Signal",
    "Silence",
    "Slot",
    "Transfer",
    "TurnInput",
    "Understanding",
    "Utterance",
    "WorkflowState",
    "comparable_words",
    "cut_short",
    "fallback_reply",
    "heard",
    "initial_state",
    "outcome",
    "qualify",
    "respond",
    "route",
    "slot_lost",
    "spoken_date",
    "spoken_text",
    "spoken_time",
    "summary",
    "system_prompt",
    "take_turn",
    "understand",
]
