"""A reply in the making: what the agents say and do in one turn."""

import zlib
from datetime import datetime
from zoneinfo import ZoneInfo

from callwright_common.campaign import Campaign, Question
from dialogue.analysis import NOTHING, Analysis
from dialogue.circles import note_spoken
from dialogue.intents import Intent
from dialogue.language import VALUES, WORDINGS
from dialogue.languages import known_languages
from dialogue.moments import Moment
from dialogue.sentences import MAX_WORDS, split_sentences
from dialogue.spoken import spoken_text
from dialogue.state import CloseReason, DialogueState, SignalKind
from dialogue.turns import Action, Captured, Reply, Route
from vocabulary.enums import EndReason, Expectation, WorkflowState
from vocabulary.turns import EndCall, Opening, Sentence, Slot

_RECENT_SENTENCES = 60
_PARTINGS = frozenset({CloseReason.GOODBYE, CloseReason.SILENCE, CloseReason.NOT_UNDERSTOOD})
"""What ends a call without telling more of it than was known when goodbye was said first."""
_SETTLED = frozenset({CloseReason.DECLINED, CloseReason.POSTPONED})
"""What stands, though the caller is asked whether there is anything else before he is told goodbye."""
_UNWELCOME = frozenset({CloseReason.DO_NOT_CALL, CloseReason.ABUSE})
"""After these nobody is thanked for the call and wished a fine day."""
_COMES_OF_IT = ("booked", "chosen", "dropped", "withheld", "settled")
"""What shows, where a reply changes it, that something came of what the caller said."""
_NOTHING_NEW: dict[Expectation | None, str] = {
    Expectation.SLOT_CHOICE: "nothing_new.slot_choice",
    Expectation.SLOT_CONFIRMATION: "nothing_new.slot_confirmation",
    Expectation.ANYTHING_ELSE: "nothing_new.anything_else",
}


class Draft:
    """A reply in the making; it belongs to one turn and changes nothing but itself."""

    def __init__(self, campaign: Campaign, route: Route, slots: tuple[Slot, ...] | None, now: datetime) -> None:
        self.campaign = campaign
        self.route = route
        self.state: DialogueState = route.state.fork()
        self.workflow_state: WorkflowState = route.workflow_state
        self.slots = slots
        self.now = now.astimezone(ZoneInfo(campaign.calendar.timezone))
        self.sentences: list[str] = []
        self.actions: list[Action] = []
        self.may_repeat = False
        self.has_answered = self.admits = False
        self.tells_of_change = False
        self._asking: str | None = None
        self._picks = 0
        self._names = {
            "company": campaign.company.name,
            "agent": campaign.company.agent_name,
            "product": campaign.product.name,
            "appointment": campaign.appointment.name,
            "whom": campaign.appointment.with_whom,
        }

    @property
    def analysis(self) -> Analysis:
        """What was understood of the caller; nothing where he said nothing."""
        return self.route.analysis or NOTHING

    @property
    def captured(self) -> tuple[Captured, ...]:
        """The facts that the caller just told."""
        return self.route.captured

    def pick(self, deed: str, **values: object) -> str:
        """Returns one of the wordings of a deed, the same for the same call and turn: one not said yet, or longest ago.

        Args:
            deed: What the agent does, by its name among the wordings.
            values: What is to be filled in, beside the names in the campaign.
        """
        variants = self.wordings(deed, **values)
        said = [*self.state.recent, *self.sentences]
        choices = [variant for variant in variants if variant not in said] or [max(variants, key=said[::-1].index)]
        self._picks += 1
        seed = zlib.crc32(f"{self.state.call_id}:{self.state.turns}:{self._picks}".encode())
        return choices[seed % len(choices)]

    def say(self, deed: str, **values: object) -> None:
        """Adds one of the wordings of a deed to the reply."""
        self.sentences.append(self.pick(deed, **values))

    def wordings(self, deed: str, **values: object) -> list[str]:
        """Returns all wordings of a deed: the campaign's own, or those of the language."""
        section, _, name = deed.partition(".")
        own = getattr(self.campaign.other_matters, name, None) if section == "matter" else None
        return [own] if own else [wording.format(**self._names, **values) for wording in WORDINGS[deed]]

    def spoken_value(self, value: str) -> str:
        """Returns how to speak of the value of an answer, which is kept in the first language."""
        return VALUES.replaced(self.campaign.spoken_value(value))

    def ask_for(self, expectation: Expectation, deed: str, **values: object) -> None:
        """Adds one of the wordings of a deed, by which the caller is asked for something."""
        self.say(deed, **values)
        self.expect(expectation)

    def ask_for_detail(self, fact: str, deed: str, **values: object) -> None:
        """Asks for a detail of the caller, which counts as asked for once more."""
        self.state.pending = fact
        self.state.count_asked(fact)
        self.ask_for(Expectation.CONTACT_DETAIL, deed, **values)

    def expect(self, expectation: Expectation | None) -> None:
        """Notes what the sentence that was said last asks the caller for."""
        self.state.expecting, self.state.cut_off = expectation, []
        self._asking = self.sentences[-1] if expectation is not None and self.sentences else None

    def close_by_asking_for(self, expectation: Expectation, deed: str) -> None:
        """Adds one of the wordings of a deed, by which a caller is asked for something when all else is settled."""
        self.ask_for(expectation, deed)
        self.workflow_state = WorkflowState.CLOSING

    def ask(self, question: Question, *, again: bool = False, counts: bool = True) -> None:
        """Asks a qualifying question in a wording that was not just used.

        Args:
            question: The question.
            again: Whether it was asked before; it is in other words then.
            counts: Whether it was the caller's to answer before, so that it counts as asked once more.
        """
        times = self.state.asked.get(question.id, 0)
        wordings = [question.ask, question.ask_again]
        if again or times:
            wordings.reverse()
        [about] = self.wordings("question.ask_about", subject=question.label)
        wording = next((one for one in (*wordings, about) if spoken_text(one) not in self.state.last_reply), about)
        self.sentences.append(wording)
        self.state.pending = question.id
        if counts:
            self.state.count_asked(question.id)
        else:
            self.state.asked.setdefault(question.id, 1)
        self.expect(Expectation.ANSWER)

    def note_signal(self, kind: SignalKind) -> None:
        """Notes something the caller did that tells how serious he is."""
        self.state.add_signal(kind, self.route.turn_id, self.analysis.quote)

    def close(self, reason: CloseReason) -> None:
        """Ends the call once the reply was heard."""
        settled = self.state.close_reason in _SETTLED and reason is CloseReason.GOODBYE
        over = self.route.state.workflow_state is WorkflowState.COMPLETED and self.state.close_reason is not None
        if not (over and reason in _PARTINGS):
            self.state.close_reason = self.state.close_reason if settled else reason
        self.state.pending = None
        self.expect(None)
        self.workflow_state = WorkflowState.COMPLETED
        self.actions.append(EndCall(EndReason.SILENCE if reason is CloseReason.SILENCE else EndReason.AGENT_GOODBYE))

    def goodbye(self, reason: CloseReason) -> None:
        """Says goodbye and ends the call."""
        known = known_languages().get(self.state.foreign)
        if known is not None and known.goodbye:
            self.sentences.append(known.goodbye)
        elif f"matter.goodbye_{self.state.matter}" in WORDINGS:
            self.say(f"matter.goodbye_{self.state.matter}")
        elif reason in _UNWELCOME or spoken_text(self.campaign.prompts.goodbye) in self.state.last_reply:
            self.say("goodbye.again")
        elif self.route.state.workflow_state is WorkflowState.COMPLETED:
            self.say("goodbye.after_goodbye")
        else:
            self.sentences.append(self.campaign.prompts.goodbye)
        self.close(reason)

    def has(self, *intents: Intent) -> bool:
        """Whether the caller did any of some things in this turn."""
        return self.analysis.has(*intents)

    @property
    def moment(self) -> Moment:
        """When the caller wants to be met, open unless all that he said about it was understood."""
        return self.route.wish

    @property
    def names_when(self) -> bool:
        """Whether the caller said when he wants to be met or called, be it understood or not."""
        return not self.analysis.moment.is_open or self.has(Intent.UNCLEAR_TIME)

    def finish(self) -> Reply:
        """Returns the reply: what was said, fit to be spoken, short, and without an echo of the reply before."""
        state = self.state
        asking = _fit(self._asking) if self._asking else ""
        said = [text for text in map(_fit, self.sentences) if text]
        if not isinstance(self.route.turn_input, Opening):
            if not self.may_repeat:
                said = _without_echo(said, state.last_reply) or [
                    self.pick(_NOTHING_NEW.get(state.expecting, "nothing_new.otherwise"))
                ]
            said = _within_limit(said)
        if not said:
            said = [self.pick("line.listening")]
        state.agent, state.workflow_state = self.route.agent, self.workflow_state
        state.turns += 1
        state.last_reply = said
        if any(getattr(state, what) != getattr(self.route.state, what) for what in _COMES_OF_IT):
            state.said = []
        note_spoken(state, " ".join(said))
        state.recent = [*state.recent, *self.sentences][-_RECENT_SENTENCES:]
        return Reply(
            sentences=tuple(self._with_question(said, asking)),
            state=state,
            agent=self.route.agent,
            workflow_state=self.workflow_state,
            trigger=self.route.trigger,
            actions=tuple(self.actions),
            tells_of_change=self.tells_of_change,
        )

    def _with_question(self, said: list[str], asking: str) -> list[Sentence]:
        """Returns the single sentences; what is open stands on the one that asks, or else on the last."""
        position = said.index(asking) if asking in said else len(said) - 1
        slowly = self.state.speak_slowly
        sentences: list[Sentence] = []
        for index, text in enumerate(said):
            sentences += [Sentence(one, slowly=slowly) for one in split_sentences(text)]
            if index == position:
                sentences[-1] = Sentence(sentences[-1].text, self.state.asks, slowly)
        return sentences


def _fit(text: str) -> str:
    spoken = spoken_text(text)
    return spoken[:1].upper() + spoken[1:]


def _without_echo(said: list[str], last: list[str]) -> list[str]:
    """Returns what is said without what was said just before, each of it once."""
    return list(dict.fromkeys(text for text in said if text not in last))


def _within_limit(said: list[str]) -> list[str]:
    """Returns what is said cut to the most words of a reply; the last of it, mostly a question, is kept."""
    kept = list(said)
    while len(kept) > 1 and _count(kept) > MAX_WORDS:
        kept.pop(-2)
    if _count(kept) > MAX_WORDS:
        kept = [" ".join(kept[0].split()[:MAX_WORDS]).rstrip(",;:") + "."]
    return kept


def _count(said: list[str]) -> int:
    return sum(len(text.split()) for text in said)
