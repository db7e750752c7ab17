"""Twilio's side of the voice webhook: signed requests out, TwiML back."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from urllib.parse import urljoin

import httpx
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from phone_simulator.endpoint import PhoneCallError

MAX_TWIML_BYTES = 64 * 1024


class TwimlError(PhoneCallError):
    """The answer to the webhook is not TwiML that the simulator can follow."""


class CallRefusedError(PhoneCallError):
    """The answer to the webhook says something and opens no media stream."""


@dataclass(frozen=True, slots=True)
class StreamInstruction:
    """`<Connect><Stream>`: open a media WebSocket, then ask `action_url` how to go on."""

    url: str
    parameters: dict[str, str]
    action_url: str | None


@dataclass(frozen=True, slots=True)
class TwimlAnswer:
    """What a TwiML document asks for, as far as a simulated call follows it.

    Attributes:
        stream: The media stream to open, if any.
        dialled: Number or SIP address that the call is passed on to, if any.
        said: Texts of `<Say>`.
    """

    stream: StreamInstruction | None = None
    dialled: str | None = None
    said: tuple[str, ...] = ()


def parse_twiml(document: str, *, base_url: str) -> TwimlAnswer:
    """Reads a TwiML document.

    Raises:
        TwimlError: if it is not XML with a `<Response>` at its root, or its stream has no URL.
    """
    try:
        root = ET.fromstring(document)  # noqa: S314 - comes from our own gateway; size is bounded
    except ET.ParseError as error:
        raise TwimlError("the answer is not XML") from error
    if root.tag != "Response":
        raise TwimlError("the answer has no <Response>")
    dial = root.find("Dial")
    return TwimlAnswer(
        stream=_stream_of(root.find("Connect"), base_url),
        dialled=None if dial is None else " ".join("".join(dial.itertext()).split()),
        said=tuple((say.text or "").strip() for say in root.iter("Say")),
    )


def _stream_of(connect: ET.Element | None, base_url: str) -> StreamInstruction | None:
    stream = None if connect is None else connect.find("Stream")
    if connect is None or stream is None:
        return None
    url = stream.get("url")
    if not url:
        raise TwimlError("the <Stream> has no url")
    action = connect.get("action")
    return StreamInstruction(
        url=url,
        parameters={item.get("name", ""): item.get("value", "") for item in stream.iter("Parameter")},
        action_url=None if action is None else urljoin(base_url, action),
    )


class WebhookClient:
    """Posts webhooks as Twilio does, signed with the account's token; without a token, unsigned."""

    def __init__(self, http: httpx.AsyncClient, auth_token: str | None) -> None:
        self._http = http
        self._validator = None if auth_token is None else RequestValidator(auth_token)

    async def request_twiml(self, url: str, form: dict[str, str]) -> TwimlAnswer:
        """Posts a signed form and reads the TwiML of the answer.

        Raises:
            TwimlError: if the status is not 200 or the body is not TwiML.
            PhoneCallError: if nothing answers.
        """
        response = await self._post(url, form)
        if response.status_code != httpx.codes.OK:
            raise TwimlError(f"the webhook {url} answered {response.status_code}")
        if len(response.content) > MAX_TWIML_BYTES:
            raise TwimlError("the TwiML is longer than Twilio accepts")
        return parse_twiml(response.text, base_url=url)

    async def notify(self, url: str, form: dict[str, str]) -> int:
        """Posts a signed form; returns the HTTP status of the answer."""
        return (await self._post(url, form)).status_code

    def signature(self, url: str, form: dict[str, str]) -> dict[str, str]:
        """Returns the header that signs a request; a media WebSocket's upgrade is signed with an empty form."""
        if self._validator is None:
            return {}
        return {"X-Twilio-Signature": str(self._validator.compute_signature(url, form))}

    async def _post(self, url: str, form: dict[str, str]) -> httpx.Response:
        try:
            return await self._http.post(url, data=form, headers=self.signature(url, form))
        except httpx.HTTPError as error:
            raise PhoneCallError(f"the webhook {url}: {type(error).__name__}: {error}".rstrip(": ")) from error
