"""Reads what a caller tells of himself: who he is, how to reach him, and what of it was noted wrongly."""

import re

from rapidfuzz import fuzz

from callwright_common.campaign import Campaign
from dialogue.confidence import POSSIBLE
from dialogue.contact import ABOUT_THE_CONTACT, wanted
from dialogue.grammar.corrections import corrected_digits, corrected_letters, replaced_digits
from dialogue.grammar.emails import corrected_email
from dialogue.grammar.names import capitalised, spelled_letters, spells
from dialogue.grammar.own_words import company_beside, own_words
from dialogue.intents import Intent
from dialogue.language import FIRST_LANGUAGE, language, remembered, speaking
from dialogue.rules.utterances import Understanding
from dialogue.spoken_contacts import letters_of
from dialogue.state import DialogueState, Fact
from vocabulary.enums import Expectation

_LANGUAGE = language("contact")
_HEARD = _LANGUAGE.patterns
_OF_THE_APPOINTMENT = (Intent.CANCEL, Intent.MAY_CANCEL, Intent.RESCHEDULE)
"""Whoever speaks of these tells no name by the same words."""
_NO_CONTACTS = (Intent.VOICEMAIL, Intent.DO_NOT_CALL, Intent.WRONG_NUMBER)
"""Whoever does these names no number or address to be reached at."""
_COUNTRY_CODES = {"USD": "1", "CAD": "1", "GBP": "44", "AUD": "61"}
"""The codes of the countries that campaigns with these currencies call in."""
_ALIKE = 55.0
_IN_WORDS = ("caller_name", "company", "address")


def dialled(campaign: Campaign, said: Understanding) -> str | None:
    """Returns the phone number of an utterance, with the code of the campaign's country if it is whole."""
    return said.phones[-1].dialled(country_code(campaign)) if said.phones else None


def read_contact(campaign: Campaign, state: DialogueState, said: Understanding) -> list[Fact]:
    """Returns what an utterance tells of the caller; what was asked for counts in other words than what was not."""
    phone = dialled(campaign, said)
    told = {"caller_name": said.name, "role": said.role}
    if "company" in wanted(campaign):
        told["company"] = company_beside(said.words.original, said.name)
    asked = state.expecting in ABOUT_THE_CONTACT and state.booked is not None
    if asked or not said.has(*_NO_CONTACTS):
        told |= {"phone": phone, "email": said.email}
    if asked and not said.has(*_OF_THE_APPOINTMENT):
        told |= {name: value for name, value in _answer(state, said, told).items() if value}
    name = told["caller_name"]
    told["caller_name"] = _whole_name(state, name) if name else None
    sure = POSSIBLE if asked and _HEARD["unsure"].search(said.words.text) else 1.0
    spelled = spells(said.words.original)
    return [
        Fact(fact, value, confidence=sure, quote=said.quote, spelled=spelled) for fact, value in told.items() if value
    ]


def country_code(campaign: Campaign) -> str:
    """Returns the code of the country that a campaign calls in, empty if that is not known."""
    return _COUNTRY_CODES.get(campaign.budget.currency, "")


def declines(state: DialogueState, said: Understanding) -> bool:
    """Whether a caller who is asked for a detail does not want to tell it."""
    asked = state.expecting in {Expectation.CONTACT_DETAIL, Expectation.CALLER_NUMBER_OFFER}
    return asked and _HEARD["declines"].search(said.words.text) is not None


def approves(state: DialogueState, said: Understanding) -> bool:
    """Whether a caller agrees to what was read back in words that are no yes elsewhere."""
    asked = state.expecting is Expectation.CONTACT_CONFIRMATION and said.polarity is None
    return asked and _HEARD["approves"].search(said.words.text) is not None


def named_wrong(state: DialogueState, said: Understanding) -> tuple[str, ...]:
    """Returns the details that a caller says are wrong in what was read back."""
    if state.expecting is not Expectation.CONTACT_CONFIRMATION:
        return ()
    return tuple(
        fact
        for fact in state.read_back
        if any(_wrong(fact).search(one) for one in (said.words.text, *said.words.clauses))
    )


@remembered(16)
def _wrong(fact: str) -> re.Pattern[str]:
    """Returns how callers say that a detail is wrong."""
    return language("contact_wrong", detail=_LANGUAGE.parts[f"detail_{fact}"]).patterns["is_wrong"]


def _answer(state: DialogueState, said: Understanding, told: dict[str, str | None]) -> dict[str, str | None]:
    """Returns what the words tell because they answer what was asked."""
    if state.expecting is Expectation.CONTACT_CONFIRMATION:
        return _corrections(state, said, told) if said.polarity is not True or _names_parts(said) else {}
    asked = state.pending if state.expecting is Expectation.CONTACT_DETAIL else "phone"
    agrees = _HEARD["agrees"].search(said.words.text) is not None and state.expecting is Expectation.CALLER_NUMBER_OFFER
    if declines(state, said) or (said.questions and not agrees) or asked is None:
        return {}
    if asked == "phone":
        offered = agrees or (state.expecting is Expectation.CALLER_NUMBER_OFFER and said.polarity is True)
        same = offered or _HEARD["this_number"].search(said.words.text) is not None
        other = _HEARD["another_number"].search(said.words.text) or (said.polarity is False and not said.phones)
        return {"phone": state.caller_number if same and not other and not told["phone"] else None}
    if (
        asked in _IN_WORDS
        and said.polarity is not False
        and not said.has(Intent.NO_THANKS, Intent.GOODBYE, Intent.REPEAT, Intent.WAIT, Intent.NOTHING_MORE)
    ):
        return {asked: _told_in_words(asked, said, told)}
    return {}


def _told_in_words(asked: str, said: Understanding, told: dict[str, str | None]) -> str | None:
    """Returns a name, company or address that was asked for."""
    words = own_words(said.words.original, asked)
    if asked != "caller_name":
        return words
    letters = spelled_letters(said.words.original)
    found = told["caller_name"]
    if found and (words is None or (not letters and len(found.split()) > len(words.split()))):
        words = found
    if words is None:
        return capitalised(letters) if letters else None
    words = " ".join(capitalised(part) for part in words.split())
    return _with_spelling(words, letters) if letters else words


def _corrections(state: DialogueState, said: Understanding, told: dict[str, str | None]) -> dict[str, str | None]:
    """Returns the details that are put right in what was read back; each is changed only where it is spoken of."""
    text = " , ".join(said.words.clauses)
    values = {fact: state.facts[fact].value for fact in state.read_back if fact in state.facts}
    named = [fact for fact in values if re.search(rf"\b{_LANGUAGE.parts[f'detail_{fact}']}\b", text)]
    found: dict[str, str | None] = {}
    with speaking(FIRST_LANGUAGE):
        closed = " , ".join(said.closed.clauses)
        if "phone" in values and not told.get("phone") and not told.get("email"):
            found["phone"] = corrected_digits(closed, values["phone"])
        if "email" in values and not told.get("email"):
            found["email"] = corrected_email(said.closed.original, values["email"])
            if found.get("phone") is None and found["email"] is None:
                found["email"] = replaced_digits(closed, values["email"])
    if any(found.values()) or told.get("email") or told.get("phone"):
        return found
    in_letters = [
        fact for fact in ("email", "caller_name", "company") if fact in values and (not named or fact in named)
    ]
    letters = spelled_letters(said.words.original)
    for fact in sorted(in_letters, key=lambda one: -_likeness(values[one], letters)) if letters else in_letters:
        value = values[fact]
        local, sign, domain = value.partition("@") if fact == "email" else (value, "", "")
        changed = _with_spelling(local, letters) if letters else corrected_letters(closed, local)
        if changed and changed != local:
            return {fact: f"{changed}{sign}{domain}"}
        if letters and letters_of(letters) in letters_of(local):
            return {fact: value}
    return _corrected_words(values, said, told)


def _corrected_words(values: dict[str, str], said: Understanding, told: dict[str, str | None]) -> dict[str, str | None]:
    """Returns the name, company or address that some words replace."""
    if told.get("caller_name") or told.get("company"):
        return {}
    original = _HEARD["not_then"].sub("", said.words.original)
    told_as = {fact: own_words(original, fact if fact in _IN_WORDS else "caller_name") for fact in values}
    alike = {fact: _likeness(values[fact], words) for fact, words in told_as.items() if words and fact != "phone"}
    fact = max(alike, key=lambda one: alike[one], default="")
    words = told_as.get(fact)
    if not words or (alike[fact] < _ALIKE and fact != "address"):
        return {}
    if fact == "email":
        local, _, domain = values[fact].partition("@")
        return {fact: f"{_with_spelling(local, words)}@{domain}"} if words.isalpha() else {}
    return {fact: " ".join(capitalised(part) for part in words.split()) if fact == "caller_name" else words}


def _names_parts(said: Understanding) -> bool:
    return _HEARD["but_corrects"].search(said.words.text) is not None


def _likeness(value: str, words: str) -> float:
    """Returns how much some words resemble the likest part of a value, 0 to 100."""
    parts = [value, *re.split(r"[\s._+@-]+", value)]
    return max(fuzz.ratio(letters_of(part), letters_of(words)) for part in parts)


def _with_spelling(text: str, letters: str) -> str:
    """Returns a name, or the name of an address, with its likest part as it is spelled."""
    parts = re.split(r"([\s._+-]+)", text)
    places = range(0, len(parts), 2)
    likest = max(places, key=lambda place: (fuzz.ratio(letters_of(parts[place]), letters_of(letters)), place))
    if letters_of(parts[likest]).endswith(letters_of(letters)[1:]):
        return (
            text
            if len(letters) <= len(parts[likest])
            else "".join([*parts[:likest], letters.capitalize(), *parts[likest + 1 :]])
        )
    if len(parts) > 1 or fuzz.ratio(letters_of(parts[likest]), letters_of(letters)) >= _ALIKE or "@" in text:
        parts[likest] = letters.capitalize() if parts[likest][:1].isupper() else letters.lower()
        return "".join(parts)
    return f"{text} {letters.capitalize()}" if text[:1].isupper() else letters.lower()


def _whole_name(state: DialogueState, name: str) -> str:
    """Returns a name with the part that was known already where only the other one is told or put right."""
    known = state.facts.get("caller_name")
    if known is None or " " in name or " " not in known.value:
        return name
    if state.booked is None and state.expecting not in ABOUT_THE_CONTACT:
        return known.value if letters_of(name) in letters_of(known.value) else name
    parts = known.value.split()
    likest = max(range(len(parts)), key=lambda place: fuzz.ratio(letters_of(parts[place]), letters_of(name)))
    if letters_of(parts[likest]) == letters_of(name):
        return (
            known.value
            if parts[likest] == name or "'" in parts[likest]
            else " ".join([*parts[:likest], name, *parts[likest + 1 :]])
        )
    if fuzz.ratio(letters_of(parts[likest]), letters_of(name)) >= _ALIKE:
        return " ".join([*parts[:likest], name, *parts[likest + 1 :]])
    return name
