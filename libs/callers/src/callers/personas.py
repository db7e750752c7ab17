"""The leads that a simulated call can bring: who they are and how they put things."""

from collections.abc import Mapping
from dataclasses import dataclass

from callers.understanding import Topic


@dataclass(frozen=True, slots=True)
class Persona:
    """A lead with a voice, a situation and several wordings for everything it says.

    Attributes:
        name: Name on the command line.
        speed: Speaking rate of the voice; above 1 is faster.
        pitch: Pitch of the voice; above 1 is higher.
        answers: Wordings by what was asked. An offered appointment is put in for `{time}`.
        objections: Wordings of the one objection; empty for none.
        interruptions: Wordings with which it once speaks over the agent; empty for never.
        human_requests: Wordings of asking for a human; empty if it is content with the agent.
        answers_before_human: How many questions it answers before it asks for a human.
        books: Whether the call is meant to end with an appointment.
    """

    name: str
    speed: float
    pitch: float
    answers: Mapping[Topic, tuple[str, ...]]
    objections: tuple[str, ...] = ()
    interruptions: tuple[str, ...] = ()
    human_requests: tuple[str, ...] = ()
    answers_before_human: int = 0
    books: bool = False


_COURTESIES: Mapping[Topic, tuple[str, ...]] = {
    Topic.NAME: ("My name is Alex Miller.", "It's Alex, Alex Miller.", "Sure, I'm Alex Miller."),
    Topic.CONTACT: (
        "Just use the number I am calling from.",
        "You can reach me on this number.",
        "This number is best.",
    ),
    Topic.ADDRESS: ("I live in Denver.", "It's in Denver, on the west side.", "We are in Denver, Colorado."),
    Topic.STILL_THERE: ("Yes, I'm here.", "Yes, I am still here.", "Sorry, yes, I'm still here."),
    Topic.OTHER_QUESTION: ("Yes, that sounds good.", "Sure, go ahead.", "Yes, please go on."),
    Topic.STATEMENT: ("Okay, I see.", "All right.", "Okay, good to know."),
    Topic.UNINTELLIGIBLE: (
        "Sorry, could you repeat that?",
        "Sorry, I didn't get that. Could you say it again?",
        "I'm sorry, could you say that again?",
    ),
    Topic.GOODBYE: ("Thank you, goodbye.", "Thanks a lot, goodbye.", "Thank you very much. Bye."),
}

QUALIFIED = Persona(
    name="qualified",
    speed=1.06,
    pitch=1.24,
    answers={
        **_COURTESIES,
        Topic.INTEREST: (
            "Well, our electric bill keeps going up, and I'd like to bring it down.",
            "Um, we had two power outages last winter, and the electric bill is too high as well.",
            "We want to save money on our electricity bill, and I'd like a quote for solar.",
            "Our power bill went up again, so I would like to get solar on our roof.",
            "Uh, we are buying an electric car, and I want to lower our power bill.",
        ),
        Topic.NEED: (
            "About two hundred and forty dollars a month.",
            "It's around two hundred and twenty dollars.",
            "Um, roughly two hundred and sixty dollars each month.",
            "Last month it was two hundred and thirty dollars.",
            "Usually about two hundred and fifty dollars a month.",
        ),
        Topic.AUTHORITY: (
            "Yes, I own the house, and I decide on my own.",
            "We own it, and it's my decision.",
            "I own the home, and the decision is mine alone.",
            "Yes, it's my house, and I decide that myself.",
        ),
        Topic.TIMELINE: (
            "Within the next two months, if that is possible.",
            "As soon as possible, ideally next month.",
            "Well, in about two months would be great.",
            "I'd like to have it done in the next three months.",
        ),
        Topic.BUDGET: (
            "We have about twenty thousand dollars for it.",
            "Around eighteen thousand dollars.",
            "Um, up to twenty two thousand dollars.",
            "I was thinking of twenty thousand dollars.",
        ),
        Topic.OFFER: (
            "{time} works for me.",
            "{time} would be great.",
            "Let me see. {time} is good for me.",
            "I'll take {time}, please.",
        ),
        Topic.PREFERRED_TIME: (
            "In the morning would be best.",
            "A morning next week would be good.",
            "Some time in the morning, please.",
        ),
        Topic.PROPOSAL: ("Yes, that works for me.", "Yes, please book that.", "Yes, that would be great."),
        Topic.ANYTHING_ELSE: (
            "No, that's all. Thank you, goodbye.",
            "No, that was everything. Thanks, goodbye.",
            "No thank you, that's all. Goodbye.",
        ),
        Topic.BOOKED: (
            "Great, thank you. Goodbye.",
            "Perfect, thanks a lot. Goodbye.",
            "Wonderful, thank you. Goodbye.",
        ),
    },
    objections=(
        "Hmm, honestly, isn't that too expensive for us?",
        "Before we go on, I am afraid it costs too much money.",
        "Well, I've heard that solar is a scam. Is this too good to be true?",
        "I'm a bit worried that it could damage my roof.",
        "Actually, I also have a quote from another company.",
    ),
    interruptions=(
        "Sorry to interrupt, but how long does the installation take?",
        "Sorry, just one question, is there a warranty on the panels?",
        "Excuse me, does that work during a power outage too?",
        "Wait, sorry, do the panels also work in winter?",
    ),
    books=True,
)

WANTS_A_HUMAN = Persona(
    name="wants-a-human",
    speed=0.98,
    pitch=1.14,
    answers={
        **_COURTESIES,
        Topic.INTEREST: (
            "I got a flyer from you about solar panels.",
            "My neighbor has solar, so I got curious.",
            "I saw your ad, and I have a few questions.",
        ),
        Topic.NEED: (
            "It's about ninety dollars a month.",
            "Around one hundred dollars.",
            "Um, maybe eighty dollars a month.",
        ),
        Topic.AUTHORITY: ("I own the house together with my wife.", "My wife and I decide that together."),
        Topic.TIMELINE: ("I don't know yet, maybe next year.", "There is no hurry."),
        Topic.BUDGET: ("I haven't thought about that.", "I don't have a budget yet."),
        Topic.OFFER: ("No appointment for now, please.", "I don't want an appointment yet."),
        Topic.PREFERRED_TIME: ("I don't want an appointment yet.",),
        Topic.PROPOSAL: ("No, not for now.", "No, thank you."),
        Topic.ANYTHING_ELSE: ("No, thank you. Goodbye.", "No, that's all. Goodbye."),
        Topic.BOOKED: ("Okay. Goodbye.",),
    },
    human_requests=(
        "I would rather speak with a real person. Can you connect me?",
        "Can I talk to a human, please?",
        "Sorry, I don't want to talk to a machine. Let me speak to a person, please.",
        "I'd like to speak to one of your colleagues, a real human, please.",
        "Please, just put me through to a human.",
    ),
    answers_before_human=2,
)

PERSONAS: Mapping[str, Persona] = {persona.name: persona for persona in (QUALIFIED, WANTS_A_HUMAN)}
