"""What a caller answers when he is asked for a company or an address: his words without what surrounds them."""

import re

from dialogue.language import language, remembered

_LANGUAGE = language("contact")
_HEARD, _WORDS = _LANGUAGE.patterns, _LANGUAGE.words
_WORD = re.compile(r"[^\s,;:!?\u2026]+")
_PAUSE = re.compile(r"[,;:!?]+")
_MOST = {"company": 6, "address": 18}


@remembered(8)
def _named() -> re.Pattern[str]:
    """Returns what a company's name looks like behind the words that lead to it."""
    parts = "|".join([r"[A-ZÁÉÍÓÚÑ0-9][\w'\u2019&-]*", *_WORDS["small"]])
    article = "|".join(_WORDS["articles"])
    return re.compile(rf"\s+(?:(?:{article})\s+)?(?P<name>[A-ZÁÉÍÓÚÑ][\w'\u2019&-]*(?:\s+(?:{parts}))*)")


def own_words(answer: str, kind: str, *, begins: bool = False) -> str | None:
    """Returns the company or address that an answer tells, None if it tells none.

    Args:
        answer: What was said, as transcribed.
        kind: `company` or `address`.
        begins: Whether an address is known to begin with the first word, which leads to nothing then.
    """
    text = re.sub(r"[.]+(?=\s|$)", ",", answer)
    if kind == "address":
        return _trimmed(_WORD.findall(text), kind, begins=begins)
    clauses = [found for clause in _PAUSE.split(text) if (found := _trimmed(_WORD.findall(clause), kind))]
    return next(iter(clauses), None)


def company_beside(utterance: str, name: str | None) -> str | None:
    """Returns the company that somebody tells of his own accord: behind his name, or as the one he calls for."""
    for match in _HEARD["company_alone"].finditer(utterance):
        if found := _named().match(utterance, match.end()):
            return _without_small_end(found["name"])
    behind = utterance.partition(name)[2] if name else ""
    lead = re.match(rf",?\s+{_HEARD['before_company'].pattern}", behind)
    found = _named().match(behind, lead.end()) if lead else None
    return _without_small_end(found["name"]) if found else None


def _trimmed(words: list[str], kind: str, *, begins: bool = False) -> str | None:
    """Returns words without what leads to them and what follows them, None if no answer is left."""
    while words and not begins and words[0].lower() in _WORDS["leads"]:
        words = words[1:]
    taken: list[str] = []
    for word in words[: _MOST[kind]]:
        if kind != "address" and taken and word.lower() in _WORDS["tails"]:
            break
        taken.append(word)
    while taken and taken[-1].lower().strip(".") in _WORDS["closers"]:
        taken.pop()
    fits = taken and taken[0].lower().replace("\u2019", "'") not in _WORDS["no_answer"]
    if kind == "address":
        fits = fits and len(taken) > 1 and _HEARD["street"].search(" ".join(taken).lower()) is not None
    else:
        fits = fits and any(character.isalnum() for character in "".join(taken))
    return " ".join(map(str, taken)) if fits else None


def _without_small_end(name: str) -> str:
    words = name.split()
    while len(words) > 1 and words[-1] in _WORDS["small"]:
        words.pop()
    return " ".join(words)
