"""Text from outside, cleaned once where it enters: what cannot be stored, sent or spoken is taken out."""

import re

_HIGH_SURROGATE = re.compile(r"[\ud800-\udbff]\Z")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ODD_SPACE = re.compile(r"[\v\f\x1c-\x1f\x85]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")


def clean_text(text: str) -> str:
    """Returns a text that every protocol, file and table takes.

    NUL, other control characters and lone surrogates are removed; the two halves of a pair become its character; white
    space other than blank, tab and the ends of lines becomes a blank.
    """
    if text.isprintable():
        return text
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return _CONTROL.sub("", _ODD_SPACE.sub(" ", text))


class StreamedText:
    """Cleans a text that comes in pieces; a character that is split over two pieces comes with the second."""

    def __init__(self) -> None:
        self._held = ""

    def clean(self, piece: str) -> str:
        """Returns what can be told of the text so far and was not told before; may be empty."""
        text = self._held + piece
        split = _HIGH_SURROGATE.search(text)
        self._held = split.group() if split else ""
        return clean_text(text.removesuffix(self._held))
