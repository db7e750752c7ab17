"""The replies after which little or nothing is left to talk about."""

from dialogue.agents.drafting import Draft
from dialogue.intents import Intent
from dialogue.state import CloseReason, Fact
from vocabulary.enums import Expectation, WorkflowState

_MAX_ABUSE = 2


def refused(draft: Draft) -> None:
    """Lets a caller go who is not interested."""
    draft.note_signal("refusal")
    draft.say("That is no problem at all, thank you for telling me.", "I understand, thank you for your time.")
    draft.goodbye(CloseReason.DECLINED)


def do_not_call(draft: Draft) -> None:
    """Confirms what was noted for a caller who does not want to be called, and says goodbye."""
    draft.note_signal("refusal")
    draft.say(
        "I am sorry for the trouble, and I have noted that you do not want to be called again.",
        "I understand, I have noted that you are not to be called any more.",
    )
    draft.goodbye(CloseReason.DO_NOT_CALL)


def wrong_number(draft: Draft) -> None:
    """Lets a caller go who dialled somebody else."""
    draft.say(f"No problem, this is {draft.campaign.company.name}.", "That can happen, no problem.")
    draft.goodbye(CloseReason.WRONG_NUMBER)


def abuse(draft: Draft) -> None:
    """Stays calm once, then ends the call."""
    state = draft.state
    state.abuse += 1
    if state.abuse >= _MAX_ABUSE:
        draft.sentences.append("I will end the call here, and you are welcome to call again another time.")
        draft.goodbye(CloseReason.ABUSE)
        return
    draft.say("I am sorry that you are upset.", "I can hear that you are annoyed, and I am sorry.")
    draft.say(
        "Would you rather talk to a colleague, or shall we go on?",
        "Would you like a colleague to take over, or shall we go on?",
    )
    draft.expect(Expectation.MOVE_ON)


def postponed(draft: Draft) -> None:
    """Asks for a better time, or notes the one that was named."""
    state = draft.state
    draft.note_signal("postponed")
    state.pending = None
    if draft.names_when:
        note_callback(draft)
        return
    draft.say("No problem, I do not want to keep you.", "Of course, this can wait.")
    draft.say("When would be a better time to call you?", "When would a call suit you better?")
    draft.expect(Expectation.CALLBACK_TIME)
    draft.workflow_state = WorkflowState.CLOSING


def note_callback(draft: Draft) -> None:
    """Notes when the caller is to be called back and says goodbye."""
    state = draft.state
    if not draft.has(Intent.SAYS_WHEN) and draft.analysis.polarity is not True:
        draft.say("All right, another time then.", "That is fine, you are welcome to call again.")
        draft.goodbye(CloseReason.POSTPONED)
        return
    draft.request("a call back at the time he named")
    state.facts["callback_time"] = Fact(
        name="callback_time", value=draft.analysis.words[:120], turn_id=draft.route.turn_id, quote=draft.analysis.quote
    )
    draft.say("I have noted that you would like a call then.", "Thank you, I have noted that time for the call back.")
    draft.goodbye(CloseReason.POSTPONED)


def voicemail(draft: Draft) -> None:
    """Leaves the briefest message with an answering machine."""
    company = draft.campaign.company
    draft.sentences.append(
        f"This is {company.agent_name}, the automated assistant of {company.name}. "
        "You are welcome to call us back. Goodbye."
    )
    draft.close(CloseReason.VOICEMAIL)


def appointment_declined(draft: Draft) -> None:
    """Lets go of the appointment at the first clear no."""
    state = draft.state
    draft.note_signal("refusal")
    state.offered, state.chosen, state.wants_appointment, state.close_reason = [], None, False, CloseReason.DECLINED
    name = draft.campaign.appointment.name
    draft.say(f"That is fine, then no {name}.", f"No problem, I leave the {name} out.")
    draft.say("Is there anything else I can help you with?", "Can I do anything else for you?")
    draft.expect(Expectation.ANYTHING_ELSE)
    draft.workflow_state = WorkflowState.CLOSING
