r"""The language that is spoken: what callers say and what the agents say, read from the data files of its folder.

A file holds some of these groups, each with one alternative a line:

* `patterns`: what callers say, as regular expressions over plain words. An alternative begins and ends at the edge of
  a word, except where it begins with `^` or `[` or ends with `$` or `]`. `(a|b)` groups and captures nothing, `{name}`
  stands for any of the alternatives of a part.
* `parts`: pieces of patterns that are used more than once; one may hold those before it. Those of `parts.yaml` any
  file may use.
* `words`: sets of words.
* `numbers` and `measures`: words that stand for a whole or any number.
* `replacements`: what takes the place of a match of Python's own regular expressions, one after the other.
* `wordings`: what the agents say, by what they do; `{name}` is filled in when it is said.

A language is a folder of such files. `language(name)` is a file in whatever language is spoken where it is looked into,
which `speaking(...)` says: everything is read in the first language, unless an entry point of the dialogue has told
another one. Another language has the files of what callers say and of what agents say, with the same entries. Closed
forms such as sums and times it puts into the words of the first one (`closed_forms`), whose grammars and files read
them: a file or an entry that it does not have is that of the first.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from importlib.resources import files
from itertools import groupby
from typing import Generic, TypeVar, TypeVarTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from callwright_common.campaign.errors import describe
from callwright_common.campaign.yaml_text import YamlError, read_yaml

FIRST_LANGUAGE = "en"
_SHARED = "parts"
_PART = re.compile(r"\{([a-z_]+)\}")
_OPENING_BRACKET = re.compile(r"\\.|\[[^\]]*\]|(\()(?!\?)")
_T = TypeVar("_T")
_Arguments = TypeVarTuple("_Arguments")
_SPOKEN: ContextVar[str] = ContextVar("spoken", default=FIRST_LANGUAGE)


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


class _Read:
    """One file of one language, ready to be used; its groups are those of the module."""

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

    def completed_by(self, first: "_Read") -> "_Read":
        """Returns the same with the entries of the first language that it lacks."""
        self.parts = Group({**first.parts, **self.parts})
        self.patterns = Group({**first.patterns, **self.patterns})
        self.words = Group({**first.words, **self.words})
        self.numbers = Group({**first.numbers, **self.numbers})
        self.measures = Group({**first.measures, **self.measures})
        self.wordings = Group({**first.wordings, **self.wordings})
        return self

    def replaced(self, text: str) -> str:
        """Returns a text with all replacements made."""
        for pattern, replacement in self._replacements:
            text = pattern.sub(replacement, text)
        return text


class Entries(Mapping[str, _T], Generic[_T]):
    """The entries of one group of a file, in the language that is spoken where they are looked up."""

    def __init__(self, group: Callable[[], Group[_T]]) -> None:
        self._group = group

    def __getitem__(self, key: str) -> _T:
        return self._group()[key]

    def __contains__(self, key: object) -> bool:
        return key in self._group()

    def __iter__(self) -> Iterator[str]:
        return iter(self._group())

    def __len__(self) -> int:
        return len(self._group())


class Language:
    """One file in the language that is spoken where it is looked into; its groups are those of the module."""

    def __init__(self, name: str, parts: dict[str, str]) -> None:
        self._name, self._given = name, parts
        self._files = {FIRST_LANGUAGE: _read(FIRST_LANGUAGE, name, parts)}
        self.parts = Entries[str](lambda: self._file.parts)
        self.patterns = Entries[re.Pattern[str]](lambda: self._file.patterns)
        self.words = Entries[tuple[str, ...]](lambda: self._file.words)
        self.numbers = Entries[dict[str, int]](lambda: self._file.numbers)
        self.measures = Entries[dict[str, float]](lambda: self._file.measures)
        self.wordings = Entries[tuple[str, ...]](lambda: self._file.wordings)

    @property
    def _file(self) -> _Read:
        spoken = _SPOKEN.get()
        file = self._files.get(spoken)
        if file is None:
            known = files("dialogue").joinpath(spoken, f"{self._name}.yaml").is_file()
            first = self._files[FIRST_LANGUAGE]
            file = _read(spoken, self._name, self._given).completed_by(first) if known else first
            self._files[spoken] = file
        return file

    def replaced(self, text: str) -> str:
        """Returns a text with all replacements made."""
        return self._file.replaced(text)


@contextmanager
def speaking(name: str) -> Iterator[None]:
    """Within it the language of a folder is spoken."""
    token = _SPOKEN.set(name)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def spoken_language() -> str:
    """Returns the language that is spoken here."""
    return _SPOKEN.get()


def remembered(most: int) -> Callable[[Callable[[*_Arguments], _T]], Callable[[*_Arguments], _T]]:
    """Remembers so many results of a function, each for the language that was spoken."""

    def remembering(function: Callable[[*_Arguments], _T]) -> Callable[[*_Arguments], _T]:
        @lru_cache(maxsize=most)
        def in_language(spoken: str, *arguments: *_Arguments) -> _T:
            return function(*arguments)

        return lambda *arguments: in_language(_SPOKEN.get(), *arguments)

    return remembering


@cache
def language(name: str, **parts: str) -> Language:
    """Returns one file of the language; `parts` are regular expressions that its patterns may use.

    Raises:
        LanguageError: The file cannot be read or used; the text names the file and what is wrong in it.
    """
    return Language(name, parts)


def _read(folder: str, name: str, parts: dict[str, str]) -> _Read:
    source = f"{folder}/{name}.yaml"
    if name != _SHARED and files("dialogue").joinpath(folder, f"{_SHARED}.yaml").is_file():
        parts = {**_read(folder, _SHARED, {}).parts, **parts}
    try:
        text = files("dialogue").joinpath(folder, f"{name}.yaml").read_text(encoding="utf-8")
        return _Read(_File.model_validate(read_yaml(text)), parts)
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
    if not alternatives:
        return _regex(f"patterns.{name}", "(?!)")
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
VALUES = language("values")
"""The values of answers, which are kept in the first language."""


def kept_value(deed: str, **parts: object) -> str:
    """Returns the value of an answer in the words in which it is kept."""
    return VALUES.wordings[deed][0].format(**parts)
