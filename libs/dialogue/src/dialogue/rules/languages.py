"""Which language a caller speaks or asks for; what is short or mixed tells none."""

import re
from collections.abc import Collection
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from dialogue.analysis import Analysis, FoundIntent
from dialogue.confidence import LIKELY
from dialogue.contact import ABOUT_THE_CONTACT
from dialogue.grammar.names import find_name
from dialogue.intents import Intent
from dialogue.language import FIRST_LANGUAGE, language
from dialogue.languages import UNDETERMINED, known_languages
from dialogue.state import DialogueState

_SURE, _LEFT_FOR_OURS = 0.85, 0.02
"""How probable a language must be, and how improbable the one of the call; measured on 7,700 English lines."""
_ONE_OF_OURS, _LEFT_FOR_CURRENT = 0.4, 0.08
"""The same of a language that the call may be led in."""
_FEWEST_WORDS, _FEW_WORDS = 3, 7
_FEWEST_CHARACTERS = 8
_HEEDED_IN_ANY_LANGUAGE = frozenset({Intent.DO_NOT_CALL, Intent.WANTS_HUMAN, Intent.VOICEMAIL})
"""What counts in words of a language that is not followed: it harms most where it is missed."""
_PARTINGS = frozenset({Intent.GOODBYE, Intent.WAIT})
_HEARD, _PARTS = language("answers").patterns, language("intents/call").parts
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(known_languages()))
    return identifier


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def load_identifier() -> None:
    """Reads the model that tells languages apart, which takes half a second, before the first caller speaks."""
    _identifier()


@cache
def _by_whole_utterance() -> dict[str, str]:
    return {_plain(text): code for code, known in known_languages().items() for text in (*known.heard, *known.no)}


def told_language(text: str, current: str, ours: Collection[str], state: DialogueState) -> str:
    """Returns the language of an utterance: the current one unless another is plain.

    A name may be of any language, and so is what is told of whom a booking is with.

    Args:
        text: The utterance as transcribed.
        current: The language of the call.
        ours: The languages that the call may be led in; one of them takes less to be taken for it.
        state: What was asked.
    """
    if state.expecting in ABOUT_THE_CONTACT or (current == FIRST_LANGUAGE and find_name(text)):
        return current
    plain = _plain(text)
    told = _by_whole_utterance().get(plain) or _stop(plain)
    if told is not None:
        return told
    words = _WORD.findall(text)
    known = known_languages().get(current)
    is_ours = known is not None and len(words) <= _FEW_WORDS and not known.own.isdisjoint(plain.split())
    is_name = len(words) > 1 and all(word[0].isupper() for word in words)
    is_short = len(plain) < _FEWEST_CHARACTERS or (len(set(plain.split())) < _FEWEST_WORDS and plain.isascii())
    if is_ours or is_name or is_short:
        return current
    probable = {name: float(chance) for name, chance in _identifier().rank(text.lower())}
    likeliest = str(max(probable, key=lambda name: probable[name]))
    left = probable.get(current, 0.0)
    if probable[likeliest] >= _SURE and left <= _LEFT_FOR_OURS:
        return likeliest
    other = max((name for name in ours if name != current), key=lambda name: probable.get(name, 0.0), default=current)
    return other if probable.get(other, 0.0) >= _ONE_OF_OURS and left <= _LEFT_FOR_CURRENT else current


@cache
def _stops() -> dict[str, str]:
    return {f" {_plain(text)} ": code for code, known in known_languages().items() for text in known.stop}


def _stop(text: str) -> str | None:
    """Returns the language in which a plain text asks not to be called, None if it does in none."""
    said = f" {text} "
    return next((code for words, code in _stops().items() if words in said), None)


def wanted_language(found: Analysis, text: str) -> str | None:
    """Returns the language that is asked for; one that the caller only says that he does not speak is none.

    Whoever names two excuses himself for the first.
    """
    if not found.has(Intent.OTHER_LANGUAGE) or _HEARD["lacks_language"].search(found.words):
        return None
    said = f" {_plain(text)} "
    named = ((said.rfind(f" {name} "), code) for code, known in known_languages().items() for name in known.named)
    place, code = max(named)
    is_named = re.search(rf"\b{_PARTS['other_language']}\b", found.words) is not None
    return code if place >= 0 else UNDETERMINED if is_named else None


def wants_this_language(found: Analysis) -> bool:
    """Whether a caller who speaks of languages wants the one that is spoken."""
    lacks = _HEARD["lacks_language"].search(found.words)
    return _HEARD["speaks_ours"].search(found.words) is not None and not lacks


def of_another_language(found: Analysis) -> Analysis:
    """Returns what is heeded of words in a language that is not followed: next to nothing that they look like."""
    known = known_languages().get(found.language or "")
    kept = [one for one in found.intents if one.intent in _HEEDED_IN_ANY_LANGUAGE and one.confidence >= LIKELY]
    kept += [FoundIntent(Intent.DO_NOT_CALL, 1.0)] if _stop(_plain(found.quote)) else []
    return Analysis(
        quote=found.quote,
        words=found.words,
        intents=(*kept, FoundIntent(Intent.OTHER_LANGUAGE, 1.0)),
        polarity=False if known is not None and _begins_with_any(_plain(found.quote), known.no) else None,
        language=found.language,
    )


def _begins_with_any(text: str, beginnings: Collection[str]) -> bool:
    return any(f"{text} ".startswith(f"{_plain(one)} ") for one in beginnings)


def as_first_words(found: Analysis, state: DialogueState) -> Analysis:
    """Returns the same without a parting or a pause that nobody begins with, unless it is a plain one.

    It is what a recogniser makes of a greeting that it did not understand.
    """
    if state.turns > 1 or state.facts or not found.has(*_PARTINGS) or _HEARD["plain_parting"].search(found.words):
        return found
    return found.without(*_PARTINGS)
