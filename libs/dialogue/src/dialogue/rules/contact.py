"""Reads what a caller tells of himself: who he is, how to reach him, and what of it was noted wrongly."""

import re
from dataclasses import replace

from rapidfuzz import fuzz

from callwright_common.campaign import Campaign
from dialogue.confidence import POSSIBLE
from dialogue.contact import ABOUT_THE_CONTACT, wanted
from dialogue.grammar.emails import begun_email, finished_email, is_joined
from dialogue.grammar.names import capitalised
from dialogue.grammar.own_names import own_name
from dialogue.grammar.own_words import company_beside, own_words
from dialogue.grammar.postal import find_postal_address
from dialogue.grammar.spellings import dictated, spelled_letters, spelled_part, spells, with_spelling
from dialogue.grammar.words import without_clauses
from dialogue.intents import CHANGES, Intent
from dialogue.language import language
from dialogue.rules.contact_corrections import corrections
from dialogue.rules.in_writing import by_post
from dialogue.rules.moving import wishes_other_time
from dialogue.rules.offered_details import told_beside
from dialogue.rules.remarks import tells_else
from dialogue.rules.utterances import Understanding
from dialogue.spoken_contacts import letters_of
from dialogue.state import DialogueState, Fact
from dialogue.visits_in_grief import is_asked_for_the_name
from vocabulary.enums import Expectation

_LANGUAGE = language("contact")
_HEARD = _LANGUAGE.patterns
_NO_CONTACTS = (Intent.VOICEMAIL, Intent.DO_NOT_CALL, Intent.WRONG_NUMBER)
"""Whoever does these names no number or address to be reached at."""
_COUNTRY_CODES = {"USD": "1", "CAD": "1", "GBP": "44", "AUD": "61"}
"""The codes of the countries that campaigns with these currencies call in."""
_LOCAL = 7
"""As many digits has an American number without its area code."""
_PAUSE = re.compile(r"[.,;!?]+")
_ALIKE = 55.0
_IN_WORDS = ("caller_name", "company", "address")


def dialled(campaign: Campaign, said: Understanding) -> str | None:
    """Returns the phone number of an utterance, with the code of the campaign's country if it is whole."""
    return said.phones[-1].dialled(country_code(campaign)) if said.phones else None


def _with_area_code(state: DialogueState, phone: str | None) -> str | None:
    """Returns a number with the area code that is known already where only what follows it is told anew."""
    known = state.facts.get("phone")
    is_local = phone is not None and len(phone) == _LOCAL and known is not None and known.value.startswith("+1")
    return f"{known.value[:-_LOCAL]}{phone}" if is_local and known is not None else phone


def read_contact(campaign: Campaign, state: DialogueState, said: Understanding) -> list[Fact]:
    """Returns what an utterance tells of the caller; what was asked for counts in other words than what was not."""
    phone, known = _with_area_code(state, dialled(campaign, said)), state.facts
    told = {"caller_name": said.name or _name_by_itself(state, said), "role": said.role}
    if "company" in wanted(campaign, state):
        told["company"] = company_beside(said.words.original, said.name)
    booked = state.takes_contact
    asked = state.expecting in ABOUT_THE_CONTACT and (booked or is_asked_for_the_name(state))
    if booked or not said.has(*_NO_CONTACTS):
        told |= {"phone": phone, "email": said.email}
    of_the_time = wishes_other_time(state, said) or said.has(*CHANGES)  # no name by the same words
    beside_it = state.expecting in ABOUT_THE_CONTACT and tells_else(state, said)
    corrects = booked and not (_only_agrees(state, said) or beside_it)
    beside = told_beside(state, said)
    corrects = corrects and not wishes_other_time(state, said) and ("address" not in beside or "address" in known)
    postal = find_postal_address(said.dictated) if asked and not said.email else None
    whole = state.expecting is Expectation.CONTACT_CONFIRMATION and "address" in state.read_back
    whole = whole and _HEARD["not_then"].search(said.dictated) is None
    if postal is not None and (whole or state.expecting is Expectation.CONTACT_DETAIL):
        told |= _beside_the_postal_address(state, said, *postal)
        corrects = asked = False
    put_right = corrections(state, said, told) if corrects else {}
    if put_right:
        told |= put_right
    elif asked and (not booked or not of_the_time):
        told |= {name: value for name, value in _answer(state, said, told).items() if value}
    told |= {name: value for name, value in beside.items() if not told.get(name)}
    name = told["caller_name"]
    told["caller_name"] = _whole_name(state, name) if name else None
    sure = POSSIBLE if asked and _HEARD["unsure"].search(said.words.text) else 1.0
    found = [Fact(fact, value, confidence=sure, quote=said.quote) for fact, value in told.items() if value]
    return [_with_letters(fact, said) for fact in found]


def _beside_the_postal_address(
    state: DialogueState, said: Understanding, start: int, address: str
) -> dict[str, str | None]:
    """Returns a postal address, whatever was asked for, with the name ahead of it; its figures are no phone number."""
    ahead = said.dictated[:start]
    name = own_name(ahead) if state.pending == "caller_name" else None
    return {"address": address, "phone": None, **({"caller_name": name} if name else {})}


def _with_letters(fact: Fact, said: Understanding) -> Fact:
    """Returns a detail with what is to be said back letter by letter in it."""
    spelled = _is_spelled(fact.name, fact.value, said)
    part = spelled_part(fact.value, said.dictated) if fact.name == "caller_name" and spelled else ""
    return replace(fact, spelled=spelled, spelled_part=part)


def told_beginning(state: DialogueState, said: Understanding) -> str:
    """Returns what is told of an e-mail address that was asked for ahead of its @, where that is all."""
    is_asked = state.takes_contact and state.expecting is Expectation.CONTACT_DETAIL and state.pending == "email"
    is_email = is_asked and not said.email and not _declines(said)
    if not is_email or by_post(said) or find_postal_address(said.dictated) is not None:
        return ""
    return begun_email(dictated(said.closed.original))


def _is_spelled(fact: str, value: str, said: Understanding) -> bool:
    """Whether a detail is to be said back letter by letter: it was told so, or in other words than it is written in."""
    return spells(said.dictated) or (fact == "email" and is_joined(value, said.closed.original))


def country_code(campaign: Campaign) -> str:
    """Returns the code of the country that a campaign calls in, empty if that is not known."""
    return _COUNTRY_CODES.get(campaign.budget.currency, "")


def said_of_a_detail(state: DialogueState, said: Understanding) -> list[Intent]:
    """Returns what a caller does with the question for a detail, beside answering it."""
    if state.expecting not in {Expectation.CONTACT_DETAIL, Expectation.CALLER_NUMBER_OFFER}:
        return []
    texts = (said.words.text, *said.words.clauses)
    found = {
        Intent.DECLINES_TO_SAY: _declines(said),
        Intent.WHY_ASKING: any(_HEARD["asks_why"].search(one) for one in texts),
        Intent.THIS_NUMBER: _means_this_number(state, said),
    }
    return [intent for intent, is_meant in found.items() if is_meant]


def only_declines(state: DialogueState, said: Understanding) -> bool:
    """Whether a caller says of a detail that he would rather not, and of the appointment nothing."""
    asked = state.expecting in {Expectation.CONTACT_DETAIL, Expectation.CALLER_NUMBER_OFFER}
    return asked and _HEARD["only_declines"].search(said.words.text) is not None


def _declines(said: Understanding) -> bool:
    return any(_HEARD[how].search(said.words.text) is not None for how in ("declines", "lacks"))


def approves(state: DialogueState, said: Understanding) -> bool:
    """Whether a caller agrees to what was read back in words that are no yes elsewhere."""
    asked = state.expecting is Expectation.CONTACT_CONFIRMATION and said.polarity is None
    return (asked and _HEARD["approves"].search(said.words.text) is not None) or says_that_is_it(state, said)


def says_that_is_it(state: DialogueState, said: Understanding) -> bool:
    """Whether a caller agrees to what was read back by "that's it", which takes leave of nothing then."""
    return state.expecting is Expectation.CONTACT_CONFIRMATION and _HEARD["is_it"].search(said.words.text) is not None


def _answer(state: DialogueState, said: Understanding, told: dict[str, str | None]) -> dict[str, str | None]:
    """Returns what the words tell because they answer what was asked."""
    asked = state.pending if state.expecting is Expectation.CONTACT_DETAIL else "phone"
    offered = state.expecting is Expectation.CALLER_NUMBER_OFFER and not state.cut_off
    agrees = offered and _HEARD["agrees"].search(said.words.text) is not None
    if state.expecting is Expectation.CONTACT_CONFIRMATION or asked is None or _declines(said):
        return {}
    this_number = _means_this_number(state, said)
    if said.questions and not (agrees or this_number or (asked == "caller_name" and _is_only_a_name(said))):
        return {"caller_name": _name_beside_a_question(said)} if asked == "caller_name" else {}
    if "caller_name" in state.withheld and _is_only_a_name(said):
        return {"caller_name": own_name(said.dictated)}
    if asked == "phone":
        same = this_number or agrees or (offered and said.polarity is True)
        refuses = said.polarity is False and not this_number
        other = refuses or _HEARD["another_number"].search(said.words.text) is not None
        return {"phone": state.caller_number if same and not other and not told["phone"] else None}
    if asked == "email" and state.begun_email and not told.get("email"):
        return {"email": finished_email(state.begun_email, dictated(said.closed.original))}
    if (
        asked not in _IN_WORDS
        or (asked == "address" and told["phone"])
        or (said.polarity is False and not _names_somebody_all_the_same(state, said))
    ):
        return {}
    words = _told_in_words(asked, state, said, told)
    says_else = said.has(Intent.NO_THANKS, Intent.GOODBYE, Intent.REPEAT, Intent.WAIT, Intent.NOTHING_MORE)
    name = own_name(said.dictated) or ""
    says_else = says_else or (tells_else(state, said) and (" " not in name or name.islower()))
    bare = words is not None and " " not in words and (tells_else(state, said) or said.dictated.startswith(words))
    doubtful = words is None or words.islower() or bare
    return {} if says_else and doubtful else {asked: words}


def _told_in_words(asked: str, state: DialogueState, said: Understanding, told: dict[str, str | None]) -> str | None:
    """Returns a name, company or address that was asked for."""
    if asked != "caller_name":
        return own_words(said.dictated, asked)
    words = own_name(said.dictated)
    letters = spelled_letters(said.dictated)
    found = told["caller_name"]
    if found and (words is None or (not letters and len(found.split()) > len(words.split()))):
        words = found
    if words is None and state.asked.get(asked, 0) > 1:
        words = _said_again(said)
    if words is None:
        return capitalised(letters) if letters else None
    words = " ".join(capitalised(part) for part in words.split())
    return with_spelling(words, letters, said.dictated) if letters else words


def _names_somebody_all_the_same(state: DialogueState, said: Understanding) -> bool:
    """Whether a no is to another thing than the name, which follows it: "No, take it out. Gerald Moss."."""
    return is_asked_for_the_name(state) and " " in (own_name(said.dictated) or "")


def _is_only_a_name(said: Understanding) -> bool:
    """Whether what begins as a question does is a name and nothing else: "Will Power"."""
    name = own_name(said.dictated)
    return name is not None and " " in name and letters_of(name) == letters_of(said.dictated) and not said.words.asks


def _name_beside_a_question(said: Understanding) -> str | None:
    """Returns the name that is told beside a question, where nothing else is: "Al Stone, is that enough?"."""
    told = without_clauses(said.words.original, said.questions)
    name = own_name(dictated(told)) if said.polarity is None else None
    return name if name is not None and letters_of(name) in letters_of(told) else None


def _said_again(said: Understanding) -> str | None:
    """Returns the one word of an answer: whoever says it once more has no other name."""
    words = said.dictated.strip(" .").split()
    return words[0] if len(words) == 1 and words[0].isalpha() and said.polarity is None else None


def _only_agrees(state: DialogueState, said: Understanding) -> bool:
    """Whether a caller says yes to what was read back, and nothing besides that changes a part of it."""
    agrees = state.expecting is Expectation.CONTACT_CONFIRMATION and said.polarity is True
    return agrees and _HEARD["but_corrects"].search(said.words.text) is None


def _means_this_number(state: DialogueState, said: Understanding) -> bool:
    """Whether a caller who is asked for a number points to the one that he is calling from."""
    asked = state.expecting is Expectation.CALLER_NUMBER_OFFER
    asked = asked or (state.expecting is Expectation.CONTACT_DETAIL and state.pending == "phone")
    return asked and not said.phones and _HEARD["this_number"].search(said.words.text) is not None


def _name_by_itself(state: DialogueState, said: Understanding) -> str | None:
    """Returns the name that is told, whole and by itself, where a time waits for a yes, or once it is booked."""
    over = state.expecting is Expectation.ANYTHING_ELSE and state.booked is not None
    over = over and not said.has(Intent.GOODBYE, Intent.THANKS, Intent.SAME_TO_YOU, Intent.NOTHING_MORE)
    if not (over or state.expecting is Expectation.SLOT_CONFIRMATION) or not said.moment.is_open:
        return None
    pieces = (piece.strip() for piece in _PAUSE.split(said.words.original))
    return next((piece for piece in pieces if " " in piece and piece.istitle() and own_name(piece) == piece), None)


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
