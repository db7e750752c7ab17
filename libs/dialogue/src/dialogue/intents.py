"""The things that an utterance can do, and the objections that it can raise."""

from enum import StrEnum


class Intent(StrEnum):
    """Something that an utterance does; one utterance may do several."""

    # The talk itself.
    GREETING = "greeting"
    GOODBYE = "goodbye"
    THANKS = "thanks"
    SAME_TO_YOU = "same_to_you"
    WAIT = "wait"
    IS_BACK = "is_back"
    REPEAT = "repeat"
    SLOWER = "slower"
    REPHRASE = "rephrase"
    CLARIFY = "clarify"
    IN_A_HURRY = "in_a_hurry"
    STOP = "stop"
    GO_ON = "go_on"
    NOTHING_MORE = "nothing_more"
    SAYS_MORE = "says_more"
    """Takes leave, thanks or says no, and goes on with something else: the talk is not over."""

    ANNOUNCES_A_QUESTION = "announces_a_question"
    """Says that he has a question, and does not ask it yet."""
    DEMANDS_FIRST = "demands_first"
    """Wants to be told something before he answers."""

    # Questions about the agent and the call.
    ARE_YOU_HUMAN = "are_you_human"
    ASKS_IF_MACHINE = "asks_if_machine"
    """With `ARE_YOU_HUMAN`: asked so that yes means a machine."""
    ASKS_WHICH_OF_BOTH = "asks_which_of_both"
    """With `ARE_YOU_HUMAN`: asked so that neither yes nor no answers it."""
    WHO_ARE_YOU = "who_are_you"
    HOW_ARE_YOU = "how_are_you"
    CAN_YOU_HEAR = "can_you_hear"
    WHY_ASKING = "why_asking"
    RECORDING = "recording"
    AGAINST_RECORDING = "against_recording"
    """Does not want the call to be recorded."""
    WHERE_FROM = "where_from"
    WHAT_TIME = "what_time"
    TELL_MORE = "tell_more"
    WANTS_PLAIN_ANSWER = "wants_plain_answer"
    OF_THE_TALK = "of_the_talk"
    """What is wanted of him, where they were, which time that would be: what is open is the answer."""
    OF_HOW_EXACT = "of_how_exact"
    OF_WHAT_IS_USUAL = "of_what_is_usual"
    """What others have, spend or say where the caller is asked for his own figure."""

    # What the caller wants.
    WANTS_HUMAN = "wants_human"
    WANTS_APPOINTMENT = "wants_appointment"
    NO_APPOINTMENT = "no_appointment"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"
    """Takes back an appointment, plainly."""
    MAY_CANCEL = "may_cancel"
    """Takes back something, perhaps the appointment."""
    KEEPS_APPOINTMENT = "keeps_appointment"
    INTEREST = "interest"
    NOT_INTERESTED = "not_interested"
    NO_THANKS = "no_thanks"
    CALL_LATER = "call_later"
    WANTS_TO_BE_MET = "wants_to_be_met"
    """Where a call was offered in its place: the appointment is wanted all the same."""
    WANTS_A_CALL = "wants_a_call"
    """Where a call was offered: it is spoken of as wanted."""
    ONLY_ASKS = "only_asks"
    """Where a call was offered: asks something, and takes up nothing of it."""
    NO_CALL = "no_call"
    """Asked when to call him: wants no call."""
    CALL_ME = "call_me"
    """With a time among offered ones: a call is wanted then, and no appointment."""
    NOT_SERVED = "not_served"
    """Wants it where the company does not work."""
    WITHIN_REACH = "within_reach"
    """Told that he cannot have it: says what lets him have it after all."""
    INSISTS = "insists"
    """Told that he cannot have it: asks whether it really cannot be."""
    DO_NOT_CALL = "do_not_call"
    WANTS_ERASURE = "wants_erasure"
    """What is known of him is to be deleted."""
    SUPPORT = "support"
    OWN_APPOINTMENT = "own_appointment"
    """Has an appointment from before the call."""
    RENTS = "rents"
    """Rents his place, and does not say that whoever owns it agrees."""
    OWNER_AGREES = "owner_agrees"
    """Rents his place, and whoever owns it agrees."""
    HEARD_OF_US = "heard_of_us"
    """Tells where he heard of the company, or what of the company's he answers: he rings as a lead."""

    # What he says of other calls.
    PESTERED = "pestered"
    CALL_OWED = "call_owed"
    """A call that was promised, or asked for, did not come."""
    WAS_CALLED = "was_called"

    # How he feels about it.
    AFRAID = "afraid"
    ASHAMED = "ashamed"
    UNWELL = "unwell"
    """Tells of his health as what he has to do something for."""

    # How he takes leave of the matter.
    LEAVES_IT = "leaves_it"
    """Lets it be, in as many words and kindly: nothing is to be asked after it."""
    WILL_CALL = "will_call"
    """Wants to ring himself, another time."""

    # How he answers.
    DOES_NOT_KNOW = "does_not_know"
    DECLINES_TO_SAY = "declines_to_say"
    ALREADY_TOLD = "already_told"
    THIS_NUMBER = "this_number"
    """Asked for a phone number: the one that he is calling from is meant."""
    CONTACT = "contact"
    BY_POST = "by_post"
    """Wants what is sent to him by post."""
    ASKS_IF_SENT = "asks_if_sent"
    """Asks whether, when or by whom it is sent."""
    NOT_TO_BE_SENT = "not_to_be_sent"
    """Wants nothing sent after all."""
    ON_CONDITION = "on_condition"

    # Who else may be on the line, and other matters.
    WRONG_NUMBER = "wrong_number"
    VOICEMAIL = "voicemail"
    SCREENED = "screened"
    """Somebody or something in between asks who it is and why, ahead of whoever is to come to the phone."""
    OTHER_LANGUAGE = "other_language"
    OTHER_MATTER = "other_matter"
    DISTRESS = "distress"
    EMERGENCY = "emergency"
    URGENT = "urgent"
    """Tells of harm or damage that cannot wait."""
    CHILD = "child"
    OWN_AGE = "own_age"
    """Says of himself that he is a child."""
    STOPS_LETTERS = "stop_letters"
    """Wants what is sent by post to end."""
    GROWN_UP = "grown_up"
    """Says that he is no child, or an age that is none of a child."""
    OFF_TOPIC = "off_topic"
    ABUSE = "abuse"
    CURSES_THE_MACHINE = "curses_the_machine"
    """Swears because a machine is on the line, at nobody."""
    MANIPULATION = "manipulation"

    # Times.
    SAYS_WHEN = "says_when"
    UNCLEAR_TIME = "unclear_time"
    """Something about when was said that was not understood: no time may be chosen by it."""
    ANY_TIME = "any_time"
    NO_OFFERED_TIME = "no_offered_time"
    OTHER_OFFERED_TIME = "other_offered_time"
    EARLIER = "earlier"
    LATER = "later"
    BUSY_THEN = "busy_then"

    # Questions about the appointment.
    ASKS_WHEN_IT_IS = "asks_when_it_is"
    ASKS_IF_BOOKED = "asks_if_booked"
    ASKS_WHO_COMES = "asks_who_comes"
    ASKS_WHAT_IT_COSTS = "asks_what_it_costs"
    ASKS_HOW_LONG_IT_TAKES = "asks_how_long_it_takes"
    ASKS_FOR_CONFIRMATION = "asks_for_confirmation"
    ASKS_FOR_OTHER_FORM = "asks_for_other_form"
    ASKS_WHAT_TO_PREPARE = "asks_what_to_prepare"
    ASKS_TO_BE_THERE = "asks_to_be_there"
    ASKS_ABOUT_CHANGES = "asks_about_changes"


ABOUT_THE_APPOINTMENT = frozenset(intent for intent in Intent if intent.startswith("asks_")) - {
    Intent.ASKS_IF_MACHINE,
    Intent.ASKS_WHICH_OF_BOTH,
}
"""Questions about the appointment."""
ABOUT_CALLS = (Intent.CALL_OWED, Intent.PESTERED, Intent.WAS_CALLED)
"""Complaints about calls, the gravest first."""
FEELINGS = (Intent.AFRAID, Intent.ASHAMED, Intent.UNWELL)
ASKS_WHO_WE_ARE = (Intent.ARE_YOU_HUMAN, Intent.WHO_ARE_YOU)
ASKS_OF_OUR_CALL = (*ASKS_WHO_WE_ARE, Intent.RECORDING, Intent.WHERE_FROM)
"""Questions about the agent and why he is on the line."""
ABOUT_THE_TALK = (*ASKS_OF_OUR_CALL, Intent.WHAT_TIME, Intent.CAN_YOU_HEAR, Intent.HOW_ARE_YOU)
"""All questions that are answered without the campaign, in the order in which they are."""
PAUSES = (Intent.REPEAT, Intent.SLOWER, Intent.WAIT)
TELLS_NOTHING = (Intent.DECLINES_TO_SAY, Intent.DOES_NOT_KNOW)
TAKES_BACK = (Intent.CANCEL, Intent.MAY_CANCEL)
CHANGES = (*TAKES_BACK, Intent.RESCHEDULE)
OF_OTHER_TIMES = (Intent.CALL_LATER, Intent.WANTS_APPOINTMENT, Intent.RESCHEDULE)
"""What the time of is not the time of the purchase."""
DECLINES = (Intent.NO_APPOINTMENT, Intent.NO_THANKS, Intent.NOT_INTERESTED)
"""Refuses what is offered."""
IS_DONE = (Intent.GOODBYE, Intent.NOTHING_MORE, Intent.NO_THANKS, Intent.NOT_INTERESTED)
LETS_IT_BE = (*IS_DONE, Intent.LEAVES_IT, Intent.WILL_CALL)
"""Takes leave of the matter in any of its ways."""
OF_THE_LINE = (Intent.DO_NOT_CALL, Intent.ABUSE, Intent.VOICEMAIL, Intent.MANIPULATION, Intent.WRONG_NUMBER)
"""What is about the call itself, whatever was offered, booked or asked."""
COMES_FIRST = (
    *OF_THE_LINE, Intent.EMERGENCY, Intent.URGENT, Intent.DISTRESS, Intent.CHILD, Intent.SUPPORT, Intent.OTHER_LANGUAGE,
)  # fmt: skip
"""What is seen to before what was offered or asked, and is no answer to it."""


class Concern(StrEnum):
    """An objection that callers raise everywhere."""

    TOO_EXPENSIVE = "too_expensive"
    HAS_PROVIDER = "has_provider"
    NO_NEED = "no_need"
    """Has no use for it, or enough of it: a refusal that gives its reason."""
    SEND_EMAIL = "send_email"
    NEEDS_TO_THINK = "needs_to_think"
    NO_TRUST = "no_trust"
    NOT_NOW = "not_now"
    TOO_MANY_QUESTIONS = "too_many_questions"


class Matter(StrEnum):
    """What a caller rings about who does not ring to buy."""

    COMPLAINT = "complaint"
    CONTRACT = "contract"
    BILL = "bill"
    VISIT = "visit"
    FAULT = "fault"
    SUPPORT = "support"

    WORK = "work"
    PRESS = "press"
    SURVEY = "survey"
    SALE = "sale"
    JOKE = "joke"
    OFFICIAL = "official"
    OTHER_FIRM = "other_firm"
    SOMEBODY = "somebody"
    OTHER = "other"

    DISTRESS = "distress"
    BOOKED_VISIT = "booked_visit"
    """Of whoever grieves: a visit that was booked before the call, for him or for whom he grieves."""
    VISIT_OFF = "visit_off"
    """Of whoever grieves: such a visit is to be taken out."""
    EMERGENCY = "emergency"
    FIRE = "fire"
    """Something burns, smokes or gives off gas where the caller is."""
    DESPAIR = "despair"
    """The caller wants to live no more."""
    URGENT = "urgent"
    CHILD = "child"


HELP_WITH = (Matter.COMPLAINT, Matter.CONTRACT, Matter.BILL, Matter.VISIT, Matter.FAULT, Matter.SUPPORT)
"""What customers want help with; of several the first counts, the last is what has no other name."""
RINGS_FOR = (
    Matter.WORK, Matter.PRESS, Matter.SURVEY, Matter.SALE, Matter.JOKE, Matter.OFFICIAL, Matter.OTHER_FIRM,
    Matter.SOMEBODY, Matter.OTHER,
)  # fmt: skip
"""What others ring a company for; of several the first counts, the last is what has no other name."""
