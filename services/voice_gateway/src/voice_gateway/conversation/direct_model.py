"""Answers in the orchestrator's place: a model called directly, and the rule-based offline replies behind it."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Protocol

from callwright_common.breaker import CircuitBreaker
from callwright_common.campaign import Campaign
from callwright_common.chat_models import ChatMessage, ChatModel, ModelError
from callwright_common.chat_models.failures import ModelFailures
from callwright_common.errors import DeadlineExceededError, ServiceError, UnavailableError
from callwright_common.logs import get_logger
from voice_gateway.conversation.sentence_aggregator import split_sentences
from voice_gateway.conversation_model import (
    Digits,
    EndRequested,
    Silence,
    TransferRequested,
    TurnEntry,
    TurnInput,
    Utterance,
    Words,
)

_logger = get_logger(__name__)

DirectPiece = Words | EndRequested | TransferRequested

_MAX_TOKENS = 160
_HISTORY_TURNS = 12


class OfflineReplies(Protocol):
    """Replies by rule, without a model."""

    def reply(
        self, call_id: str, campaign: Campaign, history: Sequence[TurnEntry], text: str
    ) -> tuple[str, EndRequested | TransferRequested | None]:
        """Returns what to say to the caller's last words, and what to do once it was heard."""
        ...


class DirectModel:
    """The direct model of one gateway."""

    def __init__(
        self,
        model: ChatModel | None,
        offline: OfflineReplies,
        breaker: CircuitBreaker,
        failures: ModelFailures,
        *,
        first_text_seconds: float,
        idle_seconds: float,
    ) -> None:
        """Builds it.

        Args:
            model: None answers offline at once.
            offline: Answers when the model does not.
            breaker: Guards the model.
            failures: Told of each of the model's.
            first_text_seconds: Limit of the wait for the model's first words.
            idle_seconds: Longest pause between its pieces.
        """
        self._model = model
        self._offline = offline
        self._breaker = breaker
        self._failures = failures
        self._first_text = first_text_seconds
        self._idle = idle_seconds

    async def reply(
        self, campaign: Campaign, history: tuple[TurnEntry, ...], turn_input: TurnInput, said: tuple[str, ...]
    ) -> AsyncGenerator[DirectPiece, None]:
        """Yields the pieces of a reply, then what to do once it was heard.

        Args:
            campaign: Whom the agent speaks for.
            history: The call so far, as it was heard.
            turn_input: What the caller did.
            said: Sentences of this reply that were spoken already; it goes on behind them.

        Raises:
            ServiceError: if neither the model nor the offline replies have an answer.
        """
        if self._model is not None:
            began = False
            try:
                async with aclosing(
                    self._guarded(self._model, _messages(campaign, history, turn_input, said))
                ) as texts:
                    async for text in texts:
                        began = True
                        yield Words(text)
            except ServiceError as error:
                _logger.warning("the direct model did not answer", reason=error.reason)
                if began:
                    # Its unfinished sentence must not run into the next words.
                    raise
            else:
                if began:
                    return
        for piece in self._by_rule(campaign, history, turn_input, said):
            yield piece

    def _by_rule(
        self, campaign: Campaign, history: tuple[TurnEntry, ...], turn_input: TurnInput, said: tuple[str, ...]
    ) -> Sequence[DirectPiece]:
        try:
            text, action = self._offline.reply("direct", campaign, history, _caller_text(turn_input))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise UnavailableError("OFFLINE_FAILED", "the offline replies failed") from error
        if said and (sentences := split_sentences(text)):
            # What was said answered the caller; the last sentence leads on.
            text = sentences[-1]
        return (Words(text),) if action is None else (Words(text), action)

    async def _guarded(self, model: ChatModel, messages: list[ChatMessage]) -> AsyncGenerator[str, None]:
        async with self._breaker.attempt(), aclosing(model.deltas(messages, _MAX_TOKENS)) as pieces:
            began = False
            while True:
                try:
                    async with asyncio.timeout(self._idle if began else self._first_text):
                        piece = await anext(pieces)
                except TimeoutError:
                    self._failures.note(model.provider, ModelError("timeout"), after_words=began)
                    raise DeadlineExceededError("MODEL_LATE", "the direct model is late") from None
                except ModelError as error:
                    self._failures.note(model.provider, error, after_words=began)
                    raise UnavailableError(f"MODEL_{error.kind.upper()}", "the direct model failed") from error
                except StopAsyncIteration:
                    return
                began = True
                if isinstance(piece, str):
                    yield piece


def _caller_text(turn_input: TurnInput) -> str:
    match turn_input:
        case Utterance(text):
            return text
        case Digits(digits):
            return digits
        case Silence():
            return ""
        case _:
            return ""


def _messages(
    campaign: Campaign, history: tuple[TurnEntry, ...], turn_input: TurnInput, said: tuple[str, ...]
) -> list[ChatMessage]:
    """Returns the chat that asks the model for the next reply."""
    messages = [ChatMessage("system", _instructions(campaign))]
    for entry in history[-_HISTORY_TURNS:]:
        if entry.caller_text:
            messages.append(ChatMessage("user", entry.caller_text))
        if entry.heard_text:
            messages.append(ChatMessage("assistant", entry.heard_text))
    messages.append(ChatMessage("user", _caller_text(turn_input) or "(silence)"))
    if said:
        going_on = f"(You began to answer: {' '.join(said)} Go on from there without repeating it.)"
        messages.append(ChatMessage("user", going_on))
    return messages


def _instructions(campaign: Campaign) -> str:
    facts = "\n".join(f"- {fact.answer}" for fact in campaign.facts)
    questions = "\n".join(f"- {question.ask}" for question in campaign.questions)
    return (
        f"You are {campaign.company.agent_name}, an automated phone assistant of {campaign.company.name}. "
        f"You sell {campaign.product.name}: {campaign.product.pitch}\n"
        "Answer in one or two short spoken sentences, plain words, no lists, no symbols, one question at a time. "
        "Never invent facts, prices or appointments; a colleague calls back about what you do not know.\n"
        f"What you may tell:\n{facts}\nWhat you want to find out, in this order:\n{questions}"
    )
