"""The gateway's web server: Twilio's webhooks, the media WebSocket, health."""

from dataclasses import dataclass

from fastapi import FastAPI, HTTPException, Request, Response, WebSocket
from starlette.datastructures import FormData
from starlette.types import Message, Receive

from callwright_common.logs import get_logger
from callwright_common.readiness import Readiness
from callwright_common.text import clean_text
from vocabulary.callers import twilio_sid
from voice_gateway.calls.call_course import CallCourse
from voice_gateway.calls.live_calls import LiveCalls, NotCarriedError, PendingCall
from voice_gateway.media.twilio.line import close_socket, read_start
from voice_gateway.media.twilio.protocol import StartMessage
from voice_gateway.metrics import GatewayMetrics
from voice_gateway.web.stream_tokens import StreamTokens
from voice_gateway.web.twilio_webhooks import SignatureCheck, VoiceWebhook, after_stream

_logger = get_logger(__name__)

_MAX_FORM_FIELDS = 100
_MAX_FORM_BYTES = 64 * 1024
CLOSE_BAD_TOKEN = 4003
CLOSE_TRY_AGAIN = 1013
_OVER = frozenset({"completed", "failed", "busy", "no-answer", "canceled"})
"""Twilio's call states after which no stream comes any more."""


@dataclass(frozen=True, slots=True)
class Probes:
    """What probes and load balancers ask."""

    live_calls: LiveCalls
    readiness: Readiness

    async def live(self) -> dict[str, str]:
        """Tells that the process answers."""
        return {"status": "ok"}

    async def ready(self, response: Response) -> dict[str, str | int | dict[str, str]]:
        """Tells whether another call would be taken and everything beside it runs."""
        status = "ready" if self.readiness.ready else "failing"
        try:
            self.live_calls.check_room()
        except NotCarriedError as error:
            status = "full" if error.reason == "at_capacity" else error.reason
        if status != "ready":
            response.status_code = 503
        return {"status": status, "live_calls": len(self.live_calls), "problems": dict(self.readiness.problems)}


@dataclass(frozen=True, slots=True)
class TwilioEdge:
    """The routes that Twilio calls."""

    webhook: VoiceWebhook
    signatures: SignatureCheck
    tokens: StreamTokens
    course: CallCourse
    metrics: GatewayMetrics
    verify_stream_signature: bool

    async def voice(self, request: Request, campaign: str = "") -> Response:
        """Answers a new call with TwiML."""
        form = await self._signed_form(request, "voice")
        if not twilio_sid(form.get("CallSid", "")):
            # No stream could be told to be this call's.
            self._refuse("voice", "no_call_sid", str(request.url))
            raise HTTPException(400, "CallSid: is missing")
        return _twiml(self.webhook.answer(form, campaign, str(request.url)))

    async def status(self, request: Request) -> Response:
        """Takes note of a call's status: one that is over before its stream began is not awaited any more."""
        form = await self._signed_form(request, "status")
        over = form.get("CallStatus", "") in _OVER
        withdrawn = over and self.tokens.withdraw(twilio_sid(form.get("CallSid", "")))
        self.metrics.webhooks.labels(kind="status", outcome="withdrawn" if withdrawn else "accepted").inc()
        return Response(status_code=204)

    async def stream_ended(self, request: Request) -> Response:
        """Tells Twilio how a call goes on whose stream is closed."""
        form = await self._signed_form(request, "stream_ended")
        self.metrics.webhooks.labels(kind="stream_ended", outcome="accepted").inc()
        return _twiml(after_stream(self.course.live_calls.take_after_stream(twilio_sid(form.get("CallSid", "")))))

    async def media(self, websocket: WebSocket, token: str = "") -> None:
        """Carries the call of a media stream whose token is good."""
        signature = websocket.headers.get("x-twilio-signature", "")
        if self.verify_stream_signature and not self.signatures.accepts(str(websocket.url), {}, signature):
            self._refuse("media", "bad_signature", str(websocket.url))
            await websocket.close(CLOSE_BAD_TOKEN)
            return
        await websocket.accept()
        start = await read_start(websocket, self.metrics)
        pending = None if start is None else self._redeem(start, token)
        if start is None or pending is None:
            self._refuse("media", "bad_token", str(websocket.url))
            await close_socket(websocket, CLOSE_BAD_TOKEN)
            return
        try:
            await self.course.carry(websocket, start, pending)
        except NotCarriedError:
            await close_socket(websocket, CLOSE_TRY_AGAIN)

    def _redeem(self, start: StartMessage, token: str) -> PendingCall | None:
        """Returns the call of a stream's token; the token is used up even if the stream is another call's."""
        pending = self.tokens.redeem(start.parameters.get("token") or token)
        if pending is None:
            return None
        if (pending.twilio_call_sid, pending.twilio_account_sid) != (start.call_sid, start.account_sid):
            _logger.warning("a stream is not of the call that its token was made for", audit=True)
            self.metrics.webhooks.labels(kind="media", outcome="foreign_stream").inc()
            return None if self.verify_stream_signature else pending
        return pending

    async def _signed_form(self, request: Request, kind: str) -> dict[str, str]:
        """Returns the fields of a request that Twilio signed, cleaned.

        Raises:
            HTTPException: if it did not sign it, or the body is longer than any of Twilio's, or malformed.
        """
        bounded = Request(request.scope, _bounded(request.receive))
        form: FormData = await bounded.form(max_files=0, max_fields=_MAX_FORM_FIELDS)
        signature = request.headers.get("x-twilio-signature", "")
        if self.signatures.accepts(str(request.url), form, signature):
            return {clean_text(name): clean_text(value) for name, value in form.items() if isinstance(value, str)}
        self._refuse(kind, "bad_signature" if signature else "no_signature", str(request.url))
        raise HTTPException(403)

    def _refuse(self, kind: str, reason: str, url: str) -> None:
        origins = self.signatures.origins(url)
        _logger.warning("request refused", audit=True, kind=kind, reason=reason, expected_at=origins)
        self.metrics.webhooks.labels(kind=kind, outcome=reason).inc()


def build_app(edge: TwilioEdge, probes: Probes) -> FastAPI:
    """Returns the web application."""
    app = FastAPI(title="Callwright voice gateway", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_api_route("/twilio/voice", edge.voice, methods=["POST"], response_class=Response)
    app.add_api_route("/twilio/status", edge.status, methods=["POST"], response_class=Response)
    app.add_api_route("/twilio/stream-ended", edge.stream_ended, methods=["POST"], response_class=Response)
    app.add_api_websocket_route("/twilio/media", edge.media)
    app.add_api_websocket_route("/twilio/media/{token}", edge.media)
    app.add_api_route("/healthz", probes.live, methods=["GET"])
    app.add_api_route("/readyz", probes.ready, methods=["GET"])
    return app


def _twiml(document: str) -> Response:
    return Response(document, media_type="application/xml")


def _bounded(receive: Receive) -> Receive:
    """Returns a reader of a request's body that refuses to go on when there is too much of it."""
    left = _MAX_FORM_BYTES

    async def read() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise HTTPException(413)
        return message

    return read
