"""What somebody puts in between that asks nobody on the line: "you know?", "who knows", "mum, where is my bag?"."""

import re

from dialogue.language import language, remembered

_LANGUAGE = language("asides")


@remembered(4)
def _asides() -> tuple[re.Pattern[str], ...]:
    """Returns what is left out: between two pauses, beside one, beside none, and what others in the room are asked."""
    aside, searching, within = (_LANGUAGE.parts[name] for name in ("aside", "searching", "within"))
    others, fondly, back = (_LANGUAGE.parts[name] for name in ("in_the_room", "called_fondly", "comes_back"))
    asked = r"[^.?!]*\?"
    pause = r"[.,;:!?\u2026\u2013\u2014]"
    return (
        re.compile(rf"(?i)(?<=[,\u2026\u2013\u2014])\s*{searching}\s*[,?\u2026]+(?=\s*\w)"),
        re.compile(rf"(?i)(?:^|(?<={pause}))\s*{aside}\s*(?:[,?]+|\.{{2,}}|(?={pause})|$)"),
        re.compile(rf"(?i)(?<=\w)\s+{within}(?:[,?]+|\b(?=\W|$))"),
        re.compile(rf"(?i)(?:^|(?<=[.?!]))\s*(?:\w+,?\s+)?{others},{asked}"),
        re.compile(rf"(?i)(?:^|(?<=[.?!]))[^.?!]*,\s*{others}\s*\?"),
        re.compile(rf"(?i)(?:^|(?<=[.?!]))\s*(?:\w+,?\s+)?{fondly},{asked}(?=\s*{back}\b)"),
    )


def without_asides(utterance: str) -> str:
    """Returns an utterance as transcribed without its asides, all of it where nothing else is said."""
    spoken = utterance
    for aside in _asides():
        spoken = aside.sub(" ", spoken)
    return spoken if any(character.isalnum() for character in spoken) else utterance
