"""What the caller is told of a change of the calendar whose outcome was not known at once."""

from datetime import datetime

from callwright_common.campaign import Campaign
from dialogue.agents.appointment_changes import withdraws
from dialogue.agents.caller_questions import answer_questions
from dialogue.agents.contact_details import ask_for_contact
from dialogue.agents.drafting import Draft
from dialogue.agents.slot_offers import spoken_start
from dialogue.calendar_changes import in_doubt, takes_back
from dialogue.intents import Intent
from dialogue.language import speaking
from dialogue.spoken import spoken_text
from dialogue.state import CalendarChange
from dialogue.turns import Reply, Route
from vocabulary.enums import Expectation, WorkflowState
from vocabulary.turns import Sentence


def checking(campaign: Campaign, routed: Route, *, now: datetime) -> Sentence:
    """Returns what is said while a calendar that did not answer at once is asked once more."""
    spoken = campaign.in_language(routed.state.language)
    with speaking(spoken.language):
        return Sentence(spoken_text(Draft(spoken, routed, None, now).pick("change.checking")))


def left_in_doubt(campaign: Campaign, routed: Route, change: CalendarChange, *, now: datetime) -> Reply:
    """Returns the reply to speak instead of one whose `Book` or `Cancel` may have been carried out or not."""
    spoken = campaign.in_language(routed.state.language)
    with speaking(spoken.language):
        draft = Draft(spoken, routed, None, now)
        draft.state = in_doubt(draft.state, change)
        draft.state.chosen, draft.state.offered, draft.state.pending = None, [], None
        draft.close_by_asking_for(Expectation.ANYTHING_ELSE, "open.anything_else")
        tell_of_change(draft, change)
        return draft.finish()


def tell_of_change(draft: Draft, change: CalendarChange) -> None:
    """Begins the reply with what is known of a change of the calendar, as far as the caller has not been told it."""
    state = draft.state
    if change.done is None:
        known, left = "unknown", change.model_copy(update={"told": True})
    else:
        known, left = "done" if change.done else "failed", None
    if change.told and change.done is None:
        return
    slot = state.booked if known == "failed" and state.booked is not None else change.slot
    kind = change.kind
    deed = f"change.{kind}_{known}"
    if known == "failed" and change.kind == "move" and state.booked is None:
        deed = "change.book_failed"
    when = spoken_start(draft, slot)
    # The question whether to cancel it tells that it is booked.
    asks_to_cancel = change.done and state.expecting is Expectation.CANCELLATION_CHECK
    if not (asks_to_cancel and any(when in said for said in draft.sentences)):
        draft.sentences.insert(0, draft.pick(deed, when=when))
    draft.state.change = left
    draft.tells_of_change = True


def go_on_after_change(draft: Draft, change: CalendarChange) -> None:
    """Goes on where a change of the calendar is in doubt, or was so until now."""
    state = draft.state
    answer_questions(draft, admit=False)
    draft.workflow_state = WorkflowState.CLOSING
    if change.done is None:
        _note_wish(draft, change)
        draft.close_by_asking_for(Expectation.ANYTHING_ELSE, "open.anything_else")
    elif change.kind == "cancel" and not change.done:
        draft.ask_for(Expectation.CANCELLATION_CHECK, "change.cancel_now")
    elif change.kind == "cancel" and not takes_back(change, draft.analysis):
        draft.close_by_asking_for(Expectation.ANYTHING_ELSE, "open.anything_else")
    elif change.kind != "cancel" and change.done:
        if takes_back(change, draft.analysis):
            draft.ask_for(Expectation.CANCELLATION_CHECK, "change.cancel_now")
        else:
            ask_for_contact(draft)
    else:
        state.chosen, state.offered = change.slot, [change.slot]
        draft.workflow_state = WorkflowState.SCHEDULING
        deed = "time.ask_to_book" if state.booked is None else "time.ask_to_move"
        draft.ask_for(Expectation.SLOT_CONFIRMATION, deed)


def _note_wish(draft: Draft, change: CalendarChange) -> None:
    """Notes for a human what the caller wants of an appointment of which it is not known whether it stands."""
    if change.told:
        draft.say("change.still_unknown")
    if withdraws(draft):
        draft.state.request("cancel")
    elif draft.names_when or draft.has(Intent.RESCHEDULE):
        draft.state.wish = draft.analysis.noted
        draft.state.request("other_time")
