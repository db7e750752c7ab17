"""What thing a question asks for, and what in the campaign tells it of that thing and of no other."""

from collections.abc import Iterable

from callwright_common.campaign import Campaign, CampaignFact, ChoiceQuestion
from dialogue.grammar.words import plain_words, stem
from dialogue.language import language, remembered
from dialogue.rules.matching import asks_price, best_phrases, cue_stems, shares_cue, tells_price
from dialogue.spoken import spoken_text

_LANGUAGE = language("asked_things")
_HEARD = _LANGUAGE.patterns
_FACTS_OF_THE_PRODUCT = 2
_MOST_OF_A_NAME = 4
_TOLD_APART = {"asks_whether_included": "tells_whether_included", "asks_of_our_end": "tells_of_our_end"}
"""What is asked of a thing that a fact may name without telling it."""


def price_of_the_appointment(campaign: Campaign, question: str) -> CampaignFact | None:
    """Returns what the appointment costs if that is asked in plain words; else None."""
    appointment = campaign.appointment
    if appointment.price is None or not (asks_price(question) or _HEARD["asks_charge"].search(question)):
        return None
    named = cue_stems(appointment.name) - any_thing() - frozenset(map(stem, _LANGUAGE.words["of_any_appointment"]))
    if not (shares_cue(question, named) or _HEARD["of_coming"].search(question)):
        return None
    return CampaignFact(topics=(appointment.name,), answer=appointment.price)


def price_of_the_thing(campaign: Campaign, question: str) -> CampaignFact | None:
    """Returns the only fact that tells what the thing costs whose price is asked in plain words; else None."""
    stems = _thing_stems(question)
    told = [fact for fact in campaign.facts if tells_price(fact) and stems <= cue_stems(*fact.topics, fact.answer)]
    return told[0] if stems and len(told) == 1 else None


def tells_of_another_thing(campaign: Campaign, fact: CampaignFact, question: str, said: str = "") -> bool:
    """Whether a question in plain words asks what a fact does not tell of its thing, or the price of another.

    What the price is asked of without a name is named in all that was `said`.
    """
    answer = plain_words(fact.answer).text
    if any(_HEARD[asks].search(question) and not _HEARD[tells].search(answer) for asks, tells in _TOLD_APART.items()):
        return True
    if not asks_price(question):
        return False
    if price_of_the_thing(campaign, question) not in {None, fact}:
        return True
    if _HEARD["lost"].search(question):
        return True
    stems = _thing_stems(question)
    if not stems:
        return bool(said) and tells_price(fact) and _is_another_choice(campaign, fact, said)
    if not stems.isdisjoint(cue_stems(*fact.topics, fact.answer)):
        return False
    if _is_of_a_choice(campaign, fact, stems):
        return False
    return not stems <= _of_the_product(campaign) or _is_another_choice(campaign, fact, _thing(question))


def told_again(campaign: Campaign, last_reply: Iterable[str], question: str) -> CampaignFact | None:
    """Returns the fact just told that tells what a question after it asks, or None: "and with a trainer?"."""
    if not _HEARD["hangs_on"].search(question) or _HEARD["supposes"].search(question):
        return None
    stems, said = _own_stems(question), " ".join(last_reply)
    told = (fact for fact in campaign.facts if spoken_text(fact.answer) in said)
    return next((fact for fact in told if not stems.isdisjoint(cue_stems(fact.answer))), None)


def hangs_on_what_was_told(question: str) -> bool:
    """Whether a question in plain words names no thing of its own: "is that per month", "and for two"."""
    return _HEARD["hangs_on"].search(question) is not None and not _own_stems(question)


def matter_of(question: str) -> str:
    """Returns how to name the thing that is asked for in plain words; empty where a few words do not name it."""
    before = _HEARD["before_matter"].search(question)
    words = question[before.end() :].split() if before is not None else []
    if not words or len(words) > _MOST_OF_A_NAME or not frozenset(_LANGUAGE.words["no_matter"]).isdisjoint(words):
        return ""
    if words[0] in _LANGUAGE.words["owned"]:
        words = [*_LANGUAGE.words["the_one"], *words[1:]]
    return " ".join(words)


def _own_stems(question: str) -> frozenset[str]:
    return frozenset(one for one in cue_stems(question) - any_thing() if not one.isdigit())


def _thing_stems(question: str) -> frozenset[str]:
    """Returns the telling stems of the thing whose price is asked; none where no price is, or of nothing by name."""
    stems = cue_stems(_thing(question)) - any_thing() if asks_price(question) else frozenset()
    return frozenset(one for one in stems if not one.isdigit())


def _thing(question: str) -> str:
    """Returns the words for what the price is asked of; empty where it is asked of nothing by name."""
    before = _HEARD["before"].search(question)
    if before is None:
        return ""
    behind = question[before.end() :].strip()
    end = _HEARD["ends"].search(behind)
    return behind[: end.start()].strip() if end else behind


@remembered(8)
def any_thing() -> frozenset[str]:
    """Returns the stems of the words that tell of no thing of its own."""
    return frozenset(map(stem, _LANGUAGE.words["any_thing"]))


@remembered(256)
def _product_words(texts: tuple[str, ...], facts: tuple[CampaignFact, ...]) -> frozenset[str]:
    told = [cue_stems(*fact.topics, fact.answer) for fact in facts]
    common = {one for stems in told for one in stems if sum(one in others for others in told) >= _FACTS_OF_THE_PRODUCT}
    return cue_stems(*texts) | common


def _of_the_product(campaign: Campaign) -> frozenset[str]:
    """Returns the stems of the words by which the product as a whole is known."""
    product, appointment = campaign.product, campaign.appointment
    return _product_words((product.name, product.pitch, appointment.name), campaign.facts)


def _is_of_a_choice(campaign: Campaign, fact: CampaignFact, stems: frozenset[str]) -> bool:
    """Whether a thing is of a kind that callers can choose, and a fact speaks of that: a bay is a window."""
    told = cue_stems(*fact.topics, fact.answer) - any_thing()
    of_choices = (question.choices for question in campaign.questions if isinstance(question, ChoiceQuestion))
    kinds = (cue_stems(*choice.phrases) for choices in of_choices for choice in choices)
    return any(stems <= kind and not told.isdisjoint(kind) for kind in kinds)


def _is_another_choice(campaign: Campaign, fact: CampaignFact, thing: str) -> bool:
    """Whether a thing is one of several that callers can choose, and a fact speaks of another of them."""
    told = cue_stems(*fact.topics, fact.answer) - any_thing()
    of_choices = [question.choices for question in campaign.questions if isinstance(question, ChoiceQuestion)]
    for choices in of_choices:
        chosen = [choice for choice in choices if best_phrases(choice.phrases, thing) >= 1]
        others = [choice for choice in choices if choice not in chosen]
        if chosen and any(not told.isdisjoint(cue_stems(*choice.phrases)) for choice in others):
            return True
    return False
