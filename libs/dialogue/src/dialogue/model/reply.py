"""A reply of the rules in a model's words: the one way on which a model's words reach a caller, whoever asks for them.

The rules have decided what the reply does. What a question of the model's really asks is told with it, and the next
turn is understood as the answer to that; where the model asks nothing, the rules' own question follows. Up to its first
sentence a model that fails can be replaced without the caller noticing; after it, the reply ends at the last whole
sentence.
"""

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime

from callwright_common.campaign import Campaign
from callwright_common.chat_models import ChatMessage
from dialogue.history import cut_short
from dialogue.language import WORDINGS
from dialogue.model.claims import Claims
from dialogue.model.gate import Gate
from dialogue.model.prompts import instruction, named_times, system_prompt
from dialogue.model.sentences import SentenceStream
from dialogue.turns import Reply
from vocabulary.turns import Sentence, TurnRecord

_HISTORY_TURNS = 12


@dataclass(slots=True)
class ModelReply:
    """One reply; whoever asks the model guards it with limits of time.

    Attributes:
        reply: What the rules say.
        now: An aware time.
        heard: What the caller just said.
        begun: What the caller was told in answer already, before whoever spoke broke off.
        spoken: The model's sentences so far.
    """

    campaign: Campaign
    reply: Reply
    now: datetime
    heard: str = ""
    begun: Sequence[Sentence] = ()
    spoken: list[Sentence] = field(default_factory=list)

    def messages(self, history: Sequence[TurnRecord]) -> list[ChatMessage]:
        """Returns the chat that asks for the words: instructions, the last turns as heard, the caller's last words."""
        messages = [ChatMessage("system", system_prompt(self.campaign, self.reply, now=self.now))]
        for turn in history[-_HISTORY_TURNS:]:
            if turn.caller_text:
                messages.append(ChatMessage("user", turn.caller_text))
            if turn.heard_text:
                messages.append(ChatMessage("assistant", turn.heard_text))
        messages.append(ChatMessage("user", self.heard))
        if self.begun:
            begun = " ".join(sentence.text for sentence in self.begun)
            messages.append(ChatMessage("user", instruction("prompt.begun", said=begun)))
        return messages

    async def sentences(self, deltas: AsyncGenerator[str, None]) -> AsyncGenerator[Sentence, None]:
        """Yields what the model says as its sentences become whole, up to the length of a reply.

        What is not meant for the caller is left out, and so is a sentence that claims what nobody here told.

        Raises:
            Exception: what `deltas` raises; the sentence that it left unfinished is dropped.
        """
        stream = SentenceStream(self.campaign.company.agent_name)
        gate = Gate(self.campaign, self._claims(), self.reply, begun=bool(self.begun))
        async with aclosing(deltas):
            async for delta in deltas:
                for sentence in self._said(gate, stream.feed(delta)):
                    yield sentence
                if stream.full:
                    return
        for sentence in self._said(gate, stream.finish()):
            yield sentence

    def _claims(self) -> Claims:
        state = self.reply.state
        deed = "time.booked" if state.booked else "time.offer"
        names = named_times(self.campaign, state, self.now)
        times = [wording.format(when=name, times=name) for wording in WORDINGS[deed] for name in names]
        return Claims(self.campaign, self.reply, times, self.heard)

    def _said(self, gate: Gate, texts: Iterable[str]) -> list[Sentence]:
        said = [sentence for text in texts for sentence in gate.admit(text)]
        self.spoken += said
        return said

    @property
    def asked(self) -> bool:
        """Whether what was said asks the caller something: whatever else was to be said, it is his turn."""
        begun = any(sentence.is_question for sentence in self.begun)
        return begun or any(sentence.asks is not None for sentence in self.spoken)

    @property
    def reply_as_said(self) -> Reply:
        """The rules' reply with the state that the words left: what they asked is open."""
        said = [*self.spoken, *self.rest()]
        asked = next((sentence.asks for sentence in reversed(said) if sentence.asks is not None), None)
        state = cut_short(self.reply.state, asked)
        return replace(self.reply, state=state.model_copy(update={"last_reply": [one.text for one in said]}))

    def rest(self) -> Sequence[Sentence]:
        """Returns what of the rules' own reply is still to be said, once the model is at its end."""
        if not self.reply.may_be_reworded or not (self.begun or self.spoken):
            return self.reply.sentences
        if self.asked:
            return ()
        asking = [sentence for sentence in self.reply.sentences if sentence.is_question]
        # Without a model, what was begun answered the caller; the last sentence leads on.
        return asking[-1:] or ([] if self.spoken else self.reply.sentences[-1:])
