"""Single-use tokens that lead from a signed webhook to its media stream."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field

from callwright_common.clock import Clock
from voice_gateway.calls.live_calls import PendingCall


@dataclass(slots=True)
class StreamTokens:
    """The tokens that are out. Bounded: the oldest goes when there are too many.

    Attributes:
        clock: Tells the monotonic time.
        lifetime_seconds: How long a token is good.
        awaited_seconds: How long its call is reckoned with; Twilio opens a stream within a second or two.
        capacity: How many may be out.
    """

    clock: Clock
    lifetime_seconds: float = 60.0
    awaited_seconds: float = 10.0
    capacity: int = 1000
    _pending: OrderedDict[str, tuple[float, PendingCall]] = field(default_factory=OrderedDict)
    _by_sid: dict[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        self._expire()
        return len(self._pending)

    @property
    def awaited(self) -> int:
        """How many calls are about to begin."""
        began = self.clock.monotonic() - self.awaited_seconds
        return sum(1 for until, _ in self._pending.values() if until - self.lifetime_seconds > began)

    def issue(self, call: PendingCall) -> str:
        """Returns a new token for a call."""
        self._expire()
        while len(self._pending) >= self.capacity:
            self._drop(next(iter(self._pending)))
        token = secrets.token_urlsafe(24)
        self._pending[token] = (self.clock.monotonic() + self.lifetime_seconds, call)
        if call.twilio_call_sid:
            self._by_sid[call.twilio_call_sid] = token
        return token

    def issued_for(self, twilio_call_sid: str) -> str | None:
        """Returns the token that is out for a Twilio call, so that a replayed webhook gets the same answer."""
        self._expire()
        return self._by_sid.get(twilio_call_sid)

    def redeem(self, token: str) -> PendingCall | None:
        """Takes a token back and returns its call; None if it is unknown, used or expired."""
        self._expire()
        return self._drop(token) if token in self._pending else None

    def withdraw(self, twilio_call_sid: str) -> bool:
        """Takes back the token of a Twilio call that is over; returns whether there was one."""
        token = self._by_sid.get(twilio_call_sid)
        if token is None:
            return False
        self._drop(token)
        return True

    def _expire(self) -> None:
        now = self.clock.monotonic()
        while self._pending:
            token, (until, _) = next(iter(self._pending.items()))
            if until > now:
                return
            self._drop(token)

    def _drop(self, token: str) -> PendingCall:
        _, call = self._pending.pop(token)
        if self._by_sid.get(call.twilio_call_sid) == token:
            del self._by_sid[call.twilio_call_sid]
        return call
