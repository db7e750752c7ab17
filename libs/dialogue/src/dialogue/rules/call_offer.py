"""What a caller wants who was offered a call from a colleague in the appointment's place: the call, or to be met."""

from dialogue.contact import ABOUT_THE_CONTACT
from dialogue.intents import Intent
from dialogue.language import language
from dialogue.rules.utterances import Understanding
from dialogue.state import ABOUT_TIMES, BARE_YES, OFFERS_A_CALL, DialogueState
from vocabulary.enums import Expectation

_HEARD = language("call_offer").patterns


def wanted_of_both(state: DialogueState, said: Understanding) -> list[Intent]:
    """Returns which of the two the caller speaks of; what he only sets aside is not wanted, and asked when, no call."""
    text = said.words.text
    if state.expecting is Expectation.CALLBACK_TIME or state.has_call_noted:
        return _wanted_of_a_call(said)
    if state.in_writing and state.expecting in ABOUT_THE_CONTACT:
        prefers = _HEARD["prefers"].search(text) and _HEARD["visit"].search(_HEARD["no_visit"].sub(" ", text))
        return [Intent.WANTS_APPOINTMENT] if prefers else []
    if state.expecting in ABOUT_TIMES and _HEARD["instead"].search(text):
        return [Intent.WANTS_A_CALL] if _HEARD["call"].search(_HEARD["no_call"].sub(" ", text)) else []
    if state.expecting not in OFFERS_A_CALL:
        return []
    met, called = _HEARD["no_visit"].sub(" ", text), _HEARD["no_call"].sub(" ", text)
    asks_about = any(_HEARD["asks_about"].search(question) for question in said.questions)
    if asks_about and not said.has(Intent.WANTS_APPOINTMENT):
        return [Intent.ONLY_ASKS]
    to_a_human = _HEARD["human"].search(text) is not None
    contests = _HEARD["contests"].search(text) and not _HEARD["takes_leave"].search(text)
    agrees = state.expecting is not Expectation.CALL_OR_APPOINTMENT and _HEARD["agrees"].search(text)
    tells_on = state.expecting is Expectation.ANOTHER_DAY and len(said.words.tokens) > BARE_YES
    wants = {
        Intent.WANTS_TO_BE_MET: (_HEARD["visit"].search(met) and not to_a_human) or (met == text and contests),
        Intent.WANTS_A_CALL: (_HEARD["call"].search(called) and not to_a_human) or (agrees and not tells_on),
    }
    return [intent for intent, is_meant in wants.items() if is_meant]


def _wanted_of_a_call(said: Understanding) -> list[Intent]:
    """Returns whether whoever is asked when to call him wants a call, none, or to talk now."""
    text, moment = said.words.text, said.moment
    names_when = moment.names_a_day or moment.at is not None or moment.bounds_hours
    now = _HEARD["time_now"].search(text) is not None and not names_when
    beside = _HEARD["no_call"].sub(" ", _HEARD["time_now"].sub(" ", text))
    wants = {
        Intent.HAS_TIME_NOW: now,
        Intent.NO_CALL: _HEARD["no_call"].search(text) is not None and _HEARD["call"].search(beside) is None,
        Intent.WANTS_A_CALL: not now and _HEARD["call"].search(beside) is not None,
    }
    return [intent for intent, is_meant in wants.items() if is_meant]
