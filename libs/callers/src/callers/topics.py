"""What an agent can want to know or tell: the same on every call, but for the questions of the campaign."""

from enum import Enum


class Topic(Enum):
    """What a reply of the agent is about.

    The order is the one in which a seed draws a caller's wordings.
    """

    NAME = "name"
    CALLER_NUMBER = "caller_number"
    """Whether the number that it calls from may be used."""
    ADDRESS = "address"
    STILL_THERE = "still_there"
    OTHER_QUESTION = "other_question"
    STATEMENT = "statement"
    UNINTELLIGIBLE = "unintelligible"
    GOODBYE = "goodbye"
    QUESTION = "question"
    """A question of the campaign; which one is told by its id."""
    OFFER = "offer"
    PREFERRED_TIME = "preferred_time"
    PROPOSAL = "proposal"
    ANYTHING_ELSE = "anything_else"
    BOOKED = "booked"
    REPEAT = "repeat"
    HANDOFF = "handoff"
    FILLER = "filler"
    PHONE = "phone"
    EMAIL = "email"
    COMPANY = "company"
    DOUBT = "doubt"
    """Whether the caller means something grave: to be called no more, another person, a human instead."""


DETAILS = (Topic.PHONE, Topic.EMAIL, Topic.COMPANY)
"""What a caller tells of himself if he knows it; their wordings are drawn after all else."""
Subject = Topic | str
"""A topic, or the id of a question of the campaign."""
