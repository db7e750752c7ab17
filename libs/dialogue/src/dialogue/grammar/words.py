"""The words of an utterance in one plain form, whatever the transcriber made of case, punctuation and contractions."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import zip_longest

from dialogue.language import language, remembered

MAX_CHARACTERS = 4000

_NUMBER_COMMA = re.compile(r"(?<=\d),(?=(?:\d\d,)*\d{3}\b)")
_CLAUSE_END = re.compile(r"([?!;]+|(?<!\d)[.,:]+|[.,:]+(?!\d)|\s[-\u2013\u2014]+\s|\u2014|\.\.\.)")
_MOST_CLAUSES = 200
"""So many pauses are heard; what follows the last of them is one clause."""
_PLAIN_CHARACTERS = str.maketrans({"\u2019": "'", "\u2018": "'", "`": "'", "_": " "})
_FOREIGN_DIGIT = re.compile(r"[^\D0-9]")
_NOT_A_WORD = re.compile(r"[^\w\s$€£₹%:.'&/-]")

_POSSESSIVE = re.compile(r"'s\b")
_SPELLING, _FIGURES = language("spelling"), language("figures_written")
_WORDS = language("matching").words


@dataclass(frozen=True)
class Words:
    """An utterance as plain words.

    Attributes:
        original: What was said, as transcribed.
        text: The words in lower case with contractions written out, separated by single spaces, without punctuation.
        clauses: The same words, cut where the transcriber heard a pause.
        asks: Whether the transcriber set a question mark.
        raised: Of each clause, whether it ends with one.
    """

    original: str
    text: str
    clauses: tuple[str, ...]
    asks: bool
    raised: tuple[bool, ...] = ()

    @property
    def marked(self) -> frozenset[str]:
        """The clauses that end with a question mark."""
        return frozenset(clause for clause, raised in zip(self.clauses, self.raised, strict=False) if raised)

    @property
    def tokens(self) -> list[str]:
        """The single words."""
        return self.text.split()

    def cut(self, text: str) -> tuple[str, ...]:
        """Returns another text of the same length cut like this one's clauses."""
        cut, start = [], 0
        for clause in self.clauses:
            cut.append(text[start : start + len(clause)])
            start += len(clause) + 1
        return tuple(cut)


def plain_words(utterance: str) -> Words:
    """Returns an utterance in its plain form."""
    original = utterance[:MAX_CHARACTERS].encode(errors="replace").decode().strip()  # half characters become "?"
    original = _FOREIGN_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), original)
    text = unicodedata.normalize("NFKC", original).lower()
    text = text.translate(_PLAIN_CHARACTERS)
    text = _SPELLING.replaced(text)
    text = _POSSESSIVE.sub("", _NUMBER_COMMA.sub("", _FIGURES.replaced(text)))
    clauses, raised = [], []
    pieces = _CLAUSE_END.split(text)
    for piece, end in zip_longest(pieces[::2], pieces[1::2], fillvalue=""):
        words = " ".join(word.strip("'.:/-&") for word in _NOT_A_WORD.sub(" ", piece).split())
        words = " ".join(words.split())
        if words:
            clauses.append(words)
            raised.append("?" in end)
    text = " ".join(clauses)
    if len(clauses) > _MOST_CLAUSES:
        clauses[_MOST_CLAUSES - 1 :] = [" ".join(clauses[_MOST_CLAUSES - 1 :])]
        raised[_MOST_CLAUSES - 1 :] = [any(raised[_MOST_CLAUSES - 1 :])]
    return Words(original, text, tuple(clauses), "?" in original, tuple(raised))


def without_clauses(utterance: str, clauses: tuple[str, ...]) -> str:
    """Returns an utterance as transcribed without some of its clauses, which are in plain words."""
    pieces = _CLAUSE_END.split(utterance)
    kept = zip_longest(pieces[::2], pieces[1::2], fillvalue="")
    return "".join(piece + end for piece, end in kept if plain_words(piece).text not in clauses).strip()


@remembered(4096)
def stem(word: str) -> str:
    """Returns a word without its commonest endings, so that "installing" and "installation" meet."""
    for ending in _WORDS["endings"]:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            root = word[: -len(ending)]
            return root + "y" if ending in _WORDS["endings_of_y"] else root.rstrip("e")
    return word.rstrip("e") if len(word) > 3 else word
