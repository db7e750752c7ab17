"""The keys that a caller presses; together they are one input once he pauses, or presses the pound key."""

import asyncio

from callwright_common.campaign import Campaign, RangeQuestion
from vocabulary.enums import Expectation
from vocabulary.turns import Question

_PAUSE_SECONDS = 1.2
_NUMBER_PAUSE_SECONDS = 3.0
"""The same while a number is asked for: people look for one digit after the other."""
_END = "#"
_HUMAN = "0"
_MAX_KEYS = 32


def asks_a_number(campaign: Campaign, asked: Question | None) -> bool:
    """Whether what the caller was asked is answered by a number."""
    if asked is None:
        return False
    if asked.expectation is Expectation.CONTACT_DETAIL:
        return asked.question_id == "phone"
    return isinstance(campaign.question(asked.question_id), RangeQuestion)


def begins_a_number(keys: str) -> bool:
    """Whether more digits may follow the keys: none follow a 0 alone, by which a human is asked for."""
    return keys.isdecimal() and keys != _HUMAN


class CollectedKeys:
    """Collects the keys of one call."""

    def __init__(self) -> None:
        self._keys = ""
        self._presses = 0

    @property
    def running(self) -> bool:
        """Whether keys were pressed that are no complete input yet."""
        return bool(self._keys)

    async def pressed(self, key: str, *, number: bool) -> str:
        """Takes a key, maybe of a number; returns all keys after a pause, or nothing if another key came in it."""
        self._keys = (self._keys + key)[:_MAX_KEYS]
        self._presses += 1
        press = self._presses
        if key != _END:
            await asyncio.sleep(_NUMBER_PAUSE_SECONDS if number else _PAUSE_SECONDS)
        if press != self._presses:
            return ""
        keys, self._keys = self._keys, ""
        return keys
