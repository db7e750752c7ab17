"""What the service is asked, as values; made by `wire.py` from checked messages."""

from dataclasses import dataclass
from datetime import datetime

from agent_orchestrator.call_context import CallContext
from agent_orchestrator.conversation import Tier, TurnRecord
from dialogue import Agent, Keys, TurnInput, Utterance


@dataclass(frozen=True)
class CallState:
    """What the gateway knows of the call."""

    campaign_id: str
    tier: Tier
    start_time: datetime | None
    lead_data: dict[str, str]
    agent: Agent | None


@dataclass(frozen=True)
class TurnRequest:
    """One turn to be answered."""

    call_id: str
    turn_id: str
    input: TurnInput
    base_revision: int
    unsynced_entries: tuple[TurnRecord, ...]
    call_state: CallState
    first_text_seconds: float | None
    """How long the first words may take from now; None means the service's own limit."""

    @property
    def caller_text(self) -> str:
        """What the caller said in this turn; pressed keys count as said."""
        match self.input:
            case Utterance(text):
                return text
            case Keys(digits):
                return digits
            case _:
                return ""


@dataclass(frozen=True)
class SyncRequest:
    """The gateway's view of a call."""

    call_id: str
    base_revision: int
    unsynced_entries: tuple[TurnRecord, ...]
    call_state: CallState
    mirror: "Mirror | None"


@dataclass(frozen=True)
class Mirror:
    """The last context that the gateway saw."""

    revision: int
    snapshot: CallContext | None
    """None if the snapshot is absent or cannot be read; the history then has to do."""
    history: tuple[TurnRecord, ...]


@dataclass(frozen=True)
class EndRequest:
    """The end of a call."""

    call_id: str
    reason: str
    unsynced_entries: tuple[TurnRecord, ...]
