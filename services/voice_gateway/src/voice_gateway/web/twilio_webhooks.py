"""Twilio's webhooks: who may call them and the TwiML that answers a call."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from starlette.datastructures import FormData
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]
from twilio.twiml.voice_response import Connect, Stream, VoiceResponse  # type: ignore[import-untyped]

from callwright_common.breaker import BreakerState, CircuitBreaker
from callwright_common.campaign import Campaign
from callwright_common.ids import new_id
from callwright_common.logs import get_logger
from callwright_common.text import clean_text
from vocabulary.callers import phone_number, twilio_sid
from voice_gateway.calls.live_calls import AfterStream, Apologise, DialOn, LiveCalls, NotCarriedError, PendingCall
from voice_gateway.metrics import GatewayMetrics
from voice_gateway.web.stream_tokens import StreamTokens

_logger = get_logger(__name__)

_NAMED_CHARACTERS = 64
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
        base = urlsplit(self.http_url(request_url, "/twilio/media"))
        return urlunsplit(base._replace(scheme="ws" if base.scheme in {"http", "ws"} else "wss"))

    def http_url(self, request_url: str, path: str) -> str:
        """Returns the URL of another path of this web server."""
        base = urlsplit(self.public_url or request_url)
        return urlunsplit((base.scheme, base.netloc, (base.path if self.public_url else "") + path, "", ""))


class SignatureCheck:
    """Checks X-Twilio-Signature."""

    def __init__(self, auth_token: str, address: PublicAddress) -> None:
        self._validator = RequestValidator(auth_token)
        self._address = address

    def accepts(self, request_url: str, form: Mapping[str, str] | FormData, signature: str) -> bool:
        """Tells whether Twilio signed the request, by its public URL or by the one it was sent to."""
        # The form as it is: every value of a field that was sent twice is signed.
        return any(self._validator.validate(url, form, signature) for url in self._urls(request_url))

    def origins(self, request_url: str) -> list[str]:
        """Returns where Twilio must have sent a request to, for its signature to be accepted."""
        parts = [urlsplit(url) for url in sorted(self._urls(request_url))]
        return [f"{part.scheme}://{part.netloc}"[:_MAX_ORIGIN] for part in parts]

    def _urls(self, request_url: str) -> set[str]:
        return {self._address.url_of(request_url), request_url}


@dataclass(slots=True)
class VoiceWebhook:
    """Answers the webhook of a new call."""

    campaigns: Mapping[str, Campaign]
    default_campaign: str
    tokens: StreamTokens
    live_calls: LiveCalls
    speech: CircuitBreaker
    address: PublicAddress
    metrics: GatewayMetrics
    _default: Campaign = field(init=False)

    def __post_init__(self) -> None:
        self._default = self.campaigns[self.default_campaign or next(iter(self.campaigns))]
        if self._guesses:
            _logger.warning(
                "several campaigns and no DEFAULT_CAMPAIGN: the first one answers numbers that none of them lists",
                campaign=self._default.id,
                campaigns=list(self.campaigns),
            )

    @property
    def _guesses(self) -> bool:
        """Whether nobody said which campaign answers a number that none lists."""
        return not self.default_campaign and len(self.campaigns) > 1

    def answer(self, form: Mapping[str, str], campaign_id: str, request_url: str) -> str:
        """Returns the TwiML for a call; a replayed webhook gets the same again."""
        call_sid = twilio_sid(form.get("CallSid", ""))
        issued = self.tokens.issued_for(call_sid)
        if issued is not None:
            self.metrics.webhooks.labels(kind="voice", outcome="replayed").inc()
            return self._connect(issued, request_url)
        called_number = phone_number(form.get("To", ""))
        campaign = self._campaign(campaign_id, called_number)
        refusal = "unknown_campaign" if campaign is None else self._refusal()
        if campaign is None or refusal:
            _logger.warning("call refused", reason=refusal)
            self.metrics.calls_refused.labels(reason=refusal).inc()
            self.metrics.webhooks.labels(kind="voice", outcome="refused").inc()
            return apology((campaign or self._default).prompts.unavailable)
        call = PendingCall(
            call_id=new_id(),
            twilio_call_sid=call_sid,
            twilio_account_sid=twilio_sid(form.get("AccountSid", "")),
            campaign_id=campaign.id,
            caller_number=phone_number(form.get("From", "")),
            called_number=called_number,
        )
        self.metrics.webhooks.labels(kind="voice", outcome="accepted").inc()
        return self._connect(self.tokens.issue(call), request_url)

    def _refusal(self) -> str:
        """Returns why no call can be taken now; empty if one can."""
        try:
            self.live_calls.check_room(awaited=self.tokens.awaited)
        except NotCarriedError as error:
            return error.reason
        return "no_voice" if self.speech.state is BreakerState.OPEN else ""

    def _campaign(self, campaign_id: str, called_number: str) -> Campaign | None:
        """Returns the campaign of a call: the one that is asked for, else that of the called number, else the default.

        None if the one that is asked for does not exist: a misspelt address sells nobody another company's product.
        """
        if campaign_id:
            campaign = self.campaigns.get(campaign_id)
            if campaign is None:
                _logger.error(
                    "the webhook's address asks for a campaign that does not exist",
                    asked_for=clean_text(campaign_id)[:_NAMED_CHARACTERS],
                    campaigns=sorted(self.campaigns),
                )
            self.metrics.campaign_choices.labels(by="name" if campaign else "unknown_name").inc()
            return campaign
        for campaign in self.campaigns.values():
            if called_number and called_number in campaign.numbers:
                self.metrics.campaign_choices.labels(by="number").inc()
                return campaign
        if self._guesses and called_number:
            _logger.warning(
                "no campaign lists the called number and DEFAULT_CAMPAIGN is empty, so the first campaign answers",
                last_digits=called_number[-4:],
                campaign=self._default.id,
            )
        self.metrics.campaign_choices.labels(by="guess" if self._guesses else "default").inc()
        return self._default

    def _connect(self, token: str, request_url: str) -> str:
        response = VoiceResponse()
        connect = Connect(action=self.address.http_url(request_url, "/twilio/stream-ended"), method="POST")
        stream = Stream(url=self.address.stream_url(request_url))
        stream.parameter(name="token", value=token)
        connect.append(stream)
        response.append(connect)
        return str(response)


def apology(text: str) -> str:
    """Returns TwiML that says a text in Twilio's voice and hangs up."""
    response = VoiceResponse()
    response.say(text)
    response.hangup()
    return str(response)


def after_stream(after: AfterStream | None) -> str:
    """Returns TwiML by which a call goes on whose stream is closed; None ends it."""
    response = VoiceResponse()
    match after:
        case DialOn(number):
            response.dial(number)
        case Apologise(text):
            return apology(text)
        case None:
            response.hangup()
    return str(response)
