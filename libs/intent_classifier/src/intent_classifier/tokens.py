"""What the network reads: the agent's question, and the caller's words or an option, as one row of tokens."""

from tokenizers import Tokenizer

Option = tuple[str, tuple[str, ...]]
"""What a campaign offers to be meant: its name, and the phrases or sentences that tell more of it."""
_MAX_QUESTION_TOKENS = 30
_MAX_TOKENS = 96
_FRAME = 3
_FULL_STOPS = " .!\u2026"


def encoded_pair(tokenizer: Tokenizer, question: str, text: str) -> tuple[list[int], list[int]]:
    """Returns the tokens of a pair, at most 96, and whose each is: 0 the agent's, 1 the caller's.

    Of the question the end is kept, of the caller's words the beginning, with a full stop or a question mark.
    """
    asked = tokenizer.encode(question, add_special_tokens=False).ids[-_MAX_QUESTION_TOKENS:]
    said = tokenizer.encode(_ended(text), add_special_tokens=False).ids[: _MAX_TOKENS - len(asked) - _FRAME]
    first, last = _id_of(tokenizer, "[CLS]"), _id_of(tokenizer, "[SEP]")
    return [first, *asked, last, *said, last], [0] * (len(asked) + 2) + [1] * (len(said) + 1)


def option_text(option: Option) -> str:
    """Returns the words by which the network reads an option."""
    name, phrases = option
    return ": ".join(part for part in (name, ", ".join(phrases)) if part)


def _ended(text: str) -> str:
    """Returns a text with one mark at its end: a recogniser sets a full stop or none, whatever was said."""
    ended = text.rstrip(_FULL_STOPS)
    return ended if ended.endswith("?") else f"{ended}."


def _id_of(tokenizer: Tokenizer, token: str) -> int:
    known = tokenizer.token_to_id(token)
    if known is None:
        raise ValueError(f"the vocabulary lacks {token}")
    return known
