"""Taking up what a caller told, and asking for what is open, in whichever agent's reply."""

from callwright_common.campaign import AuthorityQuestion, ChoiceQuestion, Question, RangeQuestion
from dialogue.agents.asking_back import asks_back
from dialogue.agents.caller_questions import answer_questions
from dialogue.agents.drafting import Draft
from dialogue.agents.small_talk import answer_small_talk, is_small_talk
from dialogue.analysis import AUTHORITY_VALUES, OTHER_CHOICE
from dialogue.intents import FEELINGS, Intent
from dialogue.language import language
from dialogue.qualification import open_questions
from dialogue.spoken import spoken_text
from dialogue.spoken_contacts import spoken_phone
from dialogue.state import DialogueState, Fact
from dialogue.turns import Captured
from vocabulary.enums import Expectation

_HEARD = language("answers").patterns
_MAX_ASKED = 2
_NEAR = 2
"""So many words stand between what denies a thing and its name."""
_CHECKS = frozenset({Expectation.OPT_OUT_CHECK, Expectation.WRONG_PERSON_CHECK})


def react(draft: Draft, *, admit: bool = True) -> bool:
    """Takes up what was told and answers what was asked; returns whether there was anything to react to."""
    before = len(draft.sentences)
    is_right = draft.state.expecting is Expectation.WRONG_PERSON_CHECK and draft.has(Intent.RIGHT_PERSON)
    if is_right or (draft.state.expecting in _CHECKS and draft.analysis.polarity is False):
        draft.say("check.dismissed")
    felt = _take_part(draft)
    acknowledge(draft)
    answered = answer_questions(draft, admit=admit)
    if not answered and not felt:
        answer_small_talk(draft)
    return len(draft.sentences) > before or draft.has(Intent.DISTRESS)


def _take_part(draft: Draft) -> bool:
    """Says a word to a caller who is afraid, ashamed or unwell; returns whether he is."""
    feeling = next((feeling for feeling in (Intent.ASHAMED, Intent.AFRAID, Intent.UNWELL) if draft.has(feeling)), None)
    if feeling is None:
        return False
    draft.say(f"feeling.{feeling}")
    return True


def acknowledge(draft: Draft) -> None:
    """Reflects the facts that the caller just told, unless he told them in grief."""
    if draft.has(Intent.DISTRESS):
        return
    told = [captured for captured in draft.captured if draft.campaign.question(captured.fact.name)]
    name = next((captured.fact for captured in draft.captured if captured.fact.name == "caller_name"), None)
    if name is not None:
        draft.say("told.name", name=name.value)
    phone = next((captured.fact for captured in draft.captured if captured.fact.name == "phone"), None)
    if phone is not None and not draft.state.takes_contact:
        draft.say("told.phone", phone=spoken_phone(phone.value))
    if draft.analysis.cools:
        draft.say("withdrawn.intent")
    if draft.analysis.denied:
        draft.say("told.denied")
    told = [captured for captured in told if not _says_withdrawn(draft, captured)]
    named = (RangeQuestion, ChoiceQuestion)
    corrected = [one for one in told if one.corrected and isinstance(draft.campaign.question(one.fact.name), named)]
    if corrected:
        draft.say("told.corrected", values=_spoken_values(draft, [one.fact.value for one in corrected]))
        told = [captured for captured in told if captured not in corrected]
    if len(told) > 2:
        draft.say("told.much")
        told = told[:1]
    for captured in told:
        question = draft.campaign.question(captured.fact.name)
        if question is not None:
            _reflect(draft, question, captured.fact)


def _spoken_values(draft: Draft, values: list[str]) -> str:
    """Returns how to speak of at most two values."""
    first, *further = [draft.spoken_value(value) for value in values[:2]]
    return draft.wordings("told.two_values", first=first, second=further[0])[0] if further else first


def _says_withdrawn(draft: Draft, captured: Captured) -> bool:
    """Says that an answer was taken back, if it was and none that can be named takes its place."""
    question = draft.campaign.question(captured.fact.name)
    withdrawn = any(fact.name == captured.fact.name for fact in draft.analysis.withdrawn)
    if not isinstance(question, RangeQuestion | AuthorityQuestion) or not withdrawn:
        return False
    factor, named = question.factor, captured.fact.number is not None
    if captured.fact.value in _DECIDES or (named and question.kind == "timeline"):
        _reflect(draft, question, captured.fact)
    elif not named:
        draft.say(f"withdrawn.{factor}")
    return not named or question.kind == "timeline"


def _reflect(draft: Draft, question: Question, fact: Fact) -> None:
    """Says a captured fact back, so that the caller hears that he was understood."""
    value = draft.spoken_value(fact.value)
    if fact.is_doubtful:
        draft.say("told.doubtful", value=value)
    elif question.acknowledge and fact.value != OTHER_CHOICE and fact.number and (fact.degree or 0.0) > 0.25:
        draft.say("campaign.written", text=question.acknowledge.replace("{value}", value))
    elif isinstance(question, AuthorityQuestion):
        draft.say(_DECIDES.get(fact.value, "told.decides"), value=value)
    elif isinstance(question, RangeQuestion) and question.kind == "timeline":
        draft.say("told.timeline", value=value)
    elif isinstance(question, RangeQuestion) and fact.number is None:
        draft.say("told.amount_in_words", value=value)
    elif isinstance(question, RangeQuestion):
        draft.say("told.amount", value=value)
    elif isinstance(question, ChoiceQuestion) and not _may_be_said_back(draft, question, fact):
        if not draft.analysis.asks and not draft.has(*FEELINGS):
            draft.say("told.other_choice")
    else:
        draft.say("told.choice", value=value)


def _may_be_said_back(draft: Draft, question: Question, fact: Fact) -> bool:
    """Whether a choice answers what was just asked, in a plain statement."""
    plain = fact.value != OTHER_CHOICE and fact.name in draft.analysis.stated and not draft.analysis.asks
    return plain and _just_asked(draft, question)


_DECIDES = {value: f"told.decides_{authority}" for authority, value in AUTHORITY_VALUES.items()}


def ask_next(draft: Draft, *, reacted: bool) -> None:
    """Asks the next question: the open one again in other words, or the next one if it was answered or given up."""
    state = draft.state
    wary = draft.has(Intent.WHERE_FROM) and not draft.captured  # he is sold nothing in the same breath
    if wary or draft.has(Intent.ANNOUNCES_A_QUESTION, Intent.DEMANDS_FIRST):
        _leave_the_word(draft)
        return
    pending = draft.campaign.question(state.pending or "")
    if pending is not None and pending.id not in state.facts and state.expecting is Expectation.ANSWER:
        if asks_back(draft, pending):
            return
        _handle_missing_answer(draft, pending, reacted=reacted)
    following = open_questions(draft.campaign, state)
    if not following:
        return
    question = next((one for one in following if one.id in draft.analysis.denied), following[0])
    repeats = pending is not None and question.id == pending.id and reacted
    if (
        repeats
        and draft.analysis.asks
        and state.asked.get(question.id, 0) >= _MAX_ASKED
        and _just_asked(draft, question)
    ):
        draft.say("open.another_question")
        draft.expect(None)
    elif repeats:
        asked = state.asked.get(question.id, 1)
        beside = is_small_talk(draft) or draft.analysis.of_the_noted
        draft.ask(question, again=True)
        state.asked[question.id] = max(asked, min(_MAX_ASKED, asked + (not beside)))
    else:
        draft.ask(question)


def _leave_the_word(draft: Draft) -> None:
    """Asks nothing of a caller who wants to ask first: he gets his answer, or else a human is offered."""
    if draft.has(Intent.DEMANDS_FIRST) and draft.state.requested("answer") and not draft.analysis.answers:
        draft.ask_for(Expectation.HUMAN_OFFER, "line.offer_colleague")
        return
    if not draft.has(Intent.ANNOUNCES_A_QUESTION):
        draft.say("open.another_question")
    draft.expect(None)


def _just_asked(draft: Draft, question: Question) -> bool:
    """Whether the last reply ended with a question, which would sound pushy if it came once more."""
    wordings = {spoken_text(question.ask), spoken_text(question.ask_again)}
    return not wordings.isdisjoint(draft.state.last_reply)


def _handle_missing_answer(draft: Draft, pending: Question, *, reacted: bool) -> None:
    """Gives the open question up where asking again is no use, else finds words for asking again."""
    state = draft.state
    does_not_know = draft.has(Intent.DOES_NOT_KNOW)
    unknown = does_not_know or (draft.analysis.polarity is False and pending.kind != "authority")
    tries = state.asked.get(pending.id, 0)
    if draft.has(Intent.DECLINES_TO_SAY) or _counts_something_else(draft, pending):
        draft.say("question.left_open_as_wished")
        _drop(state, pending)
    elif unknown and ((does_not_know and not draft.analysis.asks) or tries >= _MAX_ASKED):
        draft.say("question.left_open_unknown")
        _drop(state, pending)
    elif unknown:
        draft.say("question.unknown")
    elif heard := draft.analysis.unbelievable or draft.analysis.other_currency:
        sum_heard = draft.spoken_value(heard)
        if draft.analysis.unbelievable:
            draft.say("question.unbelievable", sum=sum_heard)
        else:
            draft.say("question.other_currency", sum=sum_heard)
        if tries >= _MAX_ASKED:
            draft.say("question.left_open")
            _drop(state, pending)
    elif reacted:
        if tries > _MAX_ASKED + 1:
            _drop(state, pending)
    elif tries >= _MAX_ASKED:
        draft.say("question.left_open")
        _drop(state, pending)
        state.failures += 1
    else:
        draft.say("question.ask_again")
        state.failures += 1


def _counts_something_else(draft: Draft, pending: Question) -> bool:
    """Whether a caller says that what is to be counted is not what he has: "it is not windows, it is a door"."""
    if not isinstance(pending, RangeQuestion) or pending.kind != "count" or not pending.unit:
        return False
    words, unit = draft.analysis.words.split(), pending.unit.split()
    before = next((words[:at] for at in range(len(words)) if words[at : at + len(unit)] == unit), [])
    return _HEARD["denies"].search(" ".join(before[-_NEAR:])) is not None


def _drop(state: DialogueState, question: Question) -> None:
    state.dropped.append(question.id)
    state.pending = None
