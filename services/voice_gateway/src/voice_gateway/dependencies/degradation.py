"""How much of the system works: a level, derived from the gateway's readiness and the breakers of what it needs."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from callwright_common.breaker import BreakerState, CircuitBreaker
from callwright_common.clock import Clock
from callwright_common.readiness import Readiness

_TICK_SECONDS = 1.0


class DegradationLevel(StrEnum):
    """What a caller still gets; each level is worse than the one before."""

    FULL = "full"
    """Everything works."""
    PARTIAL = "partial"
    """The agents answer, without the premium voice, the records or the direct model."""
    MINIMAL = "minimal"
    """The agents are away: the direct model answers, or the gateway's rules."""
    STATIC = "static"
    """Only fixed prompts."""

    @property
    def rank(self) -> int:
        """1 for the best level."""
        return [*DegradationLevel].index(self) + 1


class Dependency(StrEnum):
    """What the gateway depends on."""

    AGENT_ORCHESTRATOR = "agent_orchestrator"
    ESCALATION_BUDGET = "escalation_budget"
    PERSISTENCE = "persistence"
    DIRECT_MODEL = "direct_model"
    SPEECH = "speech"


def level_of(states: Mapping[Dependency, BreakerState], *, ready: bool) -> DegradationLevel:
    """Returns the level for the breakers' states, where half-open counts as not healed, and the gateway's readiness."""
    broken = {name for name, state in states.items() if state is not BreakerState.CLOSED}
    if Dependency.SPEECH in broken or {Dependency.AGENT_ORCHESTRATOR, Dependency.DIRECT_MODEL} <= broken:
        return DegradationLevel.STATIC
    if Dependency.AGENT_ORCHESTRATOR in broken:
        return DegradationLevel.MINIMAL
    if broken & {Dependency.ESCALATION_BUDGET, Dependency.PERSISTENCE, Dependency.DIRECT_MODEL} or not ready:
        return DegradationLevel.PARTIAL
    return DegradationLevel.FULL


@dataclass(slots=True)
class Degradation:
    """The level over time: it falls at once and rises only after the better one has held for a while."""

    breakers: Mapping[Dependency, CircuitBreaker]
    readiness: Readiness
    clock: Clock
    rise_after_seconds: float = 5.0
    _level: DegradationLevel = DegradationLevel.FULL
    _better_since: float | None = None

    def states(self) -> dict[Dependency, BreakerState]:
        """Returns the state of each dependency's breaker."""
        return {name: breaker.state for name, breaker in self.breakers.items()}

    def level(self) -> DegradationLevel:
        """Returns the level now."""
        target = level_of(self.states(), ready=self.readiness.ready)
        if target.rank >= self._level.rank:
            self._level, self._better_since = target, None
            return self._level
        now = self.clock.monotonic()
        if self._better_since is None:
            self._better_since = now
        if now - self._better_since >= self.rise_after_seconds:
            self._level, self._better_since = target, None
        return self._level

    async def watch(self, show: Callable[[int], None]) -> None:
        """Shows the level's rank, again and again until it is cancelled."""
        while True:
            show(self.level().rank)
            await asyncio.sleep(_TICK_SECONDS)
