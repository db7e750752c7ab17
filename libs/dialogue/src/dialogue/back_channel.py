"""What a caller says who only listens, while the agent speaks."""

import re
from enum import StrEnum

from dialogue.language import language

_DATA = language("back_channel")
_LONGEST_WORDS = 7
_WORDS = re.compile(r"[a-z']+")


class Listening(StrEnum):
    """What words of a caller over the agent's speech are, if he says nothing else."""

    LISTENS = "listens"
    """He listens; this answers nothing."""
    AGREES = "agrees"
    """He listens, unless he was asked something: then it is an answer."""


def _repeated(*patterns: str) -> re.Pattern[str]:
    forms = "|".join(_DATA.patterns[name].pattern for name in patterns)
    so, whom = _DATA.parts["so"], _DATA.parts["whom"]
    return re.compile(rf"(?:(?:{so} )*(?:{forms})(?: {whom})?(?: {so})* ?)+")


_LISTENS, _AGREES = _repeated("listening"), _repeated("listening", "agreeing")


def back_channel(text: str) -> Listening | None:
    """Returns what words over the agent's speech are if the caller only listens; None if he wants to speak."""
    words = _WORDS.findall(text.lower().replace("\u2019", "'"))
    plain = " ".join(words)
    if not words or len(words) > _LONGEST_WORDS or any(letter.isdigit() for letter in text):
        return None
    if text.rstrip().endswith("?") and _DATA.patterns["asks_back"].search(plain):
        return None
    if _DATA.patterns["no_listening"].search(plain):
        return None
    if _LISTENS.fullmatch(plain):
        return Listening.LISTENS
    return Listening.AGREES if _AGREES.fullmatch(plain) else None
