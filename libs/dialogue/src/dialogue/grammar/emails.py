"""E-mail addresses, written or said aloud: "t dot okoro at example dot org"."""

import re

from dialogue.grammar.corrections import CORRECTED
from dialogue.grammar.number_words import HUNDRED, TENS, UNITS
from dialogue.grammar.phones import digits_of
from dialogue.grammar.spellings import without_explanation
from dialogue.language import language, remembered

_LANGUAGE = language("emails")
_WWW, _LETTER = "www", "letter"
_NO_PARTS = frozenset(_LANGUAGE.words["no_parts"])
_TOP_DOMAINS = frozenset(_LANGUAGE.words["top_domains"])
_REPEATED = language("numbers").numbers["repeated"]
_NUMBER_WORDS = frozenset(word for word in {*UNITS, *TENS, *HUNDRED} if len(word) > 1)

_WRITTEN = re.compile(r"[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+")
_NEW_END = re.compile(rf"\b(?:{'|'.join(_LANGUAGE.words['correcting'])}) \. (?P<end>{'|'.join(_TOP_DOMAINS)})\b")
_NO_DOT = re.compile(rf"\b{_LANGUAGE.parts['without']}\s+\.(?!\s*(?:{'|'.join(_TOP_DOMAINS)})\b)")
_RUN_TOGETHER = re.compile(
    rf"(?<!\S)(?!{_WWW}\.)(?P<local>[\w.+-]*\w){_LANGUAGE.parts['at']}(?P<domain>[a-z0-9-]{{3,63}}\.(?:{'|'.join(_TOP_DOMAINS)}))(?!\S)"
)
_LED_IN = re.compile(rf"^.*(?::|\b(?:{'|'.join(_LANGUAGE.words['leads_in'])}),)(?=\s)", re.IGNORECASE)
_STRIPPED = " .,;:!?"
_ANNOUNCED = _LANGUAGE.patterns["announced"]
_END_SAID = re.compile(
    rf"(?:\b(?P<label>(?!(?:{'|'.join(_LANGUAGE.words['no_labels'])})\b)[a-z0-9]+)\s+)?\.\s*(?P<end>{'|'.join(_TOP_DOMAINS)})\b"
)
_SIGNS = "._+-"
_WORD_OR_SIGN = re.compile(r"[a-z]+|\d+|[@._+-]")
_HYPHENATED = re.compile(rf"\b({'|'.join(TENS)})-(?=(?:{'|'.join(UNITS)})\b)")
_PAUSE = re.compile(r"[.,;:!?]+(?=\s|$)|\.{2,}|'s?\b")
_AT_BEHIND_A_DOT = re.compile(r"\.\s+@(?=\s*$)")
"""It is the end of an address and no @."""
_LETTERS = re.compile(r"\b[a-z](?: [a-z]){1,3}\b")
_AT, _DOT = "@", "."
_AUSTRIA = "at"
_BARE_ENDS = ("end_not", "not_end", "end_alone", "ends_in")
_MOST_WORDS = 3
_MOST_LETTERS = 63
"""Of a part of a domain: no longer one exists."""


def find_email(utterance: str) -> str | None:
    """Returns the e-mail address of an utterance as transcribed, the last of several; None if there is none."""
    behind = _LED_IN.sub("", utterance)
    utterance = behind if _LANGUAGE.replaced(behind.lower()).partition(_AT)[0].strip(_STRIPPED) else utterance
    text = _PAUSE.sub(" ", without_explanation(utterance).lower())
    if written := _WRITTEN.findall(text):
        return str(written[-1])
    words = _written_words(utterance)
    found = None
    for place, word in enumerate(words):
        if word == _AT:
            local, domain = _local_part(words[:place]), _domain(words[place + 1 :])
            found = f"{local}@{_corrected(domain, words[place:])}" if local and domain else found
    return found or _run_together(text)


def begun_email(utterance: str) -> str:
    """Returns the beginning of an address of which no more is told: "t dot okoro at"; empty if none is.

    A domain without its end belongs to it: "t dot okoro at example".
    """
    words = _written_words(utterance)
    if words[-1:] == [_AT]:
        return _local_part(words[:-1])
    if _AT in words:
        place = words.index(_AT)
        label = _label(words[place + 1 :])
        local = _local_part(words[:place]) if label else ""
        return f"{local}@{label}" if local and local not in _no_labels() else ""
    return _own_part(" ".join(words)) if any(word in _SIGNS for word in words) else ""


def finished_email(begun: str, utterance: str) -> str | None:
    """Returns the address that was begun with what is told now: "at example dot org", or only its end: "dot org"."""
    words = _written_words(utterance)
    while words and (words[0] == _AT or words[0] in _NO_PARTS):
        words = words[1:]
    local, _, label = begun.partition(_AT)
    domain = _domain(words)
    end = words[1:] if words[:1] == [_DOT] else words
    if label and not domain and len(end) in {1, 3}:
        domain = _domain([label, _DOT, *end])
    return f"{local}@{domain}" if domain else None


@remembered(4)
def _no_labels() -> frozenset[str]:
    """Returns the words that are neither the name nor the domain of an address: "not at all", "I am at work"."""
    words = language("contact").words
    return frozenset(word for kind in ("function_words", "states", "no_answer") for word in words[kind])


def _label(words: list[str]) -> str:
    """Returns the domain that some words are, all but its end; empty if they are none."""
    is_one = 0 < len(words) <= _MOST_WORDS and not any(one in _SIGNS + _AT or one in _no_labels() for one in words)
    return _joined(words) if is_one and not _NO_PARTS.intersection(words) else ""


def _written_words(utterance: str) -> list[str]:
    """Returns the words and signs of an address as they are written."""
    text = _PAUSE.sub(" ", without_explanation(utterance).lower())
    words = _LANGUAGE.replaced(_HYPHENATED.sub(r"\1 ", text))
    return _WORD_OR_SIGN.findall(_AT_BEHIND_A_DOT.sub(f"{_DOT} {_AUSTRIA}", words))


def _run_together(text: str) -> str | None:
    """Returns an announced address that was written as one word: "my email is mark.bakeratexample.com"."""
    match = _RUN_TOGETHER.search(text) if _ANNOUNCED.search(text) else None
    return f"{match['local']}@{match['domain']}" if match else None


def _bare_end(plain: str) -> str:
    """Returns the end of a domain that is told with or without its dot as the right one; empty if none is."""
    text = _LETTERS.sub(lambda run: run[0].replace(" ", ""), " ".join(plain.split()))
    return next((found["new"] for form in _BARE_ENDS if (found := CORRECTED[form].search(text))), "")


def is_joined(address: str, utterance: str) -> bool:
    """Whether the domain of an address was said in several words, which may be meant otherwise."""
    name = address.partition("@")[2].partition(_DOT)[0]
    return name not in re.findall(r"[a-z0-9-]+", utterance.lower())


def corrected_email(utterance: str, address: str) -> str | None:
    """Returns an address with the part behind the @ put right that somebody speaks of; None if he speaks of none."""
    plain = _PAUSE.sub(" , ", utterance.lower())
    words = CORRECTED["not_that_end"].sub(" ", _LANGUAGE.replaced(plain))
    local, _, domain = address.partition("@")
    if (new := _bare_end(plain)) and new != domain.rpartition(_DOT)[2]:
        return f"{local}@{domain.rpartition(_DOT)[0]}.{new}"
    if _NO_DOT.search(words):
        return f"{local.replace(_DOT, '')}@{domain}"
    if (at := re.search(r"(?:^|\s)@\s+", words)) and (whole := _domain(_WORD_OR_SIGN.findall(words[at.end() :]))):
        return f"{local}@{whole}"
    if any(sign in words.split() for sign in _SIGNS) and (own := _own_part(words)):
        return f"{own}@{domain}"
    for match in _END_SAID.finditer(words):
        named = match["label"] is not None and match["label"] not in _NO_PARTS
        labels = _domain(_WORD_OR_SIGN.findall(words[match.start("label") :])) if named else ""
        if labels and labels != domain:
            return f"{local}@{labels}"
        if match["end"] != domain.rpartition(_DOT)[2]:
            return f"{local}@{domain.rpartition(_DOT)[0]}.{match['end']}"
    return None


def _own_part(words: str) -> str:
    """Returns what stands before the @ where that alone is told: "t dot okoro"; empty if it is not."""
    found = _WORD_OR_SIGN.findall(words)
    ends = found[-1:] and found[-1] in _TOP_DOMAINS and found[-2:-1] == [_DOT]
    return "" if ends or _AT in found else _local_part(found)


def _corrected(domain: str, words: list[str]) -> str:
    """Returns a domain with the end that replaces its own: "dot net, no, dot org"."""
    last = _NEW_END.search(" ".join(words))
    return f"{domain.rpartition(_DOT)[0]}.{last['end']}" if last else domain


def _domain(words: list[str]) -> str:
    """Returns the domain that some words begin with: "my hyphen site dot co dot uk"; empty if they do not."""
    labels: list[str] = []
    label: list[str] = []
    for place, word in enumerate(words):
        if word == _DOT:
            labels.append(_joined(label))
            label = []
            continue
        following = words[place + 1 : place + 2]
        if labels and following != [_DOT] and (word not in _TOP_DOMAINS or following == ["-"]):
            break
        if word == _AT or len(label) > _MOST_LETTERS or sum(len(one) > 1 for one in label) > _MOST_WORDS:
            return ""
        label.append(word)
        if labels and words[place + 1 : place + 2] != [_DOT]:
            break
    labels.append(_joined(label))
    is_whole = len(labels) > 1 and all(labels) and labels[-1] in _TOP_DOMAINS and labels[0] != _WWW
    return ".".join(labels) if is_whole else ""


def _local_part(words: list[str]) -> str:
    """Returns what stands before the @ at the end of some words, empty if nothing does."""
    part: list[str] = []
    loose = 0
    for place in range(len(words) - 1, -1, -1):
        word, before = words[place], words[place - 1] if place else ""
        beside_a_sign = (bool(part) and part[0] in _SIGNS) or (before and before in _SIGNS)
        among_letters = len(word) == 1 and (before == _LETTER or 1 in {len(before), *map(len, part[:1])})
        if word == _AT or (word in _NO_PARTS and not beside_a_sign and not among_letters):
            break
        is_word = len(word) > 1 and word.isalpha() and word not in _NUMBER_WORDS and word not in _REPEATED
        loose = loose + 1 if is_word and not beside_a_sign else loose
        if loose > _MOST_WORDS:
            break
        part.insert(0, word)
    return _joined(part).strip(_SIGNS)


def _joined(words: list[str]) -> str:
    """Returns words as one: letters as they are, "forty two" as 42, "double n" as nn."""
    written: list[str] = []
    numbers: list[str] = []
    times = 1
    for word in [*words, ""]:
        if word in _NUMBER_WORDS and times == 1:
            numbers.append(word)
            continue
        if numbers:
            written.append(digits_of(" ".join(numbers)))
            numbers = []
        if word in _REPEATED:
            times = _REPEATED[word]
        else:
            written.append((str(UNITS[word]) if times > 1 and word in UNITS else word) * times)
            times = 1
    return "".join(written)
