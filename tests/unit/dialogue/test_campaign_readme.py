"""The documentation of the campaign file names every field of the model."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from callwright_common.campaign import Campaign

TEXT = (Path(__file__).parents[3] / "campaigns" / "README.md").read_text(encoding="utf-8")


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yields the models that a field's type holds."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models(part)


def fields(model: type[BaseModel]) -> Iterator[str]:
    """Yields the names of all fields of a model and of the models in it."""
    for name, field in model.model_fields.items():
        yield name
        for inner in models(field.annotation):
            yield from fields(inner)


def test_every_field_is_documented() -> None:
    prose = re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL)
    documented = {word for code in re.findall(r"`([^`]+)`", prose) for word in re.findall(r"[a-z_0-9]+", code)}
    assert set(fields(Campaign)) - documented == set()


def test_every_documented_path_is_a_field() -> None:
    known = set(fields(Campaign)) | {"sunline-solar", "yaml"}
    paths = re.findall(r"^\| `([a-z_.*\[\]]+)`", TEXT, re.MULTILINE)
    assert paths
    assert {part for path in paths for part in re.findall(r"[a-z_0-9]+", path)} - known <= {
        "money", "count", "yes_no", "choice", "timeline", "authority", "kind",
    }  # fmt: skip
