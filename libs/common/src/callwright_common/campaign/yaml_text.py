"""Reads the YAML of campaigns and personas: groups, lists and texts, each text as its author wrote it.

What YAML would make of `yes`, `08:00`, `2026-11-01` or `+12025550123` is left to the field that the text stands in.
References, tags, deep nesting and endless lists are refused: with them a short file would stand for a large one.
"""

import re
from collections.abc import Sized
from itertools import islice
from pathlib import Path

import yaml

Value = dict[str, "Value"] | list["Value"] | str | None

_Loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_MAX_DEPTH = 16
_MAX_ENTRIES = 1000
_MAX_KEY_LENGTH = 64
_MAX_ODD = 20
_NULLS = ("", "~", "null")
_UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_CONTROL_CHARACTER = "holds a control character, which can be neither spoken nor stored"


class YamlError(ValueError):
    """A text that is no YAML, or of a kind that is not taken; says in which line."""


def read_text(path: Path, max_bytes: int) -> str:
    """Returns the text of a file.

    Raises:
        YamlError: It is no file, cannot be read, is larger, or is not UTF-8.
    """
    try:
        # Whoever opens a pipe waits for its other end.
        if not path.is_file() and path.exists():
            raise YamlError("is not a file")
        with path.open("rb") as file:
            content = file.read(max_bytes + 1)
    except OSError as error:
        raise YamlError(f"cannot be read ({error.strerror})") from error
    if len(content) > max_bytes:
        raise YamlError(f"is larger than {max_bytes // 1024} KiB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise YamlError(f"line {line}: is not UTF-8; save the file as text in UTF-8") from None


def read_yaml(text: str) -> Value:
    """Returns the one document of a text.

    Raises:
        YamlError: The text is no YAML, holds another document, a field twice, or what the module refuses.
    """
    document, problems = read_leniently(text)
    if problems:
        raise YamlError("\n".join(problems))
    return document


def read_leniently(text: str) -> tuple[Value, list[str]]:
    """Returns the one document of a text, and a line for each part of it that is refused.

    Raises:
        YamlError: The text is no YAML, holds another document, or is too large or too deep to be read on.
    """
    reader = _Reader(text)
    try:
        return reader.document(), reader.problems
    except YamlError as error:
        raise YamlError("\n".join([*reader.problems, str(error)])) from None


class _Reader:
    """Reads one text; what is refused and can be read on from is noted among the problems."""

    def __init__(self, text: str) -> None:
        lines = sorted({text.count("\n", 0, odd.start()) + 1 for odd in islice(_UNSPEAKABLE.finditer(text), _MAX_ODD)})
        self.problems = [f"line {line}: {_CONTROL_CHARACTER}" for line in lines]
        self._events = yaml.parse(_UNSPEAKABLE.sub(" ", text), _Loader)

    def document(self) -> Value:
        """Returns the document."""
        try:
            next(self._events)
            if isinstance(next(self._events), yaml.StreamEndEvent):
                return None
            document = self._value(next(self._events), 1)
            next(self._events)
            another = next(self._events)
        except yaml.MarkedYAMLError as error:
            where = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
            raise YamlError(f"{where}is not valid YAML ({error.problem})") from None
        if not isinstance(another, yaml.StreamEndEvent):
            raise _refused(another, "a second document begins here; a file holds one")
        return document

    def _value(self, event: yaml.Event, depth: int, *, in_brackets: bool = False) -> Value:
        """Returns the value that begins with an event, taking the rest of it from the events that follow."""
        if _stands_for_another(event):
            refused = _refused(
                event, "a text that begins with &, * or ! must stand in quotes; references and tags are not read"
            )
            if isinstance(event, yaml.AliasEvent):
                raise refused
            self.problems.append(str(refused))
        if isinstance(event, yaml.ScalarEvent):
            text = _text(event)
            if in_brackets and "?" in text and not event.style:  # parsers differ in what they make of it
                self.problems.append(str(_refused(event, "a text with a ? must stand in quotes within brackets")))
            return None if event.implicit[0] and text.lower() in _NULLS else text
        if depth > _MAX_DEPTH:
            raise _refused(event, "is nested too deeply")
        in_brackets = bool(getattr(event, "flow_style", None))
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Value] = []
            while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
                items.append(self._value(event, depth + 1, in_brackets=in_brackets))
                _bounded(items, event)
            return items
        group: dict[str, Value] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = _key(event)
            if key in group:
                self.problems.append(str(_refused(event, f"the key {key} stands twice")))
            group[key] = self._value(next(self._events), depth + 1, in_brackets=in_brackets)
            _bounded(group, event)
        return group


def _stands_for_another(event: yaml.Event) -> bool:
    """Returns whether a value is a reference, can be referred to, or has a tag."""
    return bool(getattr(event, "anchor", None) or getattr(event, "tag", None))


def _key(event: yaml.Event) -> str:
    if not isinstance(event, yaml.ScalarEvent) or _stands_for_another(event):
        raise _refused(event, "the name of a field must be a word")
    key = _text(event)
    if not 1 <= len(key) <= _MAX_KEY_LENGTH:
        raise _refused(event, f"the name of a field must have 1 to {_MAX_KEY_LENGTH} characters")
    return key


def _text(event: yaml.ScalarEvent) -> str:
    text = str(event.value)
    if _UNSPEAKABLE.search(text):
        raise _refused(event, _CONTROL_CHARACTER)
    return text


def _bounded(entries: Sized, event: yaml.Event) -> None:
    if len(entries) > _MAX_ENTRIES:
        raise _refused(event, f"is more than the {_MAX_ENTRIES} entries that a list or group may have")


def _refused(event: yaml.Event, problem: str) -> YamlError:
    return YamlError(f"line {event.start_mark.line + 1 if event.start_mark else 1}: {problem}")
