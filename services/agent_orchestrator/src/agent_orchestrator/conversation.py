"""The vocabulary of a conversation as immutable values."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from dialogue import Agent


class Tier(StrEnum):
    """The voice tier of a call."""

    STANDARD = "standard"
    PREMIUM = "premium"


class ReplySource(StrEnum):
    """Who made the words of a reply."""

    ORCHESTRATOR = "orchestrator"
    DIRECT_MODEL = "direct_model"
    PROMPT = "prompt"


class Value(BaseModel):
    """An immutable value that can be stored as JSON; NaN and infinities are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class TurnRecord(Value):
    """One turn as it really happened on the line."""

    turn_id: str
    caller_text: str
    """What the caller said; empty for the opening and for silence."""
    reply_text: str
    """What was generated."""
    heard_text: str
    """What the caller heard of it; of a new reply all, until the gateway tells otherwise."""
    source: ReplySource
    interrupted: bool = False
    occur_time: datetime


class Booking(Value):
    """An appointment that the caller agreed to."""

    kind: Literal["booking"] = "booking"
    booking_id: str
    slot_id: str
    call_id: str
    campaign_id: str
    start_time: datetime
    end_time: datetime
    create_time: datetime


class Transition(Value):
    """Another agent took over."""

    from_agent: Agent | None
    to_agent: Agent
    occur_time: datetime
    trigger: str
    seconds: float
    turn_id: str


class Transfer(Value):
    """The caller is to be connected with a human after the reply was heard."""

    kind: Literal["transfer"] = "transfer"
    reason: str


class EndOfCall(Value):
    """The call is to be ended after the reply was heard."""

    kind: Literal["end_of_call"] = "end_of_call"
    reason: str


CallAction = Annotated[Transfer | EndOfCall | Booking, Field(discriminator="kind")]
