"""What of a model's raw text is its answer: reasoning, calls of tools, code and others' turns are taken out.

Models mark these by tags, by special tokens, by brackets or braces. What is open stays out until it is closed; where
something is closed that was never opened, as by a model whose template opens its reasoning, all before it was none of
the answer.
"""

import re
from dataclasses import dataclass

SPOILT = "\ufffc"
"""Stands for something that was taken out of the middle of a line: the sentence with it cannot be said."""

_BAR = r"[|\uff5c]"
_HEADER = rf"<{_BAR}(?:start|im_start|start_header_id|channel){_BAR}>"
_SPEAKING = (
    rf"{_HEADER}\s*(?:assistant|final)\b"
    rf"|<{_BAR}(?:assistant|answer|response|begin_of_solution|end_of_th\w+|end_think|/think){_BAR}>|assistantfinal"
)
_MARK = re.compile(
    r"[<◁](?P<close>/)?(?P<tag>(?!https?:)[A-Za-z][\w:.-]*)(?P<rest>(?:[\s=][^<>]{0,400})?)[>▷]"
    r"|\[(?P<bracket_close>/)?(?P<bracket>think\w*|reasoning|inst|sys|tool\w*|available_tools)\]"
    rf"|(?P<speaking>{_SPEAKING}|\}})"
    rf"|(?P<token>{_HEADER}\s*\w+(?=\W)|(?!{_HEADER})<{_BAR}[^|\uff5c<>]{{1,60}}{_BAR}>)"
    r"|(?P<pair><!--|```|\{)",
    re.IGNORECASE,
)
_UNFINISHED = re.compile(
    rf"(?:{_HEADER}\s*\w*|<[^<>\n]{{0,400}}|\[[^\]\n]{{0,40}}|◁[^▷]{{0,20}}|`{{1,2}}|\w{{1,60}})\Z"
)
_LONGEST_MARK = 500
_ANGLES = str.maketrans("‹›＜＞〈〉⟨⟩❮❯", "<><><><><>")  # noqa: RUF001
_INVISIBLE = re.compile(r"[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_PAIRS = {"<!--": ("(?P<close>-->)", ""), "```": ("(?P<close>```)", f"{SPOILT}\n"), "{": (r"(?P<close>\})|\{", SPOILT)}
_FORMATTING = frozenset(
    {
        "a", "b", "big", "blockquote", "body", "br", "center", "code", "div", "em", "emphasis", "font", "h1", "h2",
        "h3", "h4", "h5", "h6", "head", "hr", "html", "i", "li", "mark", "markdown", "ol", "p", "phoneme", "pre",
        "prosody", "q", "s", "say-as", "small", "span", "speak", "strong", "sub", "sup", "u", "ul", "voice",
    }
)  # fmt: skip
_BREAKING = frozenset({"br", "div", "li", "p"})
_ANSWERING = frozenset(
    {
        "answer", "assistant", "final", "final_answer", "final_response", "message", "output", "reply", "response",
        "say", "speech", "spoken",
    }
)  # fmt: skip
_NEUTRAL_TOKENS = frozenset({"message", "end_header_id", "begin_of_text", "startoftext", "begin\u2581of\u2581sentence"})
_BARE_CHANNELS = ("analysis", "commentary")


@dataclass(slots=True)
class _Hidden:
    """What is open: where its parts open and close, what stands in its place, and how deep it is."""

    parts: re.Pattern[str]
    instead: str = ""
    depth: int = 1


class AnswerStream:
    """Takes a model's raw text piece by piece and gives back the answer in it."""

    def __init__(self) -> None:
        self._raw = ""
        self._hidden: _Hidden | None = None
        self._begun = False

    def take(self, delta: str, *, last: bool = False) -> list[str | None]:
        """Returns the pieces of the answer that the delta brings; None says that what came before was none of it.

        Args:
            delta: What the model said next.
            last: Whether nothing follows; else the end is held back whose meaning more text may change.
        """
        self._raw += _INVISIBLE.sub("", delta.translate(_ANGLES))
        return [piece for piece in self._pieces(last=last) if piece != ""]

    def _pieces(self, *, last: bool) -> list[str | None]:
        pieces: list[str | None] = []
        if not self._begun and not self._begin(last=last):
            return pieces
        while True:
            if self._hidden is not None:
                if not self._skip(self._hidden, pieces):
                    return pieces
                continue
            mark = _MARK.search(self._raw)
            if mark is None:
                break
            pieces.append(self._raw[: mark.start()])
            self._raw = self._raw[mark.end() :]
            self._meet(mark, pieces)
        held = None if last else _UNFINISHED.search(self._raw)
        end = held.start() if held else len(self._raw)
        pieces.append(self._raw[:end])
        self._raw = self._raw[end:]
        return pieces

    def _begin(self, *, last: bool) -> bool:
        """Looks at how the text begins; some templates lose the tokens around the name of a channel."""
        start = self._raw.lstrip()
        longest = max(map(len, _BARE_CHANNELS))
        if not last and len(start) <= longest and any(name.startswith(start) for name in _BARE_CHANNELS):
            return False
        self._begun = True
        if any(start.startswith(name) and start[len(name) :][:1] != ":" for name in _BARE_CHANNELS):
            self._hidden = _other_message()
        return True

    def _skip(self, hidden: _Hidden, pieces: list[str | None]) -> bool:
        """Leaves out what is hidden; returns whether its end was found."""
        while part := hidden.parts.search(self._raw):
            self._raw = self._raw[part.end() :]
            hidden.depth += -1 if part["close"] else 1
            if hidden.depth == 0:
                self._hidden = None
                pieces.append(hidden.instead)
                return True
        self._raw = self._raw[-_LONGEST_MARK:]
        return False

    def _meet(self, mark: re.Match[str], pieces: list[str | None]) -> None:
        """Does what a mark asks for."""
        if mark["tag"] or mark["bracket"]:
            self._meet_tag(mark, pieces)
        elif mark["speaking"]:
            pieces.append(None)
        elif mark["pair"]:
            parts, instead = _PAIRS[mark["pair"]]
            self._hidden = _Hidden(re.compile(parts), instead)
        elif mark["token"].strip("<>|\uff5c").lower() not in _NEUTRAL_TOKENS:
            self._hidden = _other_message()

    def _meet_tag(self, mark: re.Match[str], pieces: list[str | None]) -> None:
        name = (mark["tag"] or mark["bracket"]).lower()
        closes = mark["close"] or mark["bracket_close"]
        if name in _FORMATTING or (mark["rest"] or "").rstrip().endswith("/"):
            pieces.append(" " if name in _BREAKING else "")
        elif name in _ANSWERING:
            pieces.append("\n" if closes else None)
        elif closes:
            pieces.append(None)
        else:
            family = r"th(?:ink|ought)\w*" if name.startswith(("think", "thought")) else re.escape(name)
            parts = rf"[<◁\[](?P<close>/)?{family}(?:[\s=][^<>]*)?[>▷\]]"
            self._hidden = _Hidden(re.compile(parts, re.IGNORECASE), "\n")


def _other_message() -> _Hidden:
    """Returns what ends with the next message to the listener."""
    return _Hidden(re.compile(f"(?P<close>{_SPEAKING})", re.IGNORECASE))
