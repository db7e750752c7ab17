"""What is known of languages that callers may speak: how each is told, and what a caller hears in it."""

from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from callwright_common.campaign.yaml_text import read_yaml

UNDETERMINED = "und"
"""The ISO 639 code of a language that is not known here."""


class KnownLanguage(BaseModel):
    """A language that a caller may speak; the fields are those of `languages.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    named: tuple[str, ...]
    heard: tuple[str, ...] = ()
    own: frozenset[str] = frozenset()
    only: str = ""
    offer: str = ""
    stop: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    transfer: str = ""
    goodbye: str = ""
    joins: str = ", "
    names: dict[str, str] = {}

    def apology(self, spoken: tuple[str, ...]) -> str | None:
        """Returns that only some languages are spoken, None where the language has no words for it."""
        names = [self.names[one] for one in spoken if one in self.names]
        return self.only.format(languages=self._listed(names)) if self.only and names else None

    def _listed(self, names: list[str]) -> str:
        return self.joins.join(filter(None, [", ".join(names[:-1]), names[-1]]))


class _Languages(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    languages: dict[str, KnownLanguage]


@cache
def known_languages() -> dict[str, KnownLanguage]:
    """Returns the languages by their ISO 639-1 codes."""
    text = files("dialogue").joinpath("languages.yaml").read_text(encoding="utf-8")
    return _Languages.model_validate(read_yaml(text)).languages
