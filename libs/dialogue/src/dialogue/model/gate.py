"""The gate before the voice: every sentence of a model's passes it, or is not said."""

from dataclasses import replace

from callwright_common.campaign import Campaign
from dialogue.model.claims import Claims, discloses, is_bare_answer, refers_back
from dialogue.model.questions import asked_by
from dialogue.turns import Reply
from vocabulary.enums import TransitionTrigger
from vocabulary.turns import Sentence

_NOTHING_TO_GRANT = frozenset(
    {
        TransitionTrigger.LEAD_ENGAGED, TransitionTrigger.APPOINTMENT_PROMISED, TransitionTrigger.APPOINTMENT_REQUESTED,
    }
)  # fmt: skip


class Gate:
    """Lets through what a reply may say, sentence by sentence.

    A bare "yes" or "sure" stands for what follows it, and waits for that: it is refused with it, and before a question
    too, unless the caller asked nothing that it could grant. Where the rules tell that a machine speaks, that comes
    first. What has a meaning only with a sentence that was refused goes with it. Nothing is said twice, one thing is
    asked at a time, and nothing that is known.
    """

    def __init__(self, campaign: Campaign, claims: Claims, reply: Reply, *, begun: bool = False) -> None:
        """Starts with nothing said, or after the caller was told something already."""
        self._campaign = campaign
        self._claims = claims
        self._reply = reply
        self._waiting: list[str] = []
        self._said: list[str] = []
        self._asked = False
        self._owes = not begun and discloses(reply.text)
        self._refused = self._owes
        self._refused_last = False
        self._open = begun

    def admit(self, text: str) -> list[Sentence]:
        """Returns what is said now that a sentence has come, in the order in which it is said."""
        if is_bare_answer(text):
            self._waiting.append(text)
            return []
        waited, self._waiting = self._waiting, []
        belongs = self._refused_last and refers_back(text)
        if belongs or text in self._said or not self._may_follow(text) or not self._claims.allow(text):
            self._refused = self._refused_last = True
            return []
        self._refused_last = False
        said = self._sentence(text)
        if said.is_question and self._reply.trigger not in _NOTHING_TO_GRANT:
            self._refused = self._refused or bool(waited)
            waited = []
        before = self._answer() if said.is_question and self._refused and not self._open else ()
        self._open = True
        self._said.append(text)
        self._asked = self._asked or said.asks is not None
        return [*before, *(Sentence(one) for one in waited), said]

    def _may_follow(self, text: str) -> bool:
        """Whether a sentence may be said after what was: a disclosure that is owed is first, a question is the last."""
        if self._owes and discloses(text):
            self._owes = self._refused = False
        said = self._sentence(text)
        if said.asks is None:
            return said.is_question or not self._owes
        known = said.asks != self._reply.asks and said.asks.question_id in self._reply.state.facts
        return not self._asked and not known

    def _sentence(self, text: str) -> Sentence:
        said = Sentence(text)
        return replace(said, asks=asked_by(self._campaign, self._reply, text)) if said.is_question else said

    def _answer(self) -> tuple[Sentence, ...]:
        """Returns the rules' answer to the caller, for a model whose own was refused and that leads on already."""
        sentences = self._reply.sentences
        asking = next((at for at, sentence in enumerate(sentences) if sentence.is_question), len(sentences))
        return sentences[:asking]
