"""Taking up what a caller told, and asking for what is open, in whichever agent's reply."""

from callwright_common.campaign import AuthorityQuestion, ChoiceQuestion, Question, RangeQuestion
from dialogue.agents.caller_questions import answer_questions
from dialogue.agents.drafting import Draft
from dialogue.agents.small_talk import answer_small_talk, is_small_talk
from dialogue.analysis import AUTHORITY_VALUES, OTHER_CHOICE, Authority
from dialogue.intents import Intent
from dialogue.qualification import open_questions
from dialogue.spoken import spoken_text
from dialogue.state import DialogueState, Fact
from vocabulary.enums import Expectation

_MAX_ASKED = 2


def react(draft: Draft, *, admit: bool = True) -> bool:
    """Takes up what was told and answers what was asked; returns whether there was anything to react to."""
    before = len(draft.sentences)
    acknowledge(draft)
    answered = answer_questions(draft, admit=admit)
    if not answered:
        answer_small_talk(draft)
    return len(draft.sentences) > before


def acknowledge(draft: Draft) -> None:
    """Reflects the facts that the caller just told."""
    told = [captured for captured in draft.captured if draft.campaign.question(captured.fact.name)]
    name = next((captured.fact for captured in draft.captured if captured.fact.name == "caller_name"), None)
    if name is not None:
        draft.say(
            f"Nice to meet you, {name.value}.", f"Thank you, {name.value}.", f"Good to talk to you, {name.value}."
        )
    corrected = [captured.fact for captured in told if captured.corrected]
    if corrected:
        values = " and ".join(fact.value for fact in corrected[:2])
        draft.say(
            f"Thanks for putting that right, {values} then.",
            f"My mistake, so it is {values}.",
            f"Understood, I have changed that to {values}.",
        )
        told = [captured for captured in told if not captured.corrected]
    if len(told) > 2:
        draft.say("Thank you, that tells me a lot.", "Great, that helps me a good deal.")
        told = told[:1]
    for captured in told:
        question = draft.campaign.question(captured.fact.name)
        if question is not None:
            _reflect(draft, question, captured.fact)


def _reflect(draft: Draft, question: Question, fact: Fact) -> None:
    """Says a captured fact back, so that the caller hears that he was understood."""
    value = fact.value
    if fact.confidence < 0.5:
        draft.say(f"I heard {value}, please tell me if that is wrong.", f"I understood {value}, correct me if not.")
    elif question.acknowledge and fact.value != OTHER_CHOICE and fact.number and (fact.degree or 0.0) > 0.25:
        draft.say(question.acknowledge.replace("{value}", value))
    elif isinstance(question, AuthorityQuestion):
        draft.say(*_WORDINGS_BY_VALUE.get(value, (f"I see, so {value}.",)))
    elif isinstance(question, RangeQuestion) and question.kind == "timeline":
        draft.say(
            f"So {value}, that is good to know.",
            f"{value[:1].upper()}{value[1:]}, I have noted that.",
            f"Okay, {value}.",
        )
    elif isinstance(question, RangeQuestion) and fact.number is None:
        draft.say(f"I see, {value}.", f"Okay, so {value}.")
    elif isinstance(question, RangeQuestion):
        draft.say(f"Okay, {value}.", f"{value[:1].upper()}{value[1:]}, got it.", f"Thank you, so {value}.")
    elif isinstance(question, ChoiceQuestion) and value == OTHER_CHOICE:
        draft.say("I see, thank you.", "Thanks for telling me.", "I understand.")
    else:
        draft.say(f"I see, {value}.", f"Got it, {value}.", f"Understood, {value}.")


_AUTHORITY_WORDINGS: dict[Authority, tuple[str, ...]] = {
    "alone": ("Good, so the decision is yours.", "All right, so you can decide that yourself."),
    "together": ("It makes sense to decide that together.", "Good, then the two of you decide together."),
    "recommends": ("I see, so somebody else signs it off.", "Understood, so it needs an approval."),
    "somebody_else": (
        "I see, so somebody else makes that decision.",
        "Understood, so the decision is with somebody else.",
    ),
}
_WORDINGS_BY_VALUE = {AUTHORITY_VALUES[authority]: wordings for authority, wordings in _AUTHORITY_WORDINGS.items()}


def ask_next(draft: Draft, *, reacted: bool) -> None:
    """Asks the next question: the open one again in other words, or the next one if it was answered or given up."""
    state = draft.state
    pending = draft.campaign.question(state.pending or "")
    if pending is not None and pending.id not in state.facts and state.expecting is Expectation.ANSWER:
        _handle_missing_answer(draft, pending, reacted=reacted)
    following = open_questions(draft.campaign, state)
    if not following:
        return
    question = following[0]
    repeats = pending is not None and question.id == pending.id and reacted
    if (
        repeats
        and draft.analysis.asks
        and state.asked.get(question.id, 0) >= _MAX_ASKED
        and _just_asked(draft, question)
    ):
        draft.say("What else would you like to know?", "Do you have another question, or shall we go on?")
        draft.expect(None)
    elif repeats:
        asked = state.asked.get(question.id, 1)
        draft.ask(question, again=True)
        state.asked[question.id] = asked if is_small_talk(draft) else max(asked, min(_MAX_ASKED, asked + 1))
    else:
        draft.ask(question)


def _just_asked(draft: Draft, question: Question) -> bool:
    """Whether the last reply ended with a question, which would sound pushy if it came once more."""
    wordings = {spoken_text(question.ask), spoken_text(question.ask_again)}
    return not wordings.isdisjoint(draft.state.last_reply)


def _handle_missing_answer(draft: Draft, pending: Question, *, reacted: bool) -> None:
    """Gives the open question up where asking again is no use, else finds words for asking again."""
    state = draft.state
    unknown = draft.has(Intent.DOES_NOT_KNOW) or (draft.analysis.polarity is False and pending.kind != "authority")
    tries = state.asked.get(pending.id, 0)
    if draft.has(Intent.DECLINES_TO_SAY):
        draft.say("That is fine, we can leave that open.", "No problem, you do not have to tell me.")
        _drop(state, pending)
    elif unknown and tries >= _MAX_ASKED:
        draft.say("No problem, we can leave that open.", "That is all right, let us go on.")
        _drop(state, pending)
    elif unknown:
        draft.say("No problem.", "No worries.", "That is all right.")
    elif sum_heard := draft.analysis.unbelievable:
        draft.say(f"I heard {sum_heard}, which cannot be right.", f"I am not sure about {sum_heard}.")
        if tries >= _MAX_ASKED:
            draft.say("Let us leave that open for now.", "All right, we can come back to that later.")
            _drop(state, pending)
    elif reacted:
        if tries > _MAX_ASKED + 1:
            _drop(state, pending)
    elif tries >= _MAX_ASKED:
        draft.say("Let us leave that open for now.", "All right, we can come back to that later.")
        _drop(state, pending)
        state.failures += 1
    else:
        draft.say(
            "I want to be sure I get this right.", "Let me ask that another way.", "Sorry, I did not quite follow."
        )
        state.failures += 1


def _drop(state: DialogueState, question: Question) -> None:
    state.dropped.append(question.id)
    state.pending = None
