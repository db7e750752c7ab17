r"""The language that is spoken: what callers say and what the agents say, read from the data files of its folder.

A file holds some of these groups, each with one alternative a line:

* `patterns`: what callers say, as regular expressions over plain words. An alternative begins and ends at the edge of
  a word, except where it begins with `^` or `[` or ends with `$` or `]`. `(a|b)` groups and captures nothing, `{name}`
  stands for any of the alternatives of a part.
* `parts`: pieces of patterns that are used more than once; one may hold those before it.
* `words`: sets of words.
* `numbers` and `measures`: words that stand for a whole or any number.
* `replacements`: what takes the place of a match of Python's own regular expressions, one after the other.
* `wordings`: what the agents say, by what they do; `{name}` is filled in when it is said.
"""

import re
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from callwright_common.campaign.errors import describe
from callwright_common.campaign.yaml_text import YamlError, read_yaml

_FOLDER = "en"
_PART = re.compile(r"\{([a-z_]+)\}")
_OPENING_BRACKET = re.compile(r"\\.|\[[^\]]*\]|(\()(?!\?)")
_T = TypeVar("_T")


class LanguageError(ValueError):
    """A language file that cannot be used, or something that is missing in it."""


class Group(dict[str, _T]):
    """The entries of one group of a file by their names."""

    def __missing__(self, key: str) -> _T:
        raise LanguageError(f"the language file has no entry {key}, but {', '.join(self)}")


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    parts: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    patterns: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    words: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    numbers: dict[str, dict[str, int]] = Field(default_factory=dict)
    measures: dict[str, dict[str, float]] = Field(default_factory=dict)
    replacements: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    wordings: dict[str, dict[str, tuple[str, ...]]] = Field(default_factory=dict)


class Language:
    """One file of the language, ready to be used; its groups are those of the module."""

    def __init__(self, content: _File, parts: dict[str, str]) -> None:
        parts = dict(parts)
        for name, alternatives in content.parts.items():
            parts[name] = f"(?:{'|'.join(_written_out(one, parts) for one in alternatives)})"
        self.parts: Group[str] = Group(parts)
        self.patterns: Group[re.Pattern[str]] = Group(
            {name: _compiled(name, alternatives, parts) for name, alternatives in content.patterns.items()}
        )
        self.words: Group[tuple[str, ...]] = Group(content.words)
        self.numbers: Group[dict[str, int]] = Group(content.numbers)
        self.measures: Group[dict[str, float]] = Group(content.measures)
        self._replacements = [
            (_regex(f"replacements.{replacement}", expression), replacement)
            for replacement, expressions in content.replacements.items()
            for expression in expressions
        ]
        self.wordings: Group[tuple[str, ...]] = Group(
            {f"{deed}.{name}": texts for deed, named in content.wordings.items() for name, texts in named.items()}
        )

    def replaced(self, text: str) -> str:
        """Returns a text with all replacements made."""
        for pattern, replacement in self._replacements:
            text = pattern.sub(replacement, text)
        return text


@cache
def language(name: str, **parts: str) -> Language:
    """Returns one file of the language; `parts` are regular expressions that its patterns may use.

    Raises:
        LanguageError: The file cannot be read or used; the text names the file and what is wrong in it.
    """
    source = f"{_FOLDER}/{name}.yaml"
    try:
        text = files("dialogue").joinpath(_FOLDER, f"{name}.yaml").read_text(encoding="utf-8")
        return Language(_File.model_validate(read_yaml(text)), parts)
    except ValidationError as error:
        problems = [describe(one["loc"], one["msg"]) for one in error.errors(include_url=False)]
        raise LanguageError(f"{source}: {'; '.join(problems)}") from None
    except (OSError, YamlError, LanguageError) as error:
        raise LanguageError(f"{source}: {error}") from None


def _written_out(alternative: str, parts: dict[str, str]) -> str:
    """Returns an alternative as Python's regular expressions have it."""
    grouped = _OPENING_BRACKET.sub(lambda match: "(?:" if match[1] else match[0], alternative)
    return _PART.sub(lambda match: Group(parts)[match[1]], grouped)


def _edges(alternative: str) -> tuple[str, str]:
    """Returns what stands before and behind an alternative: the edge of a word, or nothing."""
    open_start, open_end = alternative.startswith(("^", "[")), alternative.endswith(("$", "]"))
    return "" if open_start else r"\b", "" if open_end else r"\b"


def _compiled(name: str, alternatives: tuple[str, ...], parts: dict[str, str]) -> re.Pattern[str]:
    runs = []
    for (start, end), run in groupby(alternatives, _edges):
        runs.append(f"{start}(?:{'|'.join(_written_out(one, parts) for one in run)}){end}")
    return _regex(f"patterns.{name}", "|".join(runs))


def _regex(path: str, expression: str) -> re.Pattern[str]:
    try:
        return re.compile(expression)
    except re.error as error:
        raise LanguageError(f"{path}: is no regular expression ({error})") from None


WORDINGS = language("wordings").wordings
"""What the agents say, by what they do."""
