"""The calls that this gateway carries now, and whether it takes another."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Protocol

from voice_gateway.call_session import CallSession
from voice_gateway.conversation.conversation import Conversation
from voice_gateway.premium_voice.escalation import Escalation

_MAX_ENDINGS = 1000


class CallMediaEnd(Protocol):
    """The side of a call's media that ends it at once."""

    async def close(self) -> None:
        """Ends the call now."""
        ...


@dataclass(slots=True)
class LiveCall:
    """One call that is carried now."""

    session: CallSession
    conversation: Conversation
    escalation: Escalation
    media: CallMediaEnd


@dataclass(slots=True)
class LiveCalls:
    """All calls of this gateway.

    Attributes:
        capacity: How many calls are carried at once.
        draining: No call is taken any more.
    """

    capacity: int
    draining: bool = False
    _calls: dict[str, LiveCall] = field(default_factory=dict)
    _starting: int = 0
    _endings: OrderedDict[str, str] = field(default_factory=OrderedDict)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __len__(self) -> int:
        return len(self._calls) + self._starting

    @property
    def has_room(self) -> bool:
        """Whether another call may begin."""
        return not self.draining and len(self) < self.capacity

    def reserve(self) -> bool:
        """Takes the place of a call that is about to begin; returns False if there is none."""
        if not self.has_room:
            return False
        self._starting += 1
        return True

    def give_back(self) -> None:
        """Frees a place that was taken."""
        self._starting -= 1

    def add(self, call: LiveCall) -> None:
        """Adds a call in the place that was taken for it."""
        self._starting -= 1
        self._calls[call.session.call_id] = call

    async def remove(self, call_id: str) -> None:
        """Removes a call that is over."""
        self._calls.pop(call_id, None)
        async with self._changed:
            self._changed.notify_all()

    def get(self, call_id: str) -> LiveCall | None:
        """Returns a call; None if it is not carried here."""
        return self._calls.get(call_id)

    def all(self) -> list[LiveCall]:
        """Returns the calls, oldest first."""
        return list(self._calls.values())

    async def wait_empty(self) -> None:
        """Waits until no call is left."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._calls and not self._starting)

    def note_ending(self, call_sid: str, twiml: str) -> None:
        """Keeps the TwiML with which a call goes on once its stream is closed."""
        self._endings[call_sid] = twiml
        while len(self._endings) > _MAX_ENDINGS:
            self._endings.popitem(last=False)

    def take_ending(self, call_sid: str) -> str | None:
        """Returns the TwiML with which a call goes on; None if it simply ends."""
        return self._endings.pop(call_sid, None)
