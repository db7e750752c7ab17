"""A reply in the making: what the agents say and do in one turn."""

import zlib
from datetime import datetime
from zoneinfo import ZoneInfo

from callwright_common.campaign import Campaign, Question
from dialogue.qualification.capture import Captured
from dialogue.spoken import spoken_text
from dialogue.state import DialogueState, Expectation, Slot, WorkflowState
from dialogue.turns import Action, EndCall, Route
from dialogue.understanding.intents import Intent
from dialogue.understanding.utterances import NOTHING_HEARD, Understanding


class Draft:
    """A reply in the making; it belongs to one turn and changes nothing but itself."""

    def __init__(self, campaign: Campaign, route: Route, slots: tuple[Slot, ...] | None, now: datetime) -> None:
        self.campaign = campaign
        self.route = route
        self.state: DialogueState = route.state.model_copy(deep=True)
        self.workflow_state: WorkflowState = route.workflow_state
        self.slots = slots
        self.now = now.astimezone(ZoneInfo(campaign.calendar.timezone))
        self.sentences: list[str] = []
        self.actions: list[Action] = []
        self.may_repeat = False
        self._picks = 0

    @property
    def heard(self) -> Understanding:
        """What the caller said; an empty utterance where he said nothing."""
        return self.route.heard or NOTHING_HEARD

    @property
    def captured(self) -> tuple[Captured, ...]:
        """The facts that the caller just told."""
        return self.route.captured

    def pick(self, *variants: str) -> str:
        """Returns one of several wordings, the same for the same call and turn, if possible one not just said."""
        fresh = [variant for variant in variants if variant not in self.state.recent and variant not in self.sentences]
        choices = fresh or list(variants)
        self._picks += 1
        seed = zlib.crc32(f"{self.state.call_id}:{self.state.turns}:{self._picks}".encode())
        return choices[seed % len(choices)]

    def say(self, *variants: str) -> None:
        """Adds one of several wordings to the reply."""
        self.sentences.append(self.pick(*variants))

    def expect(self, expectation: Expectation) -> None:
        """Notes what the reply asks the caller for."""
        self.state.expecting = expectation

    def ask(self, question: Question, *, again: bool = False) -> None:
        """Asks a qualifying question in a wording that was not just used."""
        times = self.state.asked.get(question.id, 0)
        wordings = [question.ask, question.ask_again]
        if again or times:
            wordings.reverse()
        about = f"Could you tell me a little about {question.label}?"
        wording = next((one for one in (*wordings, about) if spoken_text(one) not in self.state.last_reply), about)
        self.sentences.append(wording)
        self.state.pending = question.id
        self.state.asked[question.id] = min(times + 1, 99)
        self.expect("answer")

    def request(self, what: str) -> None:
        """Notes something for a human to see to."""
        self.state.request(what)

    def note_signal(self, kind: str) -> None:
        """Notes something the caller did that tells how serious he is."""
        self.state.add_signal(kind, self.route.turn_id, self.heard.quote)

    def close(self, reason: str) -> None:
        """Ends the call once the reply was heard."""
        declined = self.state.close_reason == "declined" and reason == "goodbye"
        over = self.route.state.workflow_state is WorkflowState.COMPLETED and self.state.close_reason is not None
        if not over:
            self.state.close_reason = "declined" if declined else reason
        self.state.pending = None
        self.expect("nothing")
        self.workflow_state = WorkflowState.COMPLETED
        self.actions.append(EndCall(reason))

    def goodbye(self, reason: str) -> None:
        """Says goodbye and ends the call."""
        if spoken_text(self.campaign.prompts.goodbye) in self.state.last_reply:
            self.say("Goodbye.", "Goodbye then.")
        elif self.route.state.workflow_state is WorkflowState.COMPLETED:
            self.say("Goodbye, and take care.", "Goodbye, and all the best.")
        else:
            self.sentences.append(self.campaign.prompts.goodbye)
        self.close(reason)

    def has(self, *intents: Intent) -> bool:
        """Whether the caller did any of some things in this turn."""
        return self.heard.has(*intents)
