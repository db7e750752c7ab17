"""What is still to be asked."""

from callwright_common.campaign import Campaign, Question
from dialogue.state import DialogueState


def open_questions(campaign: Campaign, state: DialogueState) -> list[Question]:
    """Returns the questions that were neither answered nor given up, in order."""
    return [
        question
        for question in campaign.questions
        if question.id not in state.facts and question.id not in state.dropped
    ]
