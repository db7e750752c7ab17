"""What of a line of a model's answer is said: no labels, stage directions, calls of functions, nor thinking aloud."""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum, auto
from html import unescape

from dialogue.grammar.words import plain_words
from dialogue.language import language
from dialogue.model.answer import SPOILT
from dialogue.spoken import spoken_text

_LINES = language("model/lines").patterns
_LABEL = re.compile(
    r"""^[\s#>*_~|\-\["“(]*(?P<label>[A-Za-z][\w'\u2019 ./&-]{0,50}?)[\])*_"”\s]*(?:[(\[][^)\]\n]{0,60}[)\]][*_\s]*)?"""
    r"(?P<colon>[:\u2013\u2014])?[*_]*(?:(?<=[:\u2013\u2014*])|\s*$|\s*\n)"
)
_DIRECTION = re.compile(r"[(\[*_~]+([^()\[\]*_~\n]{1,120})[)\]*_~]+")
_LEADING_DIRECTION = re.compile(
    r"^\s*(?:\([^)\n]{0,200}\)|\[[^\]\n]{0,200}\](?![(*\s]*[:(])|(?<!\*)\*(?=[a-z])[^*\n]{1,200}\*(?!\*))\s*"
)
_LONGEST_LINE = 600
_LINK = re.compile(r"\[[^\]\n]*\]\(")
_NOT_SPEECH = re.compile(r"[A-Za-z0-9]_[A-Za-z0-9]|\w+(?:\.\w+)+\(|\w\((?=[^)]*[=:\"'{])|\w\(\)|^\s*\||\$\{|=>|==|\\\w")


class LineKind(Enum):
    """What becomes of a line."""

    SAID = auto()
    LEFT_OUT = auto()
    THOUGHT = auto()
    """Left out, and what follows belongs to it until an answer begins."""
    NOT_OURS = auto()
    """Somebody else speaks: the answer is over."""


@dataclass(frozen=True)
class Line:
    """A line, and its words fit to be spoken where it is said.

    Attributes:
        begins_answer: Whether it bears the label of an answer.
    """

    kind: LineKind
    text: str = ""
    begins_answer: bool = False


def read_line(raw: str, speaker: str) -> Line:
    """Returns what becomes of a line of a model's answer; `speaker` is the agent's name in lower case."""
    if len(raw) > _LONGEST_LINE:
        return Line(LineKind.LEFT_OUT)
    begins, raw = False, _without_directions(raw)
    if label := _LABEL.match(raw):
        kind = _labelled(label, speaker)
        if kind in {LineKind.THOUGHT, LineKind.NOT_OURS}:
            return Line(kind)
        if begins := kind is LineKind.SAID:
            raw = raw[label.end() :]
        elif raw.lstrip().startswith("#"):
            return Line(LineKind.LEFT_OUT)
    if SPOILT in raw or _NOT_SPEECH.search(raw) or ("[" in raw and not _LINK.search(raw)):
        return Line(LineKind.LEFT_OUT, begins_answer=begins)
    text = spoken_text(_plain_characters(raw)).strip()
    words = plain_words(text).text
    if _LINES["thinking"].search(words):
        return Line(LineKind.THOUGHT)
    left_out = (_LINES["about_the_text"], _LINES["narration"], _LINES["foreign"])
    if not re.search(r"\w", text) or any(pattern.search(words) for pattern in left_out):
        return Line(LineKind.LEFT_OUT, begins_answer=begins)
    return Line(LineKind.SAID, text, begins)


def _plain_characters(raw: str) -> str:
    """Returns a line without entities of markup, letters in disguise and signs that strike others through."""
    text = unicodedata.normalize("NFKC", unescape(raw))
    return "".join(character for character in text if not unicodedata.combining(character))


def _labelled(label: re.Match[str], speaker: str) -> LineKind | None:
    """Returns what the label of a line makes of it, None where it is none."""
    name = " ".join(label["label"].lower().split()).strip("'\u2019 .")
    marked = bool(label["colon"]) or label[0].lstrip().startswith(("#", "**", "["))
    if not marked:
        return None
    if _LINES["hidden_label"].search(name):
        return LineKind.THOUGHT
    if not label["colon"] and not label[0].lstrip().startswith("#"):
        return LineKind.SAID if _LINES["spoken_label"].search(name) else None
    if _LINES["spoken_label"].search(name) or speaker.split(maxsplit=1)[0] in name.split():
        return LineKind.SAID
    return LineKind.NOT_OURS if label["colon"] and _LINES["other_speaker"].search(name) else None


def _without_directions(raw: str) -> str:
    """Returns a line without what is to be done instead of said."""
    before = ""
    while before != raw:
        before, raw = raw, _LEADING_DIRECTION.sub("", raw)
    return _DIRECTION.sub(lambda found: "" if _LINES["directions"].search(found[1].lower().strip()) else found[0], raw)
