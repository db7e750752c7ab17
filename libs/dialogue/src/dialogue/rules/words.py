"""The words of an utterance in one plain form, whatever the transcriber made of case, punctuation and contractions."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

MAX_CHARACTERS = 4000

_YES_SOUNDS = re.compile(r"\b(?:uh[- ]?huh|mm+[- ]?h+m+|m[- ]?hm+|aha)\b")
_NO_SOUNDS = re.compile(r"\b(?:uh[- ]?uh|nuh[- ]?uh)\b")
_FILLERS = re.compile(r"\b(?:u+h+|u+m+|e+r+m*|h+m+|m+m+|a+h+|eh)\b")
_MERIDIEM = re.compile(r"\b([ap])\s?\.\s?m\b\.?")
_HOUR_MERIDIEM = re.compile(r"(\d)\s*([ap]m)\b")
_NUMBER_COMMA = re.compile(r"(?<=\d),(?=\d{3}\b)")
_CLAUSE_END = re.compile(r"[?!;]+|(?<!\d)[.,:]+|[.,:]+(?!\d)|\s[-\u2013\u2014]+\s|\u2014|\.\.\.")
_PLAIN_CHARACTERS = str.maketrans({"\u2019": "'", "\u2018": "'", "`": "'", "_": " "})
_NOT_A_WORD = re.compile(r"[^\w\s$€£%:.'&/-]")

_CONTRACTIONS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\bwon'?t\b", "will not"),
        (r"\b(?:can'?t|can not)\b", "cannot"),
        (r"\bshan'?t\b", "shall not"),
        (r"\bain'?t\b", "is not"),
        (r"\b(do|does|did|is|are|was|were|have|has|had|would|could|should|need|must)n'?t\b", r"\1 not"),
        (r"\bi'?m\b", "i am"),
        (r"\bi'd\b", "i would"),
        (r"\b(you|we|they)'?re\b(?<!\bwere)", r"\1 are"),
        (r"\b(i|you|we|they|could|would|should)'ve\b", r"\1 have"),
        (r"\bive\b", "i have"),
        (r"\b(i|you|he|she|it|we|they|that)'ll\b", r"\1 will"),
        (r"\b(you|he|she|we|they|it|that)'d\b", r"\1 would"),
        (r"\blet'?s\b", "let us"),
        (r"\b(it|that|what|who|why|where|when|how|there|here|he|she)'s\b", r"\1 is"),
        (r"\b(that|what|who|where|how)s\b", r"\1 is"),
        (r"\ba buck (?=(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)\b)", "one hundred "),
        (r"\bgonna\b", "going to"),
        (r"\bwanna\b", "want to"),
        (r"\bgotta\b", "have to"),
        (r"\b(?:kinda|kind of|sorta|sort of)\b", "kind of"),
        (r"\bdunno\b", "do not know"),
        (r"\bgimme\b", "give me"),
        (r"\blemme\b", "let me"),
        (r"\b(?:cuz|cause|coz)\b", "because"),
        (r"\b(?:y'all|ya|u)\b", "you"),
        (r"\bo'? ?clock\b", "oclock"),
        (r"'s\b", ""),
    )
)


@dataclass(frozen=True)
class Words:
    """An utterance as plain words.

    Attributes:
        original: What was said, as transcribed.
        text: The words in lower case with contractions written out, separated by single spaces, without punctuation.
        clauses: The same words, cut where the transcriber heard a pause.
        asks: Whether the transcriber set a question mark.
    """

    original: str
    text: str
    clauses: tuple[str, ...]
    asks: bool

    @property
    def tokens(self) -> list[str]:
        """The single words."""
        return self.text.split()


def plain_words(utterance: str) -> Words:
    """Returns an utterance in its plain form."""
    original = utterance[:MAX_CHARACTERS].encode(errors="replace").decode().strip()  # half characters become "?"
    text = unicodedata.normalize("NFKC", original).lower()
    text = text.translate(_PLAIN_CHARACTERS)
    text = _YES_SOUNDS.sub("yes", text)
    text = _NO_SOUNDS.sub("no", text)
    text = _FILLERS.sub(" ", text)
    text = _MERIDIEM.sub(r"\1m", text)
    text = _HOUR_MERIDIEM.sub(r"\1 \2", text)
    text = _NUMBER_COMMA.sub("", text)
    for pattern, replacement in _CONTRACTIONS:
        text = pattern.sub(replacement, text)
    clauses = []
    for piece in _CLAUSE_END.split(text):
        words = " ".join(word.strip("'.:/-&") for word in _NOT_A_WORD.sub(" ", piece).split())
        words = " ".join(words.split())
        if words:
            clauses.append(words)
    return Words(original, " ".join(clauses), tuple(clauses), "?" in original)


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """Returns a word without its commonest endings, so that "installing" and "installation" meet."""
    for ending in ("ations", "ation", "ings", "ing", "ied", "ies", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            root = word[: -len(ending)]
            return root + "y" if ending in {"ied", "ies"} else root.rstrip("e")
    return word.rstrip("e") if len(word) > 3 else word
