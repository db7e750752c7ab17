"""What an utterance tells of others, who are not of the caller's household or firm: it answers nothing for him."""

from dialogue.grammar.passages import Passage
from dialogue.grammar.words import Words
from dialogue.language import language

_HEARD = language("of_others").patterns


def take_others(passage: Passage, words: Words, told_before: str) -> None:
    """Takes away what is told of others: "my brother has a budget of forty thousand", not what stands beside it.

    Args:
        passage: The text of the words.
        words: What was said.
        told_before: What the caller said of who decides: whoever owns or decides with him is none of the others.
    """
    shared = _sharing(f"{told_before.lower()} {words.text}")
    ends = _clause_ends(words)
    for match in _HEARD["tells"].finditer(words.text):
        named = next(filter(None, match.groupdict().values()))
        if named.rstrip("s") in shared:
            continue
        clause_end = next(end for end in ends if match.end() <= end)
        own = _HEARD["until"].search(words.text, match.end(), clause_end)
        passage.take(match.start(), own.start() if own is not None else clause_end)


def _sharing(text: str) -> set[str]:
    """Returns whom a caller names as owning or deciding with him."""
    named = (name for match in _HEARD["shares"].finditer(text) for name in match.groupdict().values())
    return {name.rstrip("s") for name in named if name}


def _clause_ends(words: Words) -> list[int]:
    ends, end = [], 0
    for clause in words.clauses:
        end += len(clause)
        ends.append(end)
        end += 1
    return ends
