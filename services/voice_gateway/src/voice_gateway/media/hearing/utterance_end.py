"""Whether the words before a pause are complete, or the caller is in the middle of a sentence."""

import re

_WORD = re.compile(r"[a-z0-9$%']+")
_HESITATIONS = frozenset({"um", "umm", "uh", "er", "erm"})
# Whisper hears a lone "um" as one of these. Said alone, none of them answers anything.
_NOTHING_YET = frozenset({"i'm", "so", "well", "like", "and", "i mean", "you know", "actually", "let's see"})
_MORE_FOLLOWS = frozenset(
    {
        *("a", "an", "the", "my", "our", "your", "their"),
        *("and", "but", "or", "because", "if", "whether", "than", "then"),
        *("that's", "there's", "it's", "i'm", "we're", "they're", "you're", "i'd", "we'd", "i'll", "we'll", "i've"),
        *("to", "of", "for", "from", "with", "at", "in", "on", "by", "about", "until", "within", "into", "like"),
        *("around", "roughly", "approximately", "between", "we", "they"),
    }
)
_COMPLETE_ENDS = re.compile(
    r"\b(?:(?:go|hold|hang|come|carry|move|moving|going|keep) (?:on|in)|"
    r"(?:looking|wait|asked?|asking|pay|paying|calling|there) for|"
    r"(?:think|talk|thought|know|sure|talking|heard|worry|worried) about|"
    r"(?:what|how) about|(?:looks?|sounds?|it|that) like|"
    r"(?:are|do|can|could|should|will|did|have|so) (?:we|they))$"
)
_THINKING = re.compile(r"\b(?:let me (?:see|think|check|look))$")


def is_complete(text: str) -> bool:
    """Returns whether nothing needs to follow the words; True for none at all."""
    text = text.strip().lower().replace("\u2019", "'")
    words = _WORD.findall(text)
    if not words or text.endswith("?"):
        return True
    if text.endswith((",", "-", "\u2014", ":", "...", "\u2026", "$")):
        return False
    plain = " ".join(words)
    if words[-1] in _HESITATIONS or plain in _NOTHING_YET or _THINKING.search(plain):
        return False
    if words[-1] == "i":
        return plain.endswith("and i")
    return words[-1] not in _MORE_FOLLOWS or bool(_COMPLETE_ENDS.search(plain))
