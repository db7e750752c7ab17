"""The calls that this gateway carries now, and whether it takes another."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from voice_gateway.conversation.call_line import Line
from voice_gateway.conversation.call_session import CallSession
from voice_gateway.conversation.conversation import Conversation
from voice_gateway.premium_voice.premium_voice import PremiumVoice
from voice_gateway.records.recorder import CallEventRecorder

_MAX_ENDINGS = 1000


@dataclass(frozen=True, slots=True)
class PendingCall:
    """A call whose webhook was answered and whose media stream is awaited; numbers that are not known are empty."""

    call_id: str
    twilio_call_sid: str
    twilio_account_sid: str
    campaign_id: str
    caller_number: str
    called_number: str


@dataclass(frozen=True, slots=True)
class DialOn:
    """The call goes on to a human at this number."""

    number: str


@dataclass(frozen=True, slots=True)
class Apologise:
    """The caller hears this text, in Twilio's voice, and is hung up on."""

    text: str


AfterStream = DialOn | Apologise
"""How a call goes on once its media stream is closed."""


@dataclass(frozen=True, slots=True)
class CarriedCall:
    """One call that is carried now."""

    session: CallSession
    conversation: Conversation
    premium_voice: PremiumVoice
    line: Line
    recorder: CallEventRecorder


class NotCarriedError(Exception):
    """A call is not carried. Attribute `reason`: `draining`, `at_capacity` or `not_built`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class LiveCalls:
    """All calls of this gateway.

    Attributes:
        capacity: How many calls are carried at once.
        draining: No call is taken any more.
    """

    capacity: int
    draining: bool = False
    _calls: dict[str, CarriedCall] = field(default_factory=dict)
    _places: int = 0
    _after_stream: OrderedDict[str, AfterStream] = field(default_factory=OrderedDict)
    _empty: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._empty.set()

    def __len__(self) -> int:
        return self._places

    def check_room(self, awaited: int = 0) -> None:
        """Checks that another call may begin when those that are awaited have begun.

        Raises:
            NotCarriedError: if it may not.
        """
        if self.draining:
            raise NotCarriedError("draining")
        if self._places + awaited >= self.capacity:
            raise NotCarriedError("at_capacity")

    @contextmanager
    def place(self) -> Iterator[None]:
        """Holds the place of one call, from before it is built until after its last record.

        Raises:
            NotCarriedError: if there is none.
        """
        self.check_room()
        self._places += 1
        self._empty.clear()
        try:
            yield
        finally:
            self._places -= 1
            if not self._places:
                self._empty.set()

    @contextmanager
    def listed(self, call: CarriedCall) -> Iterator[None]:
        """Lists a call while it is carried."""
        call_id = call.session.call_id
        self._calls[call_id] = call
        try:
            yield
        finally:
            self._calls.pop(call_id, None)

    def get(self, call_id: str) -> CarriedCall | None:
        """Returns a call; None if it is not carried here."""
        return self._calls.get(call_id)

    def all(self) -> list[CarriedCall]:
        """Returns the calls, oldest first."""
        return list(self._calls.values())

    async def wait_empty(self) -> None:
        """Waits until no call is left."""
        await self._empty.wait()

    def note_after_stream(self, twilio_call_sid: str, after: AfterStream) -> None:
        """Keeps how a call goes on once its stream is closed; calls without an id cannot be told apart."""
        if twilio_call_sid:
            self._after_stream[twilio_call_sid] = after
        while len(self._after_stream) > _MAX_ENDINGS:
            self._after_stream.popitem(last=False)

    def take_after_stream(self, twilio_call_sid: str) -> AfterStream | None:
        """Returns how a call goes on; None if it simply ends."""
        return self._after_stream.pop(twilio_call_sid, None)
