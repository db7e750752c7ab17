"""Where simulated calls go, and who is on them."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

OPEN_TIMEOUT_SECONDS = 10.0


class PhoneCallError(Exception):
    """A call could not be placed or carried; the text says at what it failed and why."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Something that answers calls.

    Attributes:
        url: The number's voice webhook (`http`, `https`), whose TwiML names the media stream, or the media WebSocket
            itself (`ws`, `wss`).
        auth_token: Token that signs every request; None for requests without a signature.
        status_url: The number's status callback; None for a number without one.
        parameters: Custom parameters of a media WebSocket that is called without a webhook.
    """

    url: str
    auth_token: str | None = None
    status_url: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CallParty:
    """Who calls whom, with the ids that Twilio gives to a call."""

    from_number: str
    to_number: str
    account_sid: str = field(default_factory=lambda: "AC" + secrets.token_hex(16))
    call_sid: str = field(default_factory=lambda: "CA" + secrets.token_hex(16))

    def form(self, call_status: str) -> dict[str, str]:
        """Returns the form fields of a webhook about this call."""
        return {
            "AccountSid": self.account_sid,
            "ApiVersion": "2010-04-01",
            "CallSid": self.call_sid,
            "CallStatus": call_status,
            "Called": self.to_number,
            "Caller": self.from_number,
            "Direction": "inbound",
            "From": self.from_number,
            "To": self.to_number,
        }
