"""The name in the answer of a caller who is asked for it, in whatever sentence it stands.

What is no name is told by the shape of the sentence: words that hold it together belong to none, and neither does what
says where somebody is or what he does.
"""

import re
from collections.abc import Iterator

from dialogue.grammar.number_words import SCALES, TENS, UNITS
from dialogue.grammar.spellings import without_spelling
from dialogue.language import language

_LANGUAGE = language("contact")
_HEARD, _WORDS = _LANGUAGE.patterns, _LANGUAGE.words
_PARTICLES = frozenset(language("names").words["particles"])
_NUMBERS = UNITS.keys() | TENS.keys() | SCALES.keys()
_WORD = re.compile(r"[^\s,;:!?\u2026]+")
_PAUSE = re.compile(r"[,;:!?]+|[.]+(?=\s|$)")
_PART = re.compile(r"[^\W\d_](?:[^\W\d_]|['.\u2019-]){0,39}")
_OWNS = re.compile(r"['\u2019]s$")
_MOST = 6


def own_name(answer: str) -> str | None:
    """Returns the name that an answer tells, None if it tells none.

    It is the longest run of words with a capital; where there is none, a clause that holds nothing else.
    """
    text = without_spelling(answer)
    if _HEARD["in_an_address"].search(text):
        return None
    clauses = [_WORD.findall(clause) for clause in _PAUSE.split(text)]
    runs = [run for words in clauses for run in _large_runs(words) if _may_be_a_name(run)]
    longest = max(runs, key=len, default=[])
    if len(longest) < 2:
        whole = [found for words in clauses if (found := _whole_clause(words))]
        longest = _joined(whole) if len(whole) > 1 or not runs else runs[-1]
    return " ".join(longest) or None


def _large_runs(words: list[str]) -> Iterator[list[str]]:
    """Returns the runs of words with a capital but for places; that of the first word tells nothing if it is alone."""
    run: list[str] = []
    for place, word in enumerate([*words, ""]):
        following = words[place + 1] if place + 1 < len(words) else ""
        goes_on = following[:1].isupper() or following in _PARTICLES
        starts = place > 0 or not following or goes_on or _is_small(following)
        if word[:1].isupper() and starts and not _is_no_name(word, following, within=bool(run)):
            run.append(_OWNS.sub("", word) if _is_small(following) else word)
        elif word.lower() in _PARTICLES and goes_on and (run or _may_lead(words[:place])):
            run.append(word)
        else:
            if run and not _places(words[: place - len(run)]):
                yield run
            run = []


def _may_lead(before: list[str]) -> bool:
    """Whether a name may begin with a small word behind some words: "de Vito", "it's van Buren"."""
    last = before[-1].lower() if before else ""
    return not last or _plain(last) in _WORDS["before_a_name"] or _HEARD["links"].fullmatch(last) is not None


def _places(before: list[str]) -> bool:
    """Whether behind some words stands where somebody is, or of what."""
    behind = before[-1].lower() if before else ""
    introduced = _HEARD["introduces"].search(" ".join(before).lower()) is not None
    return not introduced and (behind in _WORDS["before_no_name"] or behind in _WORDS["states"])


def _is_no_name(word: str, following: str, *, within: bool) -> bool:
    """Whether a word with a capital belongs to no name, for what stands beside it.

    "Will" does where another such word follows, "Later" does behind one; no title is of the name behind it.
    """
    plain, leads = _plain(word), following[:1].isupper()
    if plain in _WORDS["titles"] and leads:
        return True
    may_be_one = (plain in _WORDS["also_names"] and leads) or (within and not word.isupper() and len(plain) > 1)
    return _is_small(word) and not may_be_one


def _is_small(word: str) -> bool:
    """Whether a word only holds a sentence together, leads to what is told in it, or closes it."""
    return word.lower().endswith(("n't", "n\u2019t")) or any(
        _plain(word) in _WORDS[words] for words in ("function_words", "no_answer", "leads", "closers", "states")
    )


def _plain(word: str) -> str:
    """Returns a word in small letters, without what is contracted with it: "I'd" is "i"."""
    return word.lower().replace("\u2019", "'").strip(".").partition("'")[0]


def _may_be_a_name(run: list[str]) -> bool:
    """Whether some words may be a name: no title alone, and none that only tells what somebody does."""
    alone = run[0].lower() if len(run) == 1 else ""
    if len(run) > _MOST or alone in _WORDS["titles"] or _HEARD["activity"].search(alone):
        return False
    return all(map(_PART.fullmatch, run)) and _NUMBERS.isdisjoint("-".join(run).lower().split("-"))


def _whole_clause(words: list[str]) -> list[str]:
    """Returns the name that a clause consists of, but for what leads to it and what closes it; empty if of more."""
    start, lead = 0, ""
    while start < len(words) and _plain(words[start]) in _WORDS["leads"]:
        start, lead = start + 1, words[start].lower()
    words = words[start:]
    end = next((place for place, word in enumerate(words) if place and _closes(word)), len(words))
    words = words[:end] if all(map(_is_small, words[end:])) else []
    parts = [word for word in words if word.lower() not in _PARTICLES]
    is_plain = bool(parts) and not any(map(_is_small, parts)) and lead not in _WORDS["subjects"]
    is_plain = is_plain and not any(map(_OWNS.search, parts))
    return words if is_plain and _may_be_a_name(words) else []


def _closes(word: str) -> bool:
    return any(_plain(word) in _WORDS[words] for words in ("closers", "tails"))


def _joined(clauses: list[list[str]]) -> list[str]:
    """Returns the name that stands in some clauses: "Tom. Okoro" is one name."""
    both = len(clauses) > 1 and len(clauses[0]) == len(clauses[1]) == 1 and clauses[1][0][0].isupper()
    both = both and clauses[0] != clauses[1]
    return clauses[0] + clauses[1] if both else next(iter(clauses), [])
