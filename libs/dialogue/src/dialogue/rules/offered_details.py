"""What a caller who booked offers of himself unasked: he wonders whether it is wanted, or simply tells it."""

import re

from dialogue.contact import PERSONAL
from dialogue.grammar.own_names import own_name
from dialogue.grammar.own_words import own_words
from dialogue.grammar.postal import find_postal_address
from dialogue.grammar.words import plain_words
from dialogue.language import language, remembered
from dialogue.rules.utterances import Understanding
from dialogue.state import DialogueState

_LANGUAGE = language("contact")
_HEARD = _LANGUAGE.patterns
_SENTENCE = re.compile(r"[^.?!]+(?:[.](?=\S)[^.?!]*)*[.?!]*")


@remembered(16)
def _offers(fact: str) -> re.Pattern[str]:
    return language("contact_wrong", detail=_LANGUAGE.parts[f"detail_{fact}"]).patterns["offers"]


def offered_details(state: DialogueState, said: Understanding) -> tuple[str, ...]:
    """Returns the details of which a caller who booked wonders whether they are wanted, in a fixed order."""
    if state.booked is None:
        return ()
    return tuple(sorted(fact for fact in PERSONAL if any(_is_about(fact, clause) for clause in said.words.clauses)))


def misses_a_detail(state: DialogueState, said: Understanding) -> bool:
    """Whether a caller who booked says that the company lacks a detail of his: he wants none taken out."""
    return bool(offered_details(state, said)) and _HEARD["of_the_company"].search(said.words.text) is not None


def told_beside(state: DialogueState, said: Understanding) -> dict[str, str]:
    """Returns the name and the address that a caller who booked tells unasked: beside his offer, or as his own."""
    if state.booked is None:
        return {}
    offered, sentences = offered_details(state, said), _SENTENCE.findall(said.dictated)
    plain = [plain_words(sentence).text for sentence in sentences]
    kept = [one for one, text in zip(sentences, plain, strict=True) if not any(_is_about(f, text) for f in offered)]
    rest = "".join(kept).strip()
    asked = state.pending == "caller_name" and bool(offered)
    name = own_name(rest) if rest and (asked or "caller_name" in offered) else None
    address = _address(rest if offered else said.dictated, asked="address" in offered)
    return {fact: value for fact, value in {"caller_name": name, "address": address}.items() if value}


def _address(text: str, *, asked: bool) -> str | None:
    """Returns the address of a text: behind words that announce it, or in a form that nothing else has."""
    lead = _HEARD["tells_address"].search(text.lower())
    behind = _HEARD["beside_address"].sub("", text[lead.end() :] if lead is not None else text).strip()
    found = find_postal_address(behind)
    if found is not None:
        return found[1]
    return own_words(behind, "address") if asked or (lead is not None and "?" not in text) else None


def _is_about(fact: str, text: str) -> bool:
    finds = fact == "address" and _HEARD["finds_him"].search(text) is not None
    return finds or _offers(fact).search(text) is not None
