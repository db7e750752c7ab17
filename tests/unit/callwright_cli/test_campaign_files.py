"""Campaign files that change while a stack runs are told of, each change once."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from callwright_cli.campaign_files import tell_changes, written_files


class _EndError(Exception):
    """There is no further look."""


async def told_after(directory: Path, *steps: Callable[[], object]) -> list[str]:
    """Returns what is told when each step happens between two looks."""
    changes, coming = list[str](), iter(steps)

    async def sleep(_seconds: float) -> None:
        step = next(coming, None)
        if step is None:
            raise _EndError
        step()

    with pytest.raises(_EndError):
        await tell_changes(directory, written_files(directory), changes.append, sleep=sleep)
    return [change.removeprefix(f"{directory}/").partition(";")[0] for change in changes]


async def test_each_change_is_told_once(tmp_path: Path) -> None:
    campaign, other = tmp_path / "solar.yaml", tmp_path / "dental.yml"
    campaign.write_text("id: solar")
    told = await told_after(
        tmp_path,
        lambda: None,
        lambda: other.write_text("id: dental"),
        lambda: os.utime(campaign, ns=(1, 1)),
        lambda: None,
        other.unlink,
    )
    assert told == ["dental.yml is new", "solar.yaml has changed", "dental.yml is gone"]


async def test_what_is_no_campaign_is_not_told(tmp_path: Path) -> None:
    assert await told_after(tmp_path, (tmp_path / "README.md").touch, (tmp_path / ".solar.yaml").touch) == []


async def test_a_folder_that_is_gone_is_no_failure(tmp_path: Path) -> None:
    folder = tmp_path / "campaigns"
    folder.mkdir()
    assert await told_after(folder, folder.rmdir, lambda: None) == []
