"""What pressed keys mean: a human, one of the offered times, or a figure for the open question."""

from callwright_common.campaign import Campaign, RangeQuestion
from dialogue.analysis import Analysis, FoundIntent
from dialogue.grammar.numerals import Number
from dialogue.grammar.phones import Phone
from dialogue.grammar.words import Words
from dialogue.intents import Intent
from dialogue.rules.amounts import read_amount
from dialogue.rules.contact import country_code
from dialogue.rules.utterances import Understanding
from dialogue.state import DialogueState, Fact
from vocabulary.enums import Expectation

_HUMAN = "0"
_CHOICES = {"1": 0, "2": 1, "3": 2}
_MAX_FIGURES = 12


def read_keys(campaign: Campaign, state: DialogueState, keys: str) -> Analysis:
    """Returns what pressed keys tell; keys are never unclear, so everything found is certain."""
    figures = keys.strip("*#")[:_MAX_FIGURES]
    if figures == _HUMAN:
        return Analysis(quote=keys, words=keys, intents=(FoundIntent(Intent.WANTS_HUMAN, 1.0),))
    if state.expecting is Expectation.SLOT_CHOICE and figures in _CHOICES:
        return Analysis(quote=keys, words=keys, picks=_CHOICES[figures])
    if state.expecting is Expectation.CONTACT_DETAIL and state.pending == "phone" and figures.isdecimal():
        phone = Phone(figures, international=False).dialled(country_code(campaign))
        return Analysis(quote=keys, words=keys, facts=(Fact("phone", phone, quote=keys),))
    pending = campaign.question(state.pending or "")
    if figures.isdecimal() and isinstance(pending, RangeQuestion) and pending.kind != "timeline":
        value = float(figures)
        words = Words(keys, text="", clauses=(), asks=False)
        # As money it is meant as it stands: nobody presses "15" for fifteen thousand.
        number = Number(value, value, value, money=pending.kind == "money", end=1)
        pressed = Understanding(words, words, numbers=(number,))
        fact = read_amount(campaign, pending, pressed, sure=1.0, asked=True)
        if fact is not None:
            return Analysis(quote=keys, words=keys, facts=(fact,))
    return Analysis(quote=keys, words=keys, noise=True)
