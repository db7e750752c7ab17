"""Closed forms as callers say them, each with what it is worth to the whole analysis."""

from pathlib import Path
from typing import Any

import pytest

from fakes.spoken_forms import is_right, load_forms

HERE = Path(__file__).parent
FORMS = load_forms(HERE / "forms.yaml") + load_forms(HERE / "later_forms.yaml")


@pytest.mark.parametrize(("kind", "said", "meant"), FORMS, ids=[f"{kind}: {said}" for kind, said, _ in FORMS])
def test_a_form_is_understood_as_it_is_meant(kind: str, said: str, meant: Any) -> None:
    assert is_right(kind, said, meant)
