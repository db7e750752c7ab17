"""The rule-based replies of the dialogue library, as the direct model's last resort."""

from collections.abc import Sequence

from callwright_common.campaign import Campaign
from callwright_common.clock import Clock
from dialogue import EndCall, Transfer, fallback_reply
from voice_gateway.conversation_model import EndRequested, TransferRequested, TurnEntry


class DialogueReplies:
    """Answers from the campaign file and the call's history."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def reply(
        self, call_id: str, campaign: Campaign, history: Sequence[TurnEntry], text: str
    ) -> tuple[str, EndRequested | TransferRequested | None]:
        """Returns what to say to the caller's last words, and what to do once it was heard."""
        reply = fallback_reply(
            campaign,
            call_id,
            [(entry.caller_text, entry.heard_text) for entry in history],
            text,
            now=self._clock.now(),
        )
        for action in reply.actions:
            if isinstance(action, EndCall):
                return reply.text, EndRequested(action.reason)
            if isinstance(action, Transfer):
                return reply.text, TransferRequested(action.reason)
        return reply.text, None
