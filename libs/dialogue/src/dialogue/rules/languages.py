"""Which language a caller speaks or asks for; what is short or mixed tells none."""

import re
from dataclasses import replace
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from dialogue.analysis import Analysis, FoundIntent
from dialogue.confidence import LIKELY
from dialogue.grammar.words import Words, plain_words
from dialogue.intents import Intent
from dialogue.language import language
from dialogue.languages import known_languages
from dialogue.state import DialogueState

_SURE, _LEFT_FOR_OURS = 0.85, 0.02
"""How probable a language must be, and how improbable the one of the call; measured on 7,700 English lines."""
_FEWEST_WORDS, _FEW_WORDS = 3, 7
_FEWEST_CHARACTERS = 8
_HEEDED_IN_ANY_LANGUAGE = frozenset({Intent.DO_NOT_CALL, Intent.WANTS_HUMAN, Intent.VOICEMAIL})
"""What counts in words of a language that is not followed: it harms most where it is missed."""
_PARTINGS = frozenset({Intent.GOODBYE, Intent.WAIT})
_HEARD = language("answers").patterns


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(known_languages()))
    return identifier


def _plain(text: str) -> str:
    return plain_words(text).text


def load_identifier() -> None:
    """Reads the model that tells languages apart, which takes half a second, before the first caller speaks."""
    _identifier()


@cache
def _by_whole_utterance() -> dict[str, str]:
    return {_plain(text): code for code, known in known_languages().items() for text in (*known.heard, *known.no)}


def spoken_language(words: Words, current: str) -> str:
    """Returns the language of an utterance: the current one unless another is plain."""
    if (heard := _by_whole_utterance().get(words.text)) is not None:
        return heard
    if (stops := _stop(words.text)) is not None:
        return stops
    tokens = set(re.findall(r"[\w']+", words.original.lower()))
    known = known_languages().get(current)
    is_ours = known is not None and len(words.tokens) <= _FEW_WORDS and not tokens.isdisjoint(known.own)
    if is_ours or (len(tokens) < _FEWEST_WORDS and words.text.isascii()) or len(words.text) < _FEWEST_CHARACTERS:
        return current
    probable = {name: float(chance) for name, chance in _identifier().rank(words.original.lower())}
    likeliest = max(probable, key=lambda name: probable[name])
    plain = probable[likeliest] >= _SURE and probable.get(current, 0.0) <= _LEFT_FOR_OURS
    return likeliest if plain else current


@cache
def _stops() -> dict[str, str]:
    return {f" {_plain(text)} ": code for code, known in known_languages().items() for text in known.stop}


def _stop(text: str) -> str | None:
    """Returns the language in which a plain text asks not to be called, None if it does in none."""
    said = f" {text} "
    return next((code for words, code in _stops().items() if words in said), None)


def wanted_language(words: Words) -> str | None:
    """Returns the language that is named in an utterance, None if there is none."""
    said = f" {words.text} "
    return next(
        (code for code, known in known_languages().items() if any(f" {name} " in said for name in known.named)), None
    )


def of_another_language(found: Analysis) -> Analysis:
    """Returns what is heeded of words in a language that is not followed: next to nothing that they look like."""
    known = known_languages().get(found.language or "")
    kept = [one for one in found.intents if one.intent in _HEEDED_IN_ANY_LANGUAGE and one.confidence >= LIKELY]
    kept += [FoundIntent(Intent.DO_NOT_CALL, 1.0)] if _stop(found.words) else []
    return Analysis(
        quote=found.quote,
        words=found.words,
        intents=(*kept, FoundIntent(Intent.OTHER_LANGUAGE, 1.0)),
        polarity=False if known is not None and found.words in map(_plain, known.no) else None,
        language=found.language,
    )


def as_first_words(found: Analysis, state: DialogueState) -> Analysis:
    """Returns the same without a parting or a pause that nobody begins with, unless it is a plain one.

    It is what a recogniser makes of a greeting that it did not understand.
    """
    if state.turns > 1 or state.facts or not found.has(*_PARTINGS) or _HEARD["plain_parting"].search(found.words):
        return found
    return replace(found, intents=tuple(one for one in found.intents if one.intent not in _PARTINGS))
