"""What a caller puts right of himself: in what is read back, amid another question, or when all seemed settled."""

import re

from dialogue.contact import PERSONAL
from dialogue.grammar.corrections import (
    alike_part,
    corrected_digits,
    corrected_letters,
    reordered,
    replaced_digits,
)
from dialogue.grammar.emails import corrected_email
from dialogue.grammar.names import capitalised
from dialogue.grammar.own_names import own_name
from dialogue.grammar.own_words import own_words
from dialogue.grammar.phones import digits_of
from dialogue.grammar.spellings import is_alike, likeness, spelled_letters, with_spelling
from dialogue.intents import Intent
from dialogue.language import language, remembered
from dialogue.rules.utterances import Understanding
from dialogue.spoken_contacts import letters_of
from dialogue.state import DialogueState
from vocabulary.enums import Expectation

_LANGUAGE = language("contact")
_HEARD, _WORDS = _LANGUAGE.patterns, _LANGUAGE.words
_OF_WORDS = ("company", "address")
_IN_LETTERS = ("email", "caller_name", "company")
_MOST_CHARACTERS = 400
_SPEAKS_OF_SOMETHING_ELSE = (Intent.SAYS_MORE, Intent.ANNOUNCES_A_QUESTION)
_MOST_DIGITS = 10
"""Of a number that may have been told without some of them."""


def corrections(state: DialogueState, said: Understanding, told: dict[str, str | None]) -> dict[str, str | None]:
    """Returns the details that are put right; each is changed only where it is spoken of.

    While they are read back any words may do so. At other times what is said must tell that it puts something right.
    """
    read_back = state.expecting is Expectation.CONTACT_CONFIRMATION
    if said.has(*_SPEAKS_OF_SOMETHING_ELSE) and not read_back:
        return {}
    text = _paused(said.words.clauses)
    known = [fact for fact in state.facts if fact in PERSONAL]
    values = {f: state.facts[f].value for f in known if not read_back or f in state.read_back or _is_named(f, text)}
    if not values or not (read_back or _HEARD["puts_right"].search(text) or _HEARD["swapped"].search(text)):
        return _in_figures(values, said, told, by_its_end=False)  # in words that can mean nothing else
    named = [fact for fact in values if _is_named(fact, text)]
    if (name := values.get("caller_name")) and (swapped := reordered(text, name)):
        return {"caller_name": swapped}
    found = _in_figures(values, said, told, by_its_end=read_back or "phone" in named or state.pending != "phone")
    if found or told.get("email") or told.get("phone"):
        return found
    return _in_letters(values, said, told, named, any_words=read_back)


def named_wrong(state: DialogueState, said: Understanding) -> tuple[str, ...]:
    """Returns the details that a caller says are wrong without telling the right ones."""
    read_back = state.expecting is Expectation.CONTACT_CONFIRMATION
    if state.booked is None:
        return ()
    texts = (said.words.text, *said.words.clauses)
    known = [fact for fact in (state.read_back if read_back else state.facts) if fact in PERSONAL]
    how = ("is_wrong", "names_it") if read_back else ("is_wrong",)
    wrong = [fact for fact in known if any(_about(fact, one).search(text) for one in how for text in texts)]
    counts = "phone" in known and "phone" not in wrong and not said.has(*_SPEAKS_OF_SOMETHING_ELSE)
    if counts and _HEARD["miscounted"].search(said.words.text):
        wrong.append("phone")
    return tuple(wrong)


def taken_out(state: DialogueState, said: Understanding) -> tuple[str, ...]:
    """Returns the details that a caller who booked does not want to be kept; who speaks of calls means those."""
    text = said.words.text
    if not state.may_be_booked or _HEARD["speaks_of_calls"].search(text):
        return ()
    open_ones = {*state.facts, state.pending, "phone" if state.expecting is Expectation.CALLER_NUMBER_OFFER else None}
    return tuple(fact for fact in PERSONAL if fact in open_ones and _about(fact, "takes_out").search(text))


def means_a_detail(state: DialogueState, words: str) -> bool:
    """Whether a caller who booked speaks of a detail of his and not of calls: what he wants out is that."""
    named = any(_is_named(fact, words) for fact in state.facts if fact in PERSONAL)
    return state.may_be_booked and named and _HEARD["speaks_of_calls"].search(words) is None


@remembered(32)
def _about(fact: str, how: str) -> re.Pattern[str]:
    """Returns how callers say something of a detail."""
    return language("contact_wrong", detail=_LANGUAGE.parts[f"detail_{fact}"]).patterns[how]


def _is_named(fact: str, text: str) -> bool:
    return re.search(rf"\b{_LANGUAGE.parts[f'detail_{fact}']}\b", text) is not None


def _paused(clauses: tuple[str, ...]) -> str:
    """Returns the end of what was said with a comma for each pause: whoever puts something right does it briefly."""
    return " , ".join(clauses)[-_MOST_CHARACTERS:]


def _in_figures(
    values: dict[str, str], said: Understanding, told: dict[str, str | None], *, by_its_end: bool
) -> dict[str, str | None]:
    """Returns the number, or the address, of which some digits or the part behind the @ are put right."""
    found: dict[str, str | None] = {}
    closed = _paused(said.closed.clauses)
    if "phone" in values and not told.get("phone") and not told.get("email"):
        found["phone"] = corrected_digits(closed, values["phone"], by_its_end=by_its_end)
        if found["phone"] is None and _HEARD["miscounted"].search(closed):
            found["phone"] = _with_one_more(closed, values["phone"])
    if "email" in values and not told.get("email"):
        found["email"] = corrected_email(said.closed.original, values["email"])
        if found.get("phone") is None and found["email"] is None:
            found["email"] = replaced_digits(closed, values["email"])
    return {fact: value for fact, value in found.items() if value}


def _in_letters(
    values: dict[str, str], said: Understanding, told: dict[str, str | None], named: list[str], *, any_words: bool
) -> dict[str, str | None]:
    """Returns the name, the company or the name of an address that is spelled, or of which letters are put right."""
    text, closed = _HEARD["not_then"].sub("", said.dictated), _paused(said.closed.clauses)
    facts = [fact for fact in _IN_LETTERS if fact in values and (not named or fact in named)]
    letters = spelled_letters(text)
    name = values.get("caller_name", "") if "caller_name" in facts else ""
    likely = [word for word in _likely_names(text) if word.lower() not in _WORDS["no_names"]]
    if not letters and (changed := alike_part(likely, name)):
        return {"caller_name": changed}
    if set(name.split()) & set(_likely_names(text)):
        facts.sort(key=lambda fact: fact != "caller_name")
    for fact in sorted(facts, key=lambda one: -likeness(values[one], letters)) if letters else facts:
        local, sign, domain = values[fact].partition("@") if fact == "email" else (values[fact], "", "")
        if letters and fact not in named and not is_alike(local, letters):
            continue
        changed = with_spelling(local, letters, text) if letters else corrected_letters(closed, local)
        if changed and changed != local:
            return {fact: f"{changed}{sign}{domain}"}
        if letters and letters_of(letters) in letters_of(local):
            return {fact: values[fact]}
    return _in_words(values, said, told) if any_words else {}


def _in_words(values: dict[str, str], said: Understanding, told: dict[str, str | None]) -> dict[str, str | None]:
    """Returns the name, company or address that some words replace."""
    if told.get("caller_name") or told.get("company"):
        return {}
    original = _HEARD["not_then"].sub("", said.dictated)
    told_as = {fact: own_words(original, fact) if fact in _OF_WORDS else own_name(original) for fact in values}
    alike = {fact: likeness(values[fact], words) for fact, words in told_as.items() if words and fact != "phone"}
    fact = max(alike, key=lambda one: alike[one], default="")
    words = told_as.get(fact)
    if not words or not (is_alike(values[fact], words) or fact == "address"):
        return {}
    if fact == "email":
        local, _, domain = values[fact].partition("@")
        return {fact: f"{with_spelling(local, words)}@{domain}"} if words.isalpha() else {}
    return {fact: " ".join(map(capitalised, words.split())) if fact == "caller_name" else words}


def _likely_names(utterance: str) -> list[str]:
    """Returns the words of an utterance that may be of a name: those with a capital, if any has one."""
    words = re.findall(r"[^\W\d_][\w'\u2019-]*", utterance)
    plain = {*_WORDS["leads"], *_WORDS["tails"], *_WORDS["no_answer"]}
    words = [word for word in words if re.sub(r"['\u2019]s$", "", word.lower()) not in plain]
    words = [re.sub(r"['\u2019]s$", "", word) for word in words]
    large = [word for word in words if word[0].isupper()]
    return large or words


def _with_one_more(closed: str, number: str) -> str | None:
    """Returns a number that was told without one of its digits with that digit at its end."""
    digit = re.search(rf"\b{_LANGUAGE.parts['one_digit']}\b", closed)
    is_short = not number.startswith("+") and len(number) < _MOST_DIGITS
    return number + digits_of(digit[0]) if digit and is_short else None
