"""The parts of a campaign that callers hear."""

from pydantic import Field

from callwright_common.campaign.fields import Identifier, Phrases, Section, Text


class Product(Section):
    """What is sold."""

    name: Text
    pitch: Text


class Appointment(Section):
    """What a qualified caller is offered."""

    name: Text
    with_whom: Text
    price: Text | None = None


class CampaignFact(Section):
    """An answer that does not depend on the caller, and the words by which a question about it is known.

    Attributes:
        service_area: Whether the answer names the states where the company works: who lives elsewhere is told so.
    """

    topics: Phrases
    answer: Text
    service_area: bool = False


class Objection(Section):
    """A concern of callers and what is answered to it."""

    id: Identifier
    phrases: Phrases
    reply: Text


class Prompts(Section):
    """Fixed texts, spoken where no agent is asked."""

    fillers: tuple[Text, ...] = Field(default=("Let me see.", "One moment.", "Okay, so."), min_length=1, max_length=10)
    apology: Text = "I am sorry, something went wrong on my side. Could you say that once more?"
    did_not_hear: Text = "Sorry, I did not catch that. Could you say it again?"
    still_there: Text = "Are you still there?"
    goodbye_silence: Text = "I cannot hear you, so I will hang up now. You are welcome to call again. Goodbye."
    unavailable: Text = "I am sorry, we cannot take your call right now. Please call again a little later. Goodbye."
    handoff: Text = "One moment please, I am connecting you with a colleague."
    recording: Text | None = None
    number_source: Text | None = None
    why_asking: Text = "I ask everybody these few questions, and you need not answer any of them."
    call_back: Text = "I cannot look into our calendar right now, so I note that a colleague should call you back."
    time_limit: Text = "I am afraid our time is up. Thank you for the call, and goodbye."
    cut_short: Text = "I am sorry, I have to end our call here. Please call again in a few minutes. Goodbye."
    goodbye: Text = "Thank you for calling. Goodbye."


class OtherMatters(Section):
    """What is said to callers who do not ring to buy; what is left out is said in the words of the language."""

    condolence: Text | None = None
    emergency: Text | None = None
    urgent: Text | None = None
    urgent_when: Phrases = ()
    child: Text | None = None
    support: Text | None = None
    work: Text | None = None
    sale: Text | None = None
    press: Text | None = None
    survey: Text | None = None
    other_firm: Text | None = None
