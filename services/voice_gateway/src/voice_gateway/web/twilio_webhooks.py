"""Twilio's webhooks: who may call them and the TwiML that answers a call."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]
from twilio.twiml.voice_response import Connect, Stream, VoiceResponse  # type: ignore[import-untyped]

from callwright_common.breaker import BreakerState, CircuitBreaker
from callwright_common.campaign import Campaign, CampaignError
from callwright_common.ids import new_id
from callwright_common.logs import get_logger
from voice_gateway.calls.live_calls import LiveCalls
from voice_gateway.metrics import GatewayMetrics
from voice_gateway.web.stream_tokens import PendingCall, StreamTokens

_logger = get_logger(__name__)

_MAX_SID = 64
_MAX_ORIGIN = 200


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """How Twilio reaches this web server.

    Attributes:
        public_url: scheme://host as Twilio sees it; empty takes each request's own URL.
    """

    public_url: str

    def url_of(self, request_url: str) -> str:
        """Returns the URL that the client asked for, which its signature covers."""
        if not self.public_url:
            return request_url
        public, asked = urlsplit(self.public_url), urlsplit(request_url)
        scheme = public.scheme.replace("http", "ws") if asked.scheme in {"ws", "wss"} else public.scheme
        return urlunsplit((scheme, public.netloc, public.path + asked.path, asked.query, ""))

    def stream_url(self, request_url: str) -> str:
        """Returns the URL of the media WebSocket: wss unless the web server is reached by plain HTTP."""
        base = urlsplit(self.public_url or request_url)
        scheme = "ws" if base.scheme in {"http", "ws"} else "wss"
        path = base.path if self.public_url else ""
        return urlunsplit((scheme, base.netloc, f"{path}/twilio/media", "", ""))

    def http_url(self, request_url: str, path: str) -> str:
        """Returns the URL of another path of this web server."""
        base = urlsplit(self.public_url or request_url)
        return urlunsplit((base.scheme, base.netloc, (base.path if self.public_url else "") + path, "", ""))


class SignatureCheck:
    """Checks X-Twilio-Signature."""

    def __init__(self, auth_token: str, address: PublicAddress) -> None:
        self._validator = RequestValidator(auth_token)
        self._address = address

    def accepts(self, request_url: str, form: Mapping[str, str], signature: str) -> bool:
        """Tells whether Twilio signed the request, by its public URL or by the one it was sent to."""
        return any(self._validator.validate(url, dict(form), signature) for url in self._urls(request_url))

    def origins(self, request_url: str) -> list[str]:
        """Returns where Twilio must have sent a request to, for its signature to be accepted."""
        parts = [urlsplit(url) for url in sorted(self._urls(request_url))]
        return [f"{part.scheme}://{part.netloc}"[:_MAX_ORIGIN] for part in parts]

    def _urls(self, request_url: str) -> set[str]:
        return {self._address.url_of(request_url), request_url}


class VoiceWebhook:
    """Answers the webhook of a new call."""

    def __init__(
        self,
        campaigns: Mapping[str, Campaign],
        default_campaign: str,
        tokens: StreamTokens,
        live_calls: LiveCalls,
        speech: CircuitBreaker,
        address: PublicAddress,
        metrics: GatewayMetrics,
    ) -> None:
        """Takes what an answer needs.

        Raises:
            CampaignError: if there is no campaign of the default's name.
        """
        if default_campaign and default_campaign not in campaigns:
            raise CampaignError(f"DEFAULT_CAMPAIGN: none of the campaigns {', '.join(campaigns)} is called so")
        self._campaigns = campaigns
        self._default = campaigns[default_campaign] if default_campaign else next(iter(campaigns.values()))
        self._tokens = tokens
        self._live_calls = live_calls
        self._speech = speech
        self._address = address
        self._metrics = metrics

    def answer(self, form: Mapping[str, str], campaign_id: str, request_url: str) -> str:
        """Returns the TwiML for a call; a replayed webhook gets the same again."""
        call_sid = form.get("CallSid", "")[:_MAX_SID]
        campaign = self._campaign(campaign_id, form.get("To", ""))
        issued = self._tokens.issued_for(call_sid)
        if issued is not None:
            self._metrics.webhook("voice", "replayed")
            return self._connect(*issued, request_url)
        refusal = self._refusal()
        if refusal:
            _logger.warning("call refused", reason=refusal)
            self._metrics.refused(refusal)
            self._metrics.webhook("voice", "refused")
            return unavailable(campaign)
        call = PendingCall(
            call_id=new_id(),
            call_sid=call_sid,
            campaign_id=campaign.id,
            caller_number=_number(form.get("From", "")),
            called_number=_number(form.get("To", "")),
            account_sid=form.get("AccountSid", "")[:_MAX_SID],
        )
        self._metrics.webhook("voice", "accepted")
        return self._connect(self._tokens.issue(call), call, request_url)

    def _refusal(self) -> str:
        """Returns why no call can be taken now; empty if one can."""
        if self._live_calls.draining:
            return "draining"
        if len(self._live_calls) + len(self._tokens) >= self._live_calls.capacity:
            return "at_capacity"
        if self._speech.state is BreakerState.OPEN:
            return "no_voice"
        return ""

    def _campaign(self, campaign_id: str, called_number: str) -> Campaign:
        if campaign_id in self._campaigns:
            return self._campaigns[campaign_id]
        for campaign in self._campaigns.values():
            if called_number and called_number in campaign.numbers:
                return campaign
        return self._default

    def _connect(self, token: str, call: PendingCall, request_url: str) -> str:
        response = VoiceResponse()
        connect = Connect(action=self._address.http_url(request_url, "/twilio/stream-ended"), method="POST")
        stream = Stream(url=self._address.stream_url(request_url))
        stream.parameter(name="token", value=token)
        stream.parameter(name="call_id", value=call.call_id)
        stream.parameter(name="campaign_id", value=call.campaign_id)
        connect.append(stream)
        response.append(connect)
        return str(response)


def unavailable(campaign: Campaign) -> str:
    """Returns TwiML that says, in Twilio's voice, that no call can be taken, and hangs up."""
    response = VoiceResponse()
    response.say(campaign.prompts.unavailable)
    response.hangup()
    return str(response)


def dial(number: str) -> str:
    """Returns TwiML that connects the caller with a human."""
    response = VoiceResponse()
    response.dial(number)
    return str(response)


def hang_up() -> str:
    """Returns TwiML that ends the call."""
    response = VoiceResponse()
    response.hangup()
    return str(response)


def _number(value: str) -> str:
    """Returns an E.164 number; empty for anonymous callers and SIP or Voice SDK names."""
    digits = value[1:]
    return value if value.startswith("+") and digits.isdigit() and len(digits) <= 15 else ""
