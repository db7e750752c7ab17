"""What the tests of the local stack share."""

from pathlib import Path

import pytest

from local_stack.stack_settings import StackSettings


@pytest.fixture
def without_settings_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Reads neither the environment of whoever runs the tests nor a `.env` of theirs."""
    monkeypatch.chdir(tmp_path)
    for name in (*StackSettings.model_fields, "data_dir"):
        monkeypatch.delenv(name.upper(), raising=False)
