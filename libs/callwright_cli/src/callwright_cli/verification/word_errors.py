"""Word errors between what was said and what a transcriber heard, with numbers and times written alike."""

import re

import jiwer
from num2words import num2words  # type: ignore[import-untyped]

_CONTRACTIONS = jiwer.ExpandCommonEnglishContractions()


def spoken_form(text: str) -> list[str]:
    """Returns the words of a text as they are spoken: figures, times, money and ordinals in words, no punctuation."""
    text = text.lower().replace("\u2019", "'")
    text = re.sub(r"\b([ap])\.?m\b\.?", r"\1m", text)
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    text = re.sub(r"\$(\d+(?:\.\d+)?)", r"\1 dollars", text)
    text = re.sub(r"(?<=\d)%", " percent", text)
    text = re.sub(r"\b(1[0-2]|0?[1-9])[:.]([0-5]\d)(?!\d)", _clock_words, text)
    text = re.sub(r"(?<=\bat )(1[0-2]|[1-9])(00|15|30|45)\b", _clock_words, text)
    text = re.sub(r"\b(\d+)(?:st|nd|rd|th)\b", lambda match: _words(match[1], ordinal=True), text)
    text = re.sub(r"\d+", lambda match: f" {_words(match[0])} ", text)
    text = str(_CONTRACTIONS(text)).replace("o'clock", " ").replace("e-mail", "email")
    return re.findall(r"[a-z]+", re.sub(r"\bok\b", "okay", text.replace("'", "")))


def word_errors(reference: str, hypothesis: str) -> tuple[int, int]:
    """Returns the number of word errors in `hypothesis` and the number of words of `reference`."""
    expected, heard = spoken_form(reference), spoken_form(hypothesis)
    if not expected:
        return len(heard), 0
    if not heard:
        return len(expected), len(expected)
    measured = jiwer.process_words(" ".join(expected), " ".join(heard))
    return measured.substitutions + measured.deletions + measured.insertions, len(expected)


def _clock_words(match: re.Match[str]) -> str:
    minute = "" if match[2] == "00" else _words(match[2])
    return f" {_words(match[1])} {minute} "


def _words(figures: str, *, ordinal: bool = False) -> str:
    number = int(figures[:12])
    spoken = str(num2words(number, to="ordinal" if ordinal else "cardinal"))
    return re.sub(r"\band\b", " ", spoken.replace("-", " ").replace(",", " "))
