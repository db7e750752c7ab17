"""A simulated inbound phone call, from the webhook to the last TwiML."""

import functools
import ssl

import httpx

from phone_simulator.endpoint import OPEN_TIMEOUT_SECONDS, CallParty, Endpoint
from phone_simulator.handset import Handset
from phone_simulator.media_connection import open_media_connection
from phone_simulator.media_stream import MediaStream
from phone_simulator.pacer import Pacer
from phone_simulator.webhook import CallRefusedError, StreamInstruction, TwimlAnswer, WebhookClient


@functools.cache
def _tls() -> ssl.SSLContext:
    """Returns the one TLS context of all calls; reading the certificates takes longer than anything else of a start."""
    return httpx.create_ssl_context(trust_env=False)


class PhoneCall:
    """Places one call and carries it.

    Args:
        endpoint: What answers.
        party: Who calls whom.
        pacer: Gives the pace; share one among the calls of a process. None: one of its own.
        recorded: Whether both channels of the call are kept.

    Attributes:
        followed: What the TwiML asked for after the media stream had ended; None if nothing was asked.
    """

    def __init__(
        self, endpoint: Endpoint, party: CallParty, *, pacer: Pacer | None = None, recorded: bool = True
    ) -> None:
        self.party = party
        self.followed: TwimlAnswer | None = None
        self._endpoint = endpoint
        self._pacer = pacer or Pacer()
        self._recorded = recorded

    async def run(self, caller: Handset) -> MediaStream:
        """Places the call, lets the caller talk on it and carries it to its end; returns the finished stream.

        Raises:
            PhoneCallError: if the webhook refuses the call or its TwiML leads to no media stream that opens.
        """
        async with httpx.AsyncClient(timeout=OPEN_TIMEOUT_SECONDS, trust_env=False, verify=_tls()) as http:
            webhook = WebhookClient(http, self._endpoint.auth_token)
            instruction = await self._instruction(webhook)
            stream = await self._carry(instruction, webhook.signature(instruction.url, {}), caller)
            if instruction.action_url is not None:
                form = self.party.form("in-progress")
                self.followed = await webhook.request_twiml(instruction.action_url, form)
            if self._endpoint.status_url is not None:
                await webhook.notify(self._endpoint.status_url, self.party.form("completed"))
        return stream

    async def _instruction(self, webhook: WebhookClient) -> StreamInstruction:
        """Returns which media stream to open."""
        if self._endpoint.url.startswith(("ws://", "wss://")):
            return StreamInstruction(self._endpoint.url, dict(self._endpoint.parameters), None)
        answer = await webhook.request_twiml(self._endpoint.url, self.party.form("ringing"))
        if answer.stream is None:
            raise CallRefusedError(f"it was refused with the words: {' '.join(answer.said) or 'none'}")
        return answer.stream

    async def _carry(self, instruction: StreamInstruction, headers: dict[str, str], caller: Handset) -> MediaStream:
        connection = await open_media_connection(instruction.url, headers)
        try:
            stream = MediaStream(connection, self.party, caller, pacer=self._pacer, recorded=self._recorded)
            await stream.run(instruction.parameters)
        finally:
            await connection.end()
        return stream
