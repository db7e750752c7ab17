"""What asks the caller for something and was cut off by him: it stays open, and is said again before a yes counts."""

from collections.abc import Sequence
from dataclasses import replace

from dialogue.analysis import Analysis
from dialogue.intents import Intent
from dialogue.matters import Decision
from dialogue.state import DialogueState
from dialogue.turns import Captured
from vocabulary.enums import Expectation, TransitionTrigger

_ASSENTS = (
    Intent.ANY_TIME, Intent.GO_ON, Intent.INTEREST, Intent.IS_BACK, Intent.SAME_TO_YOU, Intent.THANKS,
    Intent.WANTS_APPOINTMENT,
)  # fmt: skip
"""What comes with a yes, or in its place."""


def unheard(said: Sequence[str], heard_text: str) -> list[str]:
    """Returns what of a reply was not heard to its end, as it was said; nothing where no question is among it."""
    heard, spoken = _letters(heard_text), 0
    for position, text in enumerate(said):
        spoken += _letters(text)
        if spoken > heard:
            rest = list(said[position:])
            return rest if any("?" in one for one in rest) else []
    return []


def _letters(text: str) -> int:
    return len("".join(text.split()))


def stays_open(state: DialogueState) -> bool:
    """Whether what the last reply asks for is open although the caller did not hear it.

    A question of the script is not: it is asked anew anyway, and an answer may be one to another question.
    """
    return state.expecting not in {None, Expectation.ANSWER}


def only_its_question(state: DialogueState) -> bool:
    """Whether all was heard that was said ahead of the question."""
    return len(state.cut_off) <= 1


def without_assent(state: DialogueState, analysis: Analysis) -> Analysis:
    """Returns what a caller says apart from a yes to what he did not hear; a no is to what he heard of it.

    Where all that was to come is whether there is anything else, a no is no goodbye.
    """
    if not state.cut_off:
        return analysis
    said = None if analysis.polarity is True or state.expecting is Expectation.ANYTHING_ELSE else analysis.polarity
    return replace(analysis, polarity=said, recognised=False).without(*_ASSENTS)


def about_what_was_cut_off(state: DialogueState, analysis: Analysis, captured: tuple[Captured, ...]) -> Decision | None:
    """Returns the decision if a caller says nothing to what he cut off but a yes: it is said again."""
    if not state.cut_off or captured or not (analysis.noise or analysis.is_empty):
        return None
    return state.agent, state.workflow_state, TransitionTrigger.REPEAT_REQUESTED
