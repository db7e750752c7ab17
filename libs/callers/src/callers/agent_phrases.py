"""How agents put things, read from `agent_phrases.yaml`."""

import re
from pathlib import Path
from typing import Any

import yaml

from callers.topics import Topic
from callwright_common.campaign import Factor

_DATA: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))


def _patterns(section: str) -> dict[str, re.Pattern[str]]:
    return {name: re.compile("|".join(alternatives)) for name, alternatives in _DATA[section].items()}


SMALL_QUESTIONS = {Topic(name): pattern for name, pattern in _patterns("small_questions").items()}
REPLIES = _patterns("replies")
FACTOR_CUES = {Factor(name): pattern for name, pattern in _patterns("factor_cues").items()}
COMMON_WORDS = frozenset(_DATA["common_words"].split())
