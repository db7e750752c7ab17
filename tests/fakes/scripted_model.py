"""Model servers whose behaviour is chosen anew for each request: one that does well, one that does all harm it can.

What they do depends on the seed and on what they are asked alone, so that the same calls come out the same.
"""

import json
import random
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from dialogue import split_sentences
from fakes.chat_server import ChatScript, chat_server
from fakes.model_outputs import outputs

Request = dict[str, Any]
Behaviour = Callable[[Request, bool], ChatScript]
"""Chooses what is done with a request; whether it asks for an opinion."""

_EXAMPLE = re.compile(r"question if there is one:\n(.+)\Z", re.DOTALL)
_CALLER = re.compile(r"The caller said: (.+)\Z", re.DOTALL)
_OPENERS = ("", "", "I see. ", "Okay. ", "Thank you. ", "Right. ", "That makes sense. ")
_INTENTS = ("do_not_call", "wrong_number", "wants_human", "not_interested", "wants_appointment", "interest")
_NONSENSE = (
    "", "{}", "null", "[1, 2", '{"intents": "none", "facts": 7}', '{"intents": []}', "I think he wants to leave.",
    '{"intents": [{"intent": "sing", "quote": "la"}], "facts": []}', '{"intents": [], "facts": []} and so on',
    '{"intents": ' + "[" * 500, "9" * 9000,
)  # fmt: skip


@dataclass(frozen=True)
class Understood:
    """What an opinion on a line would be if it were right: intents, and answers by the ids of questions."""

    intents: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)

    def as_json(self, quote: str) -> str:
        """Returns the opinion, with the same words for all of it."""
        intents = [{"intent": intent, "quote": quote} for intent in self.intents]
        facts = [{"question": name, "value": value, "quote": quote} for name, value in self.facts.items()]
        return json.dumps({"intents": intents, "facts": facts})


@dataclass(frozen=True)
class Helpful:
    """Words replies plausibly; `rate` of its opinions are right, the others see nothing.

    Attributes:
        knows: What the lines say that callers may say.
    """

    seed: int
    rate: float
    knows: Mapping[str, Understood] = field(default_factory=dict)

    def __call__(self, request: Request, listens: bool) -> ChatScript:
        rng = _rng(self.seed, request)
        if listens:
            heard = _heard(request)
            right = self.knows.get(heard, Understood()) if rng.random() < self.rate else Understood()
            return ChatScript(understood=(right.as_json(heard),))
        return ChatScript(pieces=_pieces(rng, rng.choice(_OPENERS) + _example(request)))


@dataclass(frozen=True)
class Hostile:
    """Lies, promises, thinks aloud, stalls, breaks off and answers nonsense; `seed` decides when it does what.

    Attributes:
        stalls: The share of its answers that never come, or stop in their midst.
    """

    seed: int
    stalls: float = 0.03

    def __call__(self, request: Request, listens: bool) -> ChatScript:
        rng = _rng(self.seed, request)
        return self._opinion(rng, _heard(request)) if listens else self._words(rng, _example(request))

    def _words(self, rng: random.Random, example: str) -> ChatScript:
        lie = rng.choice(_LIES)
        text = rng.choice(
            (
                lie, f"{lie} {example}", f"{example} {lie}", f"<think>{example}</think>{lie}",
                f"{lie}</think>{example}", f"Sure. {lie}\nCaller: yes\n{example}", f"**{lie}** \U0001f60a {example}",
            )
        )  # fmt: skip
        pieces = _pieces(rng, text)
        where = rng.randrange(len(pieces) + 1)
        chance = rng.random()
        if chance < self.stalls:
            return ChatScript(pieces=pieces, hang_before=where)
        if chance < 0.1:
            return ChatScript(pieces=pieces, cut_before=where)
        if chance < 0.15:
            return ChatScript(pieces=pieces, garbage_before=where)
        if chance < 0.2:
            return ChatScript(pieces=pieces, error_before=where)
        if chance < 0.25:
            return ChatScript(status=500)
        return ChatScript(pieces=pieces, finishes=rng.random() < 0.5)

    def _opinion(self, rng: random.Random, heard: str) -> ChatScript:
        if rng.random() < self.stalls:
            return ChatScript(understood=(None,))
        if rng.random() < 0.2:
            return ChatScript(understood=(rng.choice(_NONSENSE),))
        words = heard.split() or ["yes"]
        start = rng.randrange(len(words))
        quote = " ".join(words[start : start + rng.randint(1, 4)])
        facts = {name: rng.choice(("yes", "alone", "9", "900000", "in 2 days", *words)) for name in _FACTS}
        return ChatScript(understood=(Understood((rng.choice(_INTENTS),), facts).as_json(quote),))


def lies() -> frozenset[str]:
    """Returns the sentences that no caller may hear: each was written alone, and is a lie whatever was asked."""
    return frozenset(lie for lie in _LIES if len(lie.split()) > _SHORTEST_LIE)


@asynccontextmanager
async def scripted_model(behaviour: Behaviour) -> AsyncIterator[str]:
    """Serves a model in OpenAI's protocol; yields the base URL."""
    async with chat_server("openai") as server:
        server.behaviour = behaviour
        yield server.url


def _rng(seed: int, request: Request) -> random.Random:
    return random.Random(f"{seed}/{json.dumps(request['messages'], sort_keys=True)}")  # noqa: S311 - no secrets


def _example(request: Request) -> str:
    found = _EXAMPLE.search(request["messages"][0]["content"])
    return found[1] if found else "I see."


def _heard(request: Request) -> str:
    found = _CALLER.search(request["messages"][-1]["content"])
    return found[1] if found else ""


def _pieces(rng: random.Random, text: str) -> tuple[str, ...]:
    size = rng.choice((3, 11, 40))
    return tuple(text[start : start + size] for start in range(0, len(text), size)) or ("",)


def _single(text: str) -> bool:
    return len(split_sentences(text)) == 1 and "\n" not in text


_LIES = tuple(sorted({one.text for one in outputs("bad") if not one.keep and _single(one.text)}))
_SHORTEST_LIE = 3
_FACTS = ("monthly_bill", "budget", "decision", "start", "interest")
