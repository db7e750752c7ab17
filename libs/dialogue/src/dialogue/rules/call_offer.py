"""What a caller wants who was offered a call from a colleague in the appointment's place: the call, or to be met."""

from dialogue.intents import Intent
from dialogue.language import language
from dialogue.rules.utterances import Understanding
from dialogue.state import OFFERS_A_CALL, DialogueState
from vocabulary.enums import Expectation

_HEARD = language("call_offer").patterns


def wanted_of_both(state: DialogueState, said: Understanding) -> list[Intent]:
    """Returns which of the two the caller speaks of; what he only sets aside is not wanted, and asked when, no call."""
    text = said.words.text
    if state.expecting is Expectation.CALLBACK_TIME:
        asked = _HEARD["call"].search(_HEARD["no_call"].sub(" ", text)) is not None
        return [Intent.WANTS_A_CALL] if asked else [Intent.NO_CALL] if _HEARD["no_call"].search(text) else []
    if state.expecting not in OFFERS_A_CALL:
        return []
    met, called = _HEARD["no_visit"].sub(" ", text), _HEARD["no_call"].sub(" ", text)
    asks_about = any(_HEARD["asks_about"].search(question) for question in said.questions)
    if asks_about and not said.has(Intent.WANTS_APPOINTMENT):
        return [Intent.ONLY_ASKS]
    to_a_human = _HEARD["human"].search(text) is not None
    contests = _HEARD["contests"].search(text) and not _HEARD["takes_leave"].search(text)
    agrees = state.expecting is not Expectation.CALL_OR_APPOINTMENT and _HEARD["agrees"].search(text)
    wants = {
        Intent.WANTS_TO_BE_MET: (_HEARD["visit"].search(met) and not to_a_human) or (met == text and contests),
        Intent.WANTS_A_CALL: (_HEARD["call"].search(called) and not to_a_human) or agrees,
    }
    return [intent for intent, is_meant in wants.items() if is_meant]
