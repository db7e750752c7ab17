"""Which of the offered times a caller means."""

import re
from datetime import time

from dialogue.agents.drafting import Draft
from dialogue.agents.slot_offers import local_start
from dialogue.state import Slot
from dialogue.understanding.moments import Moment

_ORDINAL = re.compile(
    r"\b(first|second|third|last|former|latter|earlier|earliest|later|latest|soonest|1st|2nd|3rd|middle)\b"
    r"(?: (?:one|option|choice|time|slot|appointment|of (?:those|these|them)))?|\b(?:option|number|choice) (one|two"
    r"|three|1|2|3)\b"
)
ANY = re.compile(
    r"\b(?:either|any(?: of (?:them|those|these)| one| time| day)?|whichever|whatever|both (?:work|are fine|fit"
    r"|are good)|does not matter|do not (?:care|mind)"
    r"|no preference|up to you|you (?:choose|pick|decide)|all (?:work|fine|good)|surprise me)\b"
)
NONE = re.compile(
    r"\b(?:neither|(?:both|they|those|these|all) (?:are|is) (?:bad|no good|terrible|impossible|out|wrong)"
    r"|none(?: of)?|no(?:ne|t one) of|not (?:either|any)|(?:those|these|they|both|that|it"
    r"|none)(?: \w+){0,2} (?:do not|does not|will not|would not|are not|is not|are no) (?:work|fit|suit|good|possible"
    r"|ideal)"
    r"|cannot (?:make|do) (?:any|either|those|these|that|it|them)|do you have (?:any(?:thing)? else|something else"
    r"|other|another|more|anything)|any(?:thing)? (?:other|else|later|earlier)|something (?:else|later|earlier)"
    r"|(?:another|other|different) (?:day|days|time|times|slot|slots|options?|week))\b"
)


def said_moment(draft: Draft) -> Moment:
    """Returns what was said about when; where times are discussed a bare number is an hour."""
    moment, numbers = draft.heard.moment, draft.heard.numbers
    if not moment.is_open or len(numbers) != 1:
        return moment
    hour = numbers[0]
    plain = not (hour.ordinal or hour.money or hour.period or hour.is_duration)
    if plain and hour.value == int(hour.value) and 2 <= hour.value <= 12:
        return Moment(at=time(int(hour.value)), ambiguous_half=hour.value < 12)
    return moment


def picked_slot(draft: Draft, offered: list[Slot]) -> Slot | None:
    """Returns the offered time that the caller picked, or None if it is not clear."""
    heard = draft.heard
    text = heard.words.text
    if NONE.search(text) and not _ORDINAL.search(text):
        return None
    moment = said_moment(draft)
    fitting = [slot for slot in offered if moment.fits(local_start(draft, slot))]
    if not moment.is_open:
        if len(fitting) == 1:
            return fitting[0]
        if not fitting:
            return None
    ordinal = _ORDINAL.search(text)
    if (ordinal and heard.polarity is not False) or (ordinal and not re.search(r"\bnot the\b", text)):
        index = _position(ordinal[1] or ordinal[2], len(offered))
        if index is not None and not re.search(
            r"\b(?:any|anything|something|bit|little|much) (?:later|earlier)\b", text
        ):
            return offered[index]
    if ANY.search(text) or (len(offered) == 1 and heard.polarity is True):
        return (fitting or offered)[0]
    return None


def _position(word: str, count: int) -> int | None:
    index = {
        "first": 0, "1st": 0, "former": 0, "earlier": 0, "earliest": 0, "soonest": 0, "one": 0, "1": 0,
        "second": 1, "2nd": 1, "two": 1, "2": 1, "middle": 1, "third": 2, "3rd": 2, "three": 2, "3": 2,
        "last": count - 1, "latter": count - 1, "later": count - 1, "latest": count - 1,
    }[word]  # fmt: skip
    return index if 0 <= index < count else None
