"""The leads that a simulated call can bring, each a data file: facts, goal, temper and wordings.

`personas/*.yaml` hold one persona each; `wordings.yaml` holds how anybody puts things, which a persona may put its own
way. `{name}` and the other texts among the facts can stand in every wording, `{value}` in those of an answer, and
`{time}` where an appointment is taken.
"""

import difflib
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from callwright_common.campaign import Authority, Factor
from callwright_common.campaign.errors import listed
from callwright_common.campaign.fields import Section, Share, Text
from callwright_common.campaign.yaml_text import YamlError, read_text, read_yaml

FOLDER = Path(__file__).parent / "personas"
_DEFAULTS = Path(__file__).parent / "wordings.yaml"
_MAX_FILE_BYTES = 64 * 1024
_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_FACTS_IN_WORDS = ("name", "first_name", "place", "region", "phone", "email", "company")
_PLACEHOLDERS = (*_FACTS_IN_WORDS, "value", "time")

Wordings = Annotated[tuple[Text, ...], Field(min_length=1, max_length=20)]


class PersonaError(ValueError):
    """A persona that is not there or a file that cannot be used; the text names file and field."""


class Facts(Section):
    """What is true of the lead, whatever a campaign asks.

    Attributes:
        degrees: How good its answers are in a campaign's eyes, 0 to 1 by factor; a factor that is left out is one of
            which it does not know.
        phone: Its phone number as it says it; like the e-mail and the company, it keeps to itself what is left out.
        email: Its e-mail address as it says it.
        company: The company that it is with.
        decides: Who decides.
        months: When it wants to have it.
    """

    name: Text
    place: Text
    region: Text
    phone: Text | None = None
    email: Text | None = None
    company: Text | None = None
    degrees: dict[Factor, Share]
    decides: Authority
    months: Annotated[int, Field(ge=0, le=120)]

    @property
    def first_name(self) -> str:
        """The first of its names."""
        return self.name.split()[0]


class Temper(Section):
    """How it behaves on the telephone.

    Attributes:
        objects: It raises one objection.
        objects_after: After how many answers; the seed chooses.
        interrupts: It speaks over the agent once, after its objection.
        answers_before_demand: How many questions it answers at most before it asks for a human, or for what its own
            wordings of `demand` say; 0: it never does.
    """

    objects: bool = False
    objects_after: Annotated[tuple[int, ...], Field(min_length=1)] = (2, 3)
    interrupts: bool = False
    answers_before_demand: Annotated[int, Field(ge=0, le=20)] = 0


class SpeakingVoice(Section):
    """How it sounds; above 1 is faster and higher."""

    speed: Annotated[float, Field(gt=0.25, lt=4)] = 1.0
    pitch: Annotated[float, Field(gt=0.5, lt=2)] = 1.0


class OwnWords(Section):
    """Its own words for one campaign, by the ids of the campaign's questions; what is left out is made of the facts."""

    questions: dict[str, Wordings] = Field(default_factory=dict)
    objections: tuple[Text, ...] = ()
    interruptions: tuple[Text, ...] = ()


class Persona(Section):
    """A lead.

    Attributes:
        name: Name on the command line.
        goal: What it wants: an appointment, a human instead of the agent, or the end of the call.
        wordings: How it puts things, by topic and by kind of answer.
        own_words: Its own words by the id of a campaign.
    """

    name: Text
    about: Text
    goal: Literal["appointment", "human", "end"]
    facts: Facts
    temper: Temper = Temper()
    voice: SpeakingVoice = SpeakingVoice()
    wordings: dict[str, Wordings]
    own_words: dict[str, OwnWords] = Field(default_factory=dict)

    @property
    def books(self) -> bool:
        """Whether the call is meant to end with an appointment."""
        return self.goal == "appointment"

    def worded(self, what: str, *, value: str = "") -> tuple[str, ...]:
        """Returns the wordings for something, with the facts and the value of an answer put in."""
        words = {name: str(getattr(self.facts, name)) for name in _FACTS_IN_WORDS} | {"value": value}
        return tuple(_PLACEHOLDER.sub(lambda m: words.get(m[1], m[0]), text) for text in self.wordings[what])

    @model_validator(mode="after")
    def _placeholders_are_known(self) -> "Persona":
        for what, texts in self.wordings.items():
            for name in _PLACEHOLDER.findall(" ".join(texts)):
                if name not in _PLACEHOLDERS:
                    raise ValueError(f"wordings.{what}: the placeholder {{{name}}} is unknown")
        return self


def persona_names() -> list[str]:
    """Returns the names of the personas that come with the package."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def find_persona(name: str, campaigns: Collection[str] | None = None) -> Persona:
    """Returns a persona of the package by its name, or of any file by a path that ends with `.yaml`.

    Args:
        name: Name or path.
        campaigns: The ids of the campaigns that there are, None for any; a persona of the package may have words for
            others.

    Raises:
        PersonaError: There is none of that name, or its file cannot be used or has words for an unknown campaign.
    """
    if name.endswith(".yaml"):
        persona = load_persona(Path(name))
        known = persona.own_words if campaigns is None else campaigns
        unknown = [one for one in persona.own_words if one not in known]
        if unknown:
            raise PersonaError(listed(name, [f"own_words.{one}: {unknown_name(one, known)}" for one in unknown]))
        return persona
    if name not in persona_names():
        raise PersonaError(
            f"there is no persona {name}; there are {', '.join(persona_names())}, or give a file (*.yaml)"
        )
    return load_persona(FOLDER / f"{name}.yaml")


def load_persona(path: Path) -> Persona:
    """Returns the persona of a file.

    Raises:
        PersonaError: The file cannot be read, is no YAML or has wrong fields.
    """
    return read_persona(_mapping(path), str(path))


def read_persona(raw: dict[str, Any], where: str) -> Persona:
    """Returns the persona of a file's content; `where` names the file.

    Raises:
        PersonaError: It has wrong fields.
    """
    defaults, own = _mapping(_DEFAULTS), raw.get("wordings") or {}
    if isinstance(own, dict):
        unknown = [f"wordings.{name}: {unknown_name(name, defaults)}" for name in own if name not in defaults]
        if unknown:
            raise PersonaError(listed(where, unknown))
        raw = {**raw, "wordings": {**defaults, **own}}
    try:
        return Persona.model_validate(raw)
    except ValidationError as error:
        raise PersonaError(listed(where, list(_explained(error)))) from None


def _explained(error: ValidationError) -> Iterator[str]:
    """Yields each problem behind the name of its field."""
    for problem in error.errors(include_url=False):
        where = ".".join(str(part) for part in problem["loc"])
        known = Persona.model_fields if len(problem["loc"]) == 1 else ()
        told = unknown_name(where, known) if problem["type"] == "extra_forbidden" else problem["msg"]
        yield f"{where + ': ' if where else ''}{told.removeprefix('Value error, ')}"


def _mapping(path: Path) -> dict[str, Any]:
    try:
        raw = read_yaml(read_text(path, _MAX_FILE_BYTES))
    except YamlError as error:
        raise PersonaError(f"{path}: {error}") from None
    if not isinstance(raw, dict):
        raise PersonaError(f"{path}: must hold the fields of a persona")
    return raw


def unknown_name(name: str, known: Iterable[str]) -> str:
    """Returns what is told of a name that is not known."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return "is not known" + (f"; did you mean {near[0]}?" if near else "")
