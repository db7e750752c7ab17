"""What a caller answers when he is asked for a name, a company or an address: his words without what surrounds them."""

import re
from collections.abc import Iterator

from dialogue.grammar.spellings import without_spelling
from dialogue.language import language, remembered

_LANGUAGE = language("contact")
_HEARD, _WORDS = _LANGUAGE.patterns, _LANGUAGE.words
_WORD = re.compile(r"[^\s,;:!?\u2026]+")
_NAME_PART = re.compile(r"[^\W\d_](?:[^\W\d_]|['.\u2019-]){0,39}")
_PAUSE = re.compile(r"[,;:!?]+")
_PARTICLES = frozenset(language("names").words["particles"])
_MOST = {"caller_name": 6, "company": 6, "address": 18}


@remembered(8)
def _named() -> re.Pattern[str]:
    """Returns what a company's name looks like behind the words that lead to it."""
    parts = "|".join([r"[A-ZÁÉÍÓÚÑ0-9][\w'\u2019&-]*", *_WORDS["small"]])
    return re.compile(rf"\s+(?:the\s+)?(?P<name>[A-ZÁÉÍÓÚÑ][\w'\u2019&-]*(?:\s+(?:{parts}))*)")


def own_words(answer: str, kind: str) -> str | None:
    """Returns the name, company or address that an answer tells, None if it tells none.

    Args:
        answer: What was said, as transcribed.
        kind: `caller_name`, `company` or `address`.
    """
    text = re.sub(r"[.]+(?=\s|$)", ",", answer)
    if kind == "address":
        return _trimmed(_WORD.findall(text), kind)
    if kind == "caller_name":
        return _name(without_spelling(text))
    clauses = [found for clause in _PAUSE.split(text) if (found := _trimmed(_WORD.findall(clause), kind))]
    return next(iter(clauses), None)


def _name(text: str) -> str | None:
    """Returns the name in a sentence: the most words with a capital amid others, else a clause that is nothing else."""
    if _HEARD["in_an_address"].search(text.lower()):
        return None
    clauses = [_WORD.findall(clause) for clause in _PAUSE.split(text)]
    runs = [" ".join(run) for words in clauses for run in _large_runs(words) if _may_be_a_name(run)]
    longest = max(runs, key=lambda run: run.count(" "), default="")
    if " " in longest:
        return longest
    names = runs or [found for words in clauses if (found := _trimmed(words, "caller_name")) and _is_plain_name(found)]
    return _one_name(names)


def _large_runs(words: list[str]) -> Iterator[list[str]]:
    """Returns the runs of words with a capital; that of the first word tells something only if the next has one too."""
    run: list[str] = []
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else ""
        goes_on = not following or following[0].isupper() or _is_small(following)
        is_large = word[0].isupper() and (place > 0 or goes_on) and not _is_no_name(word, following)
        before = words[place - len(run) - 1].lower() if place > len(run) else ""
        if (is_large and before not in _WORDS["before_no_name"]) or (run and word.lower() in _PARTICLES and goes_on):
            run.append(word)
            continue
        if run:
            yield run
        run = []
    if run:
        yield run


def _is_no_name(word: str, following: str) -> bool:
    """Whether a word with a capital belongs to no name: "Will" does where another such word follows."""
    plain = _plain(word)
    may_be_one = plain in _WORDS["also_names"] and following[:1].isupper()
    return _is_small(word) and not may_be_one


def _is_small(word: str) -> bool:
    """Whether a word only holds a sentence together, or leads to what is told in it."""
    return any(_plain(word) in _WORDS[words] for words in ("function_words", "no_answer", "leads"))


def _plain(word: str) -> str:
    """Returns a word in small letters, without what is contracted with it: "I'd" is "i"."""
    return word.lower().replace("\u2019", "'").strip(".").partition("'")[0]


def _may_be_a_name(run: list[str]) -> bool:
    """Whether words with capitals may be a name: no place, no mood, and none that only tells what somebody does."""
    alone = len(run) == 1 and _HEARD["activity"].search(run[0].lower()) is not None
    return run[0].lower() not in _WORDS["states"] and not alone and all(map(_NAME_PART.fullmatch, run))


def _is_plain_name(words: str) -> bool:
    """Whether some words hold nothing that is no name, as in what is transcribed without capitals."""
    parts = [part for part in words.split() if part.lower() not in _PARTICLES]
    others = any(part.lower() in _WORDS["states"] or _is_small(part) for part in parts)
    return bool(parts) and not others and _may_be_a_name(parts)


def _one_name(clauses: list[str]) -> str | None:
    """Returns the name that stands in some clauses: "Tom. Okoro" is one name."""
    both = len(clauses) > 1 and " " not in clauses[0] and clauses[1][0].isupper() and clauses[0] != clauses[1]
    return " ".join(clauses[:2]) if both else next(iter(clauses), None)


def company_beside(utterance: str, name: str | None) -> str | None:
    """Returns the company that somebody tells of his own accord: behind his name, or as the one he calls for."""
    for match in _HEARD["company_alone"].finditer(utterance):
        if (found := _named().match(utterance, match.end())) and match[0].split()[-1].lower() != "from":
            return _without_small_end(found["name"])
    behind = utterance.partition(name)[2] if name else ""
    lead = re.match(rf",?\s+(?:I'm |calling |here )?{_HEARD['before_company'].pattern}", behind)
    found = _named().match(behind, lead.end()) if lead else None
    return _without_small_end(found["name"]) if found else None


def _trimmed(words: list[str], kind: str) -> str | None:
    """Returns words without what leads to them and what follows them, None if no answer is left."""
    while words and words[0].lower() in _WORDS["leads"]:
        words = words[1:]
    taken: list[str] = []
    for word in words[: _MOST[kind]]:
        if kind != "address" and taken and word.lower() in _WORDS["tails"]:
            break
        if len(word) == 1 and word.isalpha() and kind == "caller_name" and taken:
            break
        taken.append(word)
    while taken and taken[-1].lower().strip(".") in _WORDS["closers"]:
        taken.pop()
    fits = taken and taken[0].lower().replace("\u2019", "'") not in _WORDS["no_answer"]
    if kind == "address":
        fits = fits and len(taken) > 1 and _HEARD["street"].search(" ".join(taken).lower()) is not None
    elif kind == "caller_name":
        fits = fits and len(words) <= _MOST[kind] + 2 and all(map(_NAME_PART.fullmatch, taken))
    else:
        fits = fits and any(character.isalnum() for character in "".join(taken))
    return " ".join(map(str, taken)) if fits else None


def _without_small_end(name: str) -> str:
    words = name.split()
    while len(words) > 1 and words[-1] in _WORDS["small"]:
        words.pop()
    return " ".join(words)
