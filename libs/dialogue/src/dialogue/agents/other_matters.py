"""What is said to callers who do not ring to buy: short, honest, and never the next question of the script."""

from dialogue.agents.caller_questions import answer_questions
from dialogue.agents.drafting import Draft
from dialogue.agents.visits_in_grief import visit_in_grief
from dialogue.intents import ABOUT_CALLS, Intent, Matter
from dialogue.language import WORDINGS
from dialogue.matters import NOT_A_LEADS
from dialogue.state import CloseReason
from dialogue.visits_in_grief import OF_A_VISIT
from vocabulary.enums import Expectation

_TOLD = (*NOT_A_LEADS, Intent.DISTRESS)
_A_BARE_NO = 3
_OFFERED = frozenset({Expectation.MOVE_ON, Expectation.HUMAN_OFFER})
_OFFERS: dict[str, str] = {
    Matter.CHILD: "matter.ask_for_grown_up",
    Matter.DISTRESS: "matter.go_on_all_the_same",
}
"""What is asked of whom, where it is not whether he wants something of the product too."""


def other_matter(draft: Draft) -> None:
    """Takes up what the caller rings about, and offers what is of use to him."""
    told = draft.state.matter == Matter.CHILD or draft.has(*_TOLD)
    if _note_what_is_told(draft):
        return
    if draft.has(*ABOUT_CALLS):
        _apologise_for_calls(draft)
    elif not told and answer_questions(draft):
        draft.ask_for(Expectation.MOVE_ON, _OFFERS.get(draft.state.matter or "", "matter.product_too"))
    elif not told and draft.state.expecting in _OFFERED and draft.state.matter != Matter.DISTRESS:
        _note_more_of_it(draft)
    else:
        _say_what_it_is_about(draft)


def _say_what_it_is_about(draft: Draft) -> None:
    """Says what becomes of the caller's matter, and offers what is of use to him."""
    match draft.state.matter:
        case Matter.EMERGENCY:
            _help_first(draft)
            draft.say("matter.emergency")
            draft.close(CloseReason.GOODBYE)
        case Matter.CHILD:
            _ask_for_a_grown_up(draft)
        case Matter.DISTRESS if draft.state.requested("cancel"):
            draft.say("matter.take_your_time")
            draft.close_by_asking_for(Expectation.ANYTHING_ELSE, "open.anything_else_to_help")
        case Matter.DISTRESS if draft.state.expecting is Expectation.MOVE_ON or draft.has(Intent.CALL_LATER):
            draft.say("matter.take_your_time")
            draft.ask_for(Expectation.ANOTHER_DAY, "matter.another_day")
        case Matter.DISTRESS:
            draft.say("matter.no_need_to_go_on")
            draft.ask_for(Expectation.MOVE_ON, _OFFERS[Matter.DISTRESS])
        case matter if matter != Matter.SUPPORT and f"matter.{matter}" in WORDINGS:
            draft.say(f"matter.{matter}")
            draft.ask_for(Expectation.MOVE_ON, "matter.product_too")
        case _:
            draft.say("line.other_matter" if draft.has(Intent.OTHER_MATTER) else "matter.support")
            draft.ask_for(Expectation.HUMAN_OFFER, "line.offer_colleague")


def _note_more_of_it(draft: Draft) -> None:
    """Notes what a caller tells more of his matter in place of an answer, for whoever sees to it."""
    draft.state.request("remark")
    draft.say("open.noted")
    if draft.state.expecting is Expectation.HUMAN_OFFER:
        draft.ask_for(Expectation.HUMAN_OFFER, "line.offer_colleague")
    else:
        draft.close_by_asking_for(Expectation.ANYTHING_ELSE, "open.anything_else_to_help")


def _ask_for_a_grown_up(draft: Draft) -> None:
    """Greets a child, the first time, and asks for somebody else."""
    if Intent.CHILD not in draft.state.checked:
        draft.say("matter.child")
    draft.state.checked.append(Intent.CHILD)
    draft.ask_for(Expectation.MOVE_ON, _OFFERS[Matter.CHILD])


def _note_what_is_told(draft: Draft) -> bool:
    """Notes a visit or letters of who died, or the details of a caller who is no lead; False for none of them."""
    of_letters = draft.state.requested("stop_letters") and draft.state.matter == Matter.DISTRESS
    if draft.state.matter in OF_A_VISIT:
        visit_in_grief(draft)
    elif of_letters:
        _stop_letters(draft)
    elif draft.captured and draft.state.expecting is Expectation.MOVE_ON and not draft.has(*_TOLD):
        draft.say("open.noted")
        draft.close_by_asking_for(Expectation.ANYTHING_ELSE, "open.anything_else_to_help")
    else:
        return False
    return True


def _stop_letters(draft: Draft) -> None:
    """Says back that letters are to stop and asks whose they are, then notes that too."""
    if draft.state.expecting is Expectation.CONTACT_DETAIL:
        told = draft.captured or len(draft.analysis.words.split()) > _A_BARE_NO
        if told or draft.analysis.polarity is not False:
            draft.say("matter.letters_noted")
        draft.state.pending = None
        draft.close_by_asking_for(Expectation.ANYTHING_ELSE, "open.anything_else_to_help")
        return
    draft.ask_for_detail("caller_name", "matter.stop_letters")


def _help_first(draft: Draft) -> None:
    """Says what helps ahead of any call, unless the campaign has words of its own for danger."""
    first = {Matter.DESPAIR: "matter.not_alone", Matter.FIRE: "matter.get_out"}
    deed = next((deed for matter, deed in first.items() if matter in draft.analysis.matters), None)
    if deed is not None and not draft.campaign.other_matters.emergency:
        draft.say(deed)


def _apologise_for_calls(draft: Draft) -> None:
    """Says sorry for calls that were made or not made, and offers what sets it right."""
    complaint = next(intent for intent in ABOUT_CALLS if draft.has(intent))
    draft.say(f"calls.{complaint}")
    if complaint is Intent.PESTERED and Intent.DO_NOT_CALL not in draft.state.checked:
        draft.state.checked.append(Intent.DO_NOT_CALL)
        draft.ask_for(Expectation.OPT_OUT_CHECK, "check.do_not_call")
        return
    if complaint is Intent.CALL_OWED:
        draft.state.request("call_back")
    draft.ask_for(Expectation.HUMAN_OFFER, "line.offer_colleague")
