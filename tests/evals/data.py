"""What the agent is judged by: dialogues with what must follow each line, and callers with the right end of their call.

Every file is one author's, for one campaign; what lies in `held_out` was written by authors of whom nothing else is
here, and is for the report alone: nobody improves the agent by looking at it.
"""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from callers.personas import Persona, read_persona
from callwright_common.campaign import Campaign, load_campaign
from vocabulary.enums import Outcome
from vocabulary.enums import TransitionTrigger as Trigger

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CAMPAIGN_FILES = (
    ROOT / "campaigns" / "sunline-solar.yaml",
    HERE / "ledgerly.yaml",
    *sorted(HERE.glob("campaigns/*.yaml")),
)


class Kind(StrEnum):
    """What must follow a line: what the caller is answered as."""

    LEAD = "lead"
    """The conversation goes on with him as somebody to qualify."""
    APPOINTMENT = "appointment"
    OBJECTION = "objection"
    OPT_OUT = "opt_out"
    HUMAN = "human"
    SUPPORT = "support"
    WRONG_PERSON = "wrong_person"
    REFUSAL = "refusal"
    LATER = "later"
    GOODBYE = "goodbye"
    VOICEMAIL = "voicemail"
    ABUSE = "abuse"
    OTHER_MATTER = "other_matter"
    LANGUAGE = "language"
    REPEAT = "repeat"
    WAIT = "wait"
    ASKS_BACK = "asks_back"
    """What was meant is asked before anything is done."""
    MISSED = "missed"
    """The call was over, or the line was silence to the agent; no line is labelled so."""


KINDS: dict[Trigger, Kind] = {
    Trigger.CALL_STARTED: Kind.LEAD,
    Trigger.SILENCE: Kind.MISSED,
    Trigger.KEYS_PRESSED: Kind.LEAD,
    Trigger.UNKNOWN: Kind.MISSED,
    Trigger.SMALL_TALK: Kind.LEAD,
    Trigger.LEAD_ENGAGED: Kind.LEAD,
    Trigger.LEAD_QUALIFIED: Kind.LEAD,
    Trigger.NOT_QUALIFIED: Kind.LEAD,
    Trigger.CLOSING: Kind.LEAD,
    Trigger.CONTACT_DISCUSSED: Kind.APPOINTMENT,
    Trigger.OBJECTION_RAISED: Kind.OBJECTION,
    Trigger.APPOINTMENT_PROMISED: Kind.APPOINTMENT,
    Trigger.APPOINTMENT_REQUESTED: Kind.APPOINTMENT,
    Trigger.SLOT_DISCUSSED: Kind.APPOINTMENT,
    Trigger.APPOINTMENT_CHANGED: Kind.APPOINTMENT,
    Trigger.APPOINTMENT_DECLINED: Kind.REFUSAL,
    Trigger.REFUSED: Kind.REFUSAL,
    Trigger.CALLBACK_TIME_GIVEN: Kind.LATER,
    Trigger.CALLBACK_ANSWERED: Kind.LATER,
    Trigger.POSTPONED: Kind.LATER,
    Trigger.HUMAN_REQUESTED: Kind.HUMAN,
    Trigger.SUPPORT_REQUESTED: Kind.SUPPORT,
    Trigger.DO_NOT_CALL: Kind.OPT_OUT,
    Trigger.ABUSE: Kind.ABUSE,
    Trigger.WRONG_NUMBER: Kind.WRONG_PERSON,
    Trigger.VOICEMAIL: Kind.VOICEMAIL,
    Trigger.OFF_TOPIC: Kind.OTHER_MATTER,
    Trigger.OTHER_MATTER: Kind.OTHER_MATTER,
    Trigger.OTHER_LANGUAGE: Kind.LANGUAGE,
    Trigger.GOODBYE: Kind.GOODBYE,
    Trigger.REPEAT_REQUESTED: Kind.REPEAT,
    Trigger.WAIT_REQUESTED: Kind.WAIT,
    Trigger.NOT_UNDERSTOOD: Kind.ASKS_BACK,
    Trigger.DOUBTED: Kind.ASKS_BACK,
}
ENDING = frozenset(
    {Kind.OPT_OUT, Kind.WRONG_PERSON, Kind.REFUSAL, Kind.LATER, Kind.GOODBYE, Kind.VOICEMAIL, Kind.ABUSE, Kind.HUMAN}
    | {Kind.SUPPORT, Kind.LANGUAGE, Kind.OTHER_MATTER}
)
"""What the agent may end a call after."""

FactLabel = bool | float | str | tuple[float, float] | tuple[str, ...]
"""Yes or no, a number, a value in words, the two ends of a span, or values in words of which any is right."""


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Line(_Section):
    """Something the caller says.

    Attributes:
        say: His words.
        must: What must follow, the first for choice; any of them is right.
        facts: All that he tells, by the ids of the campaign's questions; what is not in it must not be noted.
    """

    say: Annotated[str, Field(min_length=1, max_length=400)]
    must: Annotated[tuple[Kind, ...], BeforeValidator(_listed), Field(min_length=1)] = (Kind.LEAD,)
    facts: dict[str, FactLabel] = {}


class Dialogue(_Section):
    """One caller's call.

    Attributes:
        about: Who calls, and why.
        outcome: The right ends of the call.
    """

    about: str
    outcome: Annotated[tuple[Outcome, ...], BeforeValidator(_listed), Field(min_length=1)]
    lines: Annotated[tuple[Line, ...], Field(min_length=1)]


class DialogueFile(_Section):
    """One author's dialogues for one campaign; `language` is the caller's."""

    voice: str
    campaign: str
    language: str = "en"
    dialogues: tuple[Dialogue, ...]
    name: str
    held_out: bool


class EvalPersona(_Section):
    """A caller with a will of his own, and the right ends of his calls."""

    campaign: str
    outcome: Annotated[tuple[Outcome, ...], BeforeValidator(_listed), Field(min_length=1)]
    persona: Persona
    held_out: bool = False


def load_campaigns() -> dict[str, Campaign]:
    """Returns the campaigns of the five trades, and the one of the utterances, by their ids."""
    return {campaign.id: campaign for campaign in map(load_campaign, CAMPAIGN_FILES)}


def load_dialogues(kind: str = "dialogues") -> list[DialogueFile]:
    """Returns all files of dialogues, those that are held out last; of `spoken` ones there are recordings."""
    return [
        DialogueFile.model_validate({**raw, "name": path.stem, "held_out": held_out})
        for path, raw, held_out in _files(kind)
    ]


def load_personas() -> list[EvalPersona]:
    """Returns all callers, those that are held out last."""
    found = []
    for path, raw, held_out in _files("personas"):
        for fields in raw["personas"]:
            outcome = fields.pop("outcome")
            persona = read_persona(fields, f"{path.stem}/{fields['name']}")
            found.append(EvalPersona(campaign=raw["campaign"], outcome=outcome, persona=persona, held_out=held_out))
    return found


def _files(kind: str) -> Iterator[tuple[Path, dict[str, Any], bool]]:
    for folder, held_out in (("", False), ("es", False), ("held_out", True), ("es/held_out", True)):
        for path in sorted((HERE / kind / folder).glob("*.yaml")):
            yield path, yaml.safe_load(path.read_text(encoding="utf-8")), held_out
