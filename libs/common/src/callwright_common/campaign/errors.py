"""Tells what is wrong with a campaign file in the words of those who write it."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

_MAX_PROBLEMS = 60
_MAX_PROBLEM_LENGTH = 300
_QUESTION_KINDS = ("money", "count", "timeline", "yes_no", "authority", "choice")
_PATTERNS = {
    "^[A-Z]{3}$": "must be three capital letters, for example USD",
    "^[a-z][a-z0-9_-]{0,62}$": "must be lower-case letters, digits, - and _, starting with a letter",
}
_WORDINGS = {
    "missing": "is missing",
    "extra_forbidden": "is not a field of a campaign file",
    "string_type": "must be a text",
    "string_too_short": "must not be empty",
    "string_too_long": "is too long, at most {max_length} characters",
    "too_short": "needs at least {min_length} entry",
    "too_long": "holds too many entries, at most {max_length}",
    "tuple_type": "must be a list, for example [one, two]",
    "dict_type": "must be a group of fields",
    "model_type": "must be a group of fields",
    "model_attributes_type": "must be a group of fields",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a whole number",
    "int_from_float": "must be a whole number",
    "finite_number": "must be a number, not infinite or NaN",
    "greater_than": "must be above {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be below {lt}",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "union_tag_not_found": "kind: is missing; it must be one of " + ", ".join(_QUESTION_KINDS),
    "union_tag_invalid": "kind: must be one of " + ", ".join(_QUESTION_KINDS),
}


def explain(error: ValidationError) -> list[str]:
    """Returns a line for each problem: the field's path and what must be there instead."""
    details = error.errors(include_url=False)
    missing: dict[tuple[str | int, ...], list[str]] = {}
    for detail in details:
        if detail["type"] == "missing":
            missing.setdefault(detail["loc"][:-1], []).append(str(detail["loc"][-1]))
    told = ((detail["loc"], _message(detail, missing)) for detail in details if not _follows(detail, details))
    return [describe(location, line) for location, message in told for line in message.splitlines()]


def _follows(detail: Mapping[str, Any], details: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a list is too short only because what stands in it is wrong."""
    place = detail["loc"]
    within = (one["loc"] for one in details if len(one["loc"]) > len(place))
    return detail["type"] == "too_short" and any(other[: len(place)] == place for other in within)


def describe(location: Sequence[str | int], message: str) -> str:
    """Returns a problem with its field path, for example `questions[2].factor: …`."""
    path = ""
    for index, part in enumerate(location):
        if isinstance(part, int):
            path += f"[{part}]"
        elif part == "[key]" or (index == 2 and location[0] == "questions" and part in _QUESTION_KINDS):
            continue  # pydantic names the chosen kind of question and the keys of mappings, which are no fields
        else:
            path += f".{part}" if path else part
    if not path:
        return message
    return f"{path}.{message}" if message.startswith("kind: ") else f"{path}: {message}"


def listed(source: str, problems: Sequence[str]) -> str:
    """Returns a bounded text with a line for each problem of a file."""
    # A name that the author wrote may hold line breaks.
    told = [" ".join(problem.split())[:_MAX_PROBLEM_LENGTH] for problem in problems[:_MAX_PROBLEMS]]
    if len(problems) > _MAX_PROBLEMS:
        told.append(f"and {len(problems) - _MAX_PROBLEMS} more problems")
    return "\n".join(f"{source}: {problem}" for problem in told)


def _message(detail: Mapping[str, Any], missing: Mapping[tuple[str | int, ...], list[str]]) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "value_error":
        return str(context.get("error", detail["msg"]))
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(context.get("pattern", ""), "has a form that is not allowed")
    wording = _WORDINGS.get(kind)
    if wording is None:
        return str(detail["msg"])
    if kind == "extra_forbidden":
        meant = get_close_matches(str(detail["loc"][-1]), missing.get(detail["loc"][:-1], []), n=1)
        return f"{wording}; did you mean {meant[0]}?" if meant else wording
    return wording.format(**context)
