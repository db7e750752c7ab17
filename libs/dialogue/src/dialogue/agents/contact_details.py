"""The details of the caller, for his booking or for what is sent to him: asks for them, reads them back, mends them."""

from dialogue.agents.caller_questions import answer_questions
from dialogue.agents.drafting import Draft
from dialogue.agents.in_writing import drop_the_sending, note_the_sending, of_the_sending
from dialogue.contact import FACTS, PERSONAL, SENT_TO, detail_of, is_for_sending, missing, unsettled, wanted
from dialogue.cut_off import only_its_question
from dialogue.intents import Intent
from dialogue.spoken import spoken_digits
from dialogue.spoken_contacts import spoken_email, spoken_letters, spoken_phone
from dialogue.state import CloseReason, DialogueState, Fact, counted
from vocabulary.enums import Expectation, WorkflowState

_MOST_ASKED = 2
_MOST_QUESTIONS = 4
"""How often a detail is asked for, however much the caller has to ask meanwhile."""
_AGAIN = 2
"""How often more a detail is asked for that was told and is wrong."""
_MOST_READ_BACK = 4
_PHONE = "phone"
_ENDING = 4
"""As many digits of the caller's own number are said back as tell which one it is."""
_MOST_WORDS = 42
"""Of what is read back, so that what was said before fits into the reply too."""


def contact_details(draft: Draft) -> None:
    """Takes up what the caller told of himself, or that he does not tell it, and goes on with what is open."""
    state = draft.state
    if draft.has(Intent.WANTS_ERASURE) or (state.is_in_doubt and draft.analysis.takes_out):
        _take_out(draft)
        return
    if draft.has(Intent.NOT_TO_BE_SENT):
        drop_the_sending(draft)
        return
    asked = _PHONE if state.expecting is Expectation.CALLER_NUMBER_OFFER else state.pending
    told = [one.fact.name for one in draft.captured if one.fact.name in PERSONAL]
    offers = draft.analysis.offers
    of_the_way = is_for_sending(state) and of_the_sending(draft)
    answered = of_the_way or (not offers and _says_why(draft, next(iter(told), asked))) or _answers(draft, told)
    if draft.analysis.takes_out:
        draft.say("contact.taken_out")
    elif offers:
        draft.say("contact.noted" if told else "contact.offered")
        _asks_later(state, asked, told)
    elif state.expecting is Expectation.CONTACT_CONFIRMATION:
        if not only_its_question(state):
            state.read_back = {}  # nobody agreed to what he did not hear
        if _is_open_after_read_back(draft, told, answered=answered):
            return
    elif not of_the_way and not _puts_right(draft, told, asked):
        _take_answer(draft, asked or "", told, answered=answered)
    if draft.has(Intent.GOODBYE):
        draft.goodbye(CloseReason.GOODBYE)
        return
    ask_for_contact(draft)


def _asks_later(state: DialogueState, asked: str | None, told: list[str]) -> None:
    """Counts what was asked for as not asked yet, where the caller speaks of another detail first."""
    if asked in state.asked and asked not in told:
        state.asked[asked] = max(0, state.asked[asked] - 1)


def _answers(draft: Draft, told: list[str]) -> bool:
    offers = bool(draft.analysis.offers)
    if offers and draft.has(Intent.WHY_ASKING):
        return False
    return answer_questions(draft, admit=not (told or offers or draft.has(Intent.THIS_NUMBER)))


def _take_out(draft: Draft) -> None:
    """Says what becomes of what the caller does not want to be kept; nothing more is asked of him."""
    state = draft.state
    state.pending = None
    state.withheld = list(dict.fromkeys([*state.withheld, *wanted(draft.campaign, state)]))
    if draft.has(Intent.WANTS_ERASURE):
        state.request("erasure")
        state.request("do_not_call")
        draft.say("contact.erasure")
    else:
        draft.say("contact.taken_out")
    if draft.has(Intent.GOODBYE):
        draft.goodbye(CloseReason.GOODBYE)
        return
    draft.close_by_asking_for(Expectation.ANYTHING_ELSE, "open.anything_else")
    draft.workflow_state = WorkflowState.CLOSING


def _says_why(draft: Draft, asked: str | None) -> bool:
    """Tells what a detail is asked for where the caller wants to know; returns whether he does."""
    wants_to_know = draft.state.booked is not None and detail_of(asked) is not None and draft.has(Intent.WHY_ASKING)
    if wants_to_know:
        draft.has_answered = True
        draft.say(f"contact.why_{asked}")
    return wants_to_know


def _puts_right(draft: Draft, told: list[str], asked: str | None) -> bool:
    """Takes up what the caller puts right of what he told before; returns whether all that he said is taken up."""
    state = draft.state
    wrong = [fact for fact in draft.analysis.named_wrong if fact not in told and fact in state.facts]
    for fact in wrong:
        del state.facts[fact]
    if wrong:
        draft.say("contact.sorry")
    elif any(one.corrected for one in draft.captured):
        draft.say("contact.changed")
    elif told and asked not in told:
        draft.say("contact.noted")
    else:
        return asked not in FACTS.values()
    return not draft.has(Intent.DECLINES_TO_SAY)


def ask_for_contact(draft: Draft) -> None:
    """Asks for the next detail, reads back what was told, or asks whether there is anything else."""
    state = draft.state
    if open_details := missing(draft.campaign, state):
        offered = [fact for fact in open_details if fact in draft.analysis.offers]
        _ask_for(draft, next(iter(offered or open_details)))
    elif told := unsettled(draft.campaign, state):
        _read_back(draft, told)
    else:
        state.pending = None
        if is_for_sending(state):
            note_the_sending(draft)
        draft.close_by_asking_for(Expectation.ANYTHING_ELSE, "open.anything_else_to_know")
    draft.workflow_state = WorkflowState.CLOSING


def _ask_for(draft: Draft, fact: str) -> None:
    state = draft.state
    times = state.asked.get(fact, 0)
    still_offered = state.expecting is Expectation.CALLER_NUMBER_OFFER and not _refuses(draft)
    if fact == _PHONE and state.caller_number and (not times or still_offered):
        ending = spoken_digits(state.caller_number[-_ENDING:])
        draft.ask_for_detail(fact, "contact.offer_caller_number", ending=ending)
        draft.expect(Expectation.CALLER_NUMBER_OFFER)
    elif fact == "email" and state.begun_email:
        asks_for = "email_end" if "@" in state.begun_email else "domain"
        draft.ask_for_detail(fact, f"contact.ask_{asks_for}")
    elif is_for_sending(state) and not times:
        draft.ask_for_detail(fact, f"in_writing.ask_{fact}")
    else:
        asks = "again" if times > 1 or is_for_sending(state) else "ask"
        draft.ask_for_detail(fact, f"contact.{asks}_{fact}")


def _take_answer(draft: Draft, asked: str, told: list[str], *, answered: bool) -> None:
    """Notes whether a detail that was asked for was told; whoever does not want to tell it is not pressed."""
    state = draft.state
    offered = state.expecting is Expectation.CALLER_NUMBER_OFFER
    refuses = _refuses(draft)
    times = state.asked.get(asked, 1)
    if asked in told or (draft.analysis.begun_email and times < _MOST_QUESTIONS):
        draft.say("contact.noted")
    elif draft.has(Intent.DECLINES_TO_SAY) or (refuses and not offered and not told):
        draft.say("contact.no_problem")
        _withhold(state, asked)
    elif answered and times < _MOST_QUESTIONS:
        pass
    elif offered and refuses:
        draft.say("contact.other_number")
    elif draft.analysis.tells_else:
        _note_what_is_told(draft)
        if _was_left_for(draft, asked):
            _leave_open(draft, asked)
        else:
            _asks_later(state, asked, told)
    elif times >= _MOST_ASKED + (_AGAIN if asked in state.read_back else 0):
        draft.say("contact.left_open")
        _leave_open(draft, asked)
    elif draft.has(Intent.THIS_NUMBER):
        draft.say("contact.no_number_shown")
    else:
        draft.say("contact.not_caught")


def _note_what_is_told(draft: Draft) -> None:
    """Notes what the caller tells in a detail's place; an answer to the script's questions is a fact already."""
    if not draft.captured:
        draft.state.request("remark")
    draft.say("open.noted")


def _was_left_for(draft: Draft, asked: str) -> bool:
    """Counts that a caller told something else than what was asked; returns whether he did so before."""
    name = f"left_{asked}"
    draft.state.count_asked(name)
    return draft.state.asked[name] > 1


def _leave_open(draft: Draft, asked: str) -> None:
    """Goes on without a detail that was asked for often enough."""
    state = draft.state
    _withhold(state, asked)
    detail = None if is_for_sending(state) else detail_of(asked)
    if detail is not None and draft.campaign.capture.details.get(detail) == "required":
        state.request("details")


def _withhold(state: DialogueState, asked: str) -> None:
    """Asks for a detail no more, nor for another one in its place."""
    state.withheld += SENT_TO if is_for_sending(state) else [asked]


def _refuses(draft: Draft) -> bool:
    if draft.has(Intent.THIS_NUMBER):
        return False
    return draft.analysis.polarity is False or draft.has(Intent.NO_THANKS, Intent.DOES_NOT_KNOW, Intent.NOT_INTERESTED)


def _read_back(draft: Draft, facts: list[str]) -> None:
    """Says details back, as many as go into one reply."""
    state = draft.state
    changed = bool(state.agreed)
    told, spoken = _spoken_details(draft, facts)
    state.read_back = {fact: state.facts[fact].value for fact in told}
    state.read_backs = counted(state.read_backs)
    state.pending = None
    draft.may_repeat = True
    if is_for_sending(state):
        draft.say("in_writing.read_back", details=spoken)
    else:
        draft.say("contact.read_back_again" if changed else "contact.read_back", details=spoken)
    draft.ask_for(Expectation.CONTACT_CONFIRMATION, "contact.is_that_right")


def _is_open_after_read_back(draft: Draft, told: list[str], *, answered: bool) -> bool:
    """Takes the answer to what was read back; returns whether it is still to be answered, and has been asked so.

    What the caller puts right replaces that detail alone; the others count as agreed to.
    """
    state, said = draft.state, draft.analysis
    changed = [fact for fact in told if state.facts[fact].value != state.read_back.get(fact)]
    wrong = [fact for fact in said.named_wrong if fact not in told and fact in state.facts]
    times = max(1, state.read_backs)
    agrees = said.polarity is True or draft.has(Intent.NOTHING_MORE)
    if not told and not wrong and said.polarity is False and not agrees and len(state.read_back) == 1:
        wrong = [*state.read_back]
    tells_else = said.tells_else and not (changed or wrong or told or agrees or answered)
    if tells_else:
        _note_what_is_told(draft)
    left = times >= _MOST_READ_BACK or (tells_else and _was_left_for(draft, "read_back"))
    if not (changed or wrong or told or agrees or left):
        state.read_backs = counted(times)
        _ask_again_whether_right(draft, taken_up=answered or tells_else)
        return True
    given_up = left and not agrees
    _settle(draft, changed=[*changed, *wrong], given_up=given_up)
    if given_up:
        draft.say("contact.to_be_checked")
        state.request("check_details")
    elif changed:
        draft.say("contact.changed")
    elif wrong:
        draft.say("contact.sorry")
    elif not is_for_sending(state):
        draft.say("contact.thanks")
    for fact in () if given_up else wrong:
        del state.facts[fact]
    return False


def _ask_again_whether_right(draft: Draft, *, taken_up: bool) -> None:
    """Asks again for a yes to what was read back, where what was said is no answer, be it taken up or not followed."""
    if not taken_up:
        draft.say("contact.what_is_wrong" if draft.analysis.polarity is False else "contact.yes_or_no")
    draft.ask_for(Expectation.CONTACT_CONFIRMATION, "contact.is_it_right" if taken_up else "contact.which_part")


def _settle(draft: Draft, *, changed: list[str], given_up: bool) -> None:
    """Notes what the caller agreed to: all that he did not change."""
    state = draft.state
    for fact, value in state.read_back.items():
        if given_up:
            state.settled[fact] = state.facts[fact].value
        elif fact not in changed:
            state.settled[fact] = state.agreed[fact] = value


def _spoken_details(draft: Draft, facts: list[str]) -> tuple[list[str], str]:
    """Returns as many of some details as go into one reply, and how to say them."""
    taken: list[str] = []
    spoken: list[str] = []
    for fact in facts:
        part = _spoken_detail(draft, draft.state.facts[fact])
        if taken and len(" ".join([*spoken, part]).split()) > _MOST_WORDS:
            break
        taken.append(fact)
        spoken.append(part)
    return taken, ", ".join(spoken)


def _spoken_detail(draft: Draft, fact: Fact) -> str:
    """Returns how to say a detail back: letter by letter what was spelled or is doubtful."""
    letters = fact.is_doubtful or fact.spelled
    value = fact.value
    match fact.name:
        case "phone" if value == draft.state.caller_number:
            return draft.pick("contact.part_caller_number", value=spoken_digits(value[-_ENDING:]))
        case "phone":
            value = spoken_phone(value)
        case "email":
            name = draft.state.facts.get("caller_name")
            value = spoken_email(value, known=name.value if name is not None else "", letters=letters)
        case "caller_name" if letters:
            value = draft.pick(
                "contact.spelled", value=value, letters=spoken_letters(fact.spelled_part or value.split()[-1])
            )
    return draft.pick(f"contact.part_{fact.name}", value=value)
