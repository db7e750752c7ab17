"""A simulated inbound phone call, from the webhook to the last TwiML."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass

import httpx
from websockets.asyncio.client import connect

from phone_simulator.media_stream import LineClock, MediaStream, SystemLineClock
from phone_simulator.telephone_audio import line_noise
from phone_simulator.webhook import CallParty, StreamInstruction, TwimlAnswer, TwimlError, WebhookClient

OPEN_TIMEOUT_SECONDS = 10.0
MAX_MESSAGE_BYTES = 1024 * 1024
NOISE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class PhoneCallSettings:
    """Where a simulated call goes.

    Attributes:
        webhook_url: The number's voice webhook.
        auth_token: Token that signs every request.
        status_url: The number's status callback; None for a number without one.
    """

    webhook_url: str
    auth_token: str
    status_url: str | None = None


class PhoneCall:
    """Places one call and carries it.

    Attributes:
        party: Who calls whom.
        followed: What the TwiML asked for after the media stream had ended; None if nothing was asked.
    """

    def __init__(
        self, settings: PhoneCallSettings, party: CallParty, *, seed: int = 0, clock: LineClock | None = None
    ) -> None:
        self.party = party
        self.followed: TwimlAnswer | None = None
        self._settings = settings
        self._seed = seed
        self._clock = clock or SystemLineClock()

    async def run(self, caller: Callable[[MediaStream], Coroutine[None, None, None]]) -> MediaStream:
        """Places the call, lets `caller` talk on it and carries it to its end; returns the finished stream.

        `caller` is cancelled when the call is over; when it returns, the caller hangs up.

        Raises:
            TwimlError: if the webhook refuses the call or its TwiML leads to no media stream.
            OSError: if the gateway cannot be reached.
        """
        async with httpx.AsyncClient(timeout=OPEN_TIMEOUT_SECONDS, trust_env=False) as http:
            webhook = WebhookClient(http, self._settings.auth_token)
            answer = await webhook.request_twiml(self._settings.webhook_url, self.party.form("ringing"))
            if answer.stream is None:
                raise TwimlError("the TwiML opens no media stream")
            stream = await self._carry(answer.stream, webhook.sign_upgrade(answer.stream.url), caller)
            if answer.stream.action_url is not None:
                form = self.party.form("in-progress")
                self.followed = await webhook.request_twiml(answer.stream.action_url, form)
            if self._settings.status_url is not None:
                await webhook.notify(self._settings.status_url, self.party.form("completed"))
        return stream

    async def _carry(
        self,
        instruction: StreamInstruction,
        signature: str,
        caller: Callable[[MediaStream], Coroutine[None, None, None]],
    ) -> MediaStream:
        async with connect(
            instruction.url,
            additional_headers={"X-Twilio-Signature": signature},
            open_timeout=OPEN_TIMEOUT_SECONDS,
            max_size=MAX_MESSAGE_BYTES,
            compression=None,
            proxy=None,
        ) as connection:
            noise = line_noise(NOISE_SECONDS, seed=self._seed)
            stream = MediaStream(connection, self.party, noise=noise, clock=self._clock)
            talking = asyncio.create_task(caller(stream))
            talking.add_done_callback(lambda _: stream.hang_up())
            try:
                await stream.run(instruction.parameters)
            finally:
                talking.cancel()
                await asyncio.wait([talking])
            if not talking.cancelled():
                talking.result()
        return stream
