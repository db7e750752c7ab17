"""The spool file: order, torn tails, flipped bits, limits, restarts, a disk that fails."""

import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fakes.event_store import FailingFiles
from voice_gateway.records.spool import SpoolFile, SpoolFullError

HEAD = 16
HEADER = 12


def read_all(spool: SpoolFile) -> list[bytes]:
    return list(spool.read(10_000, 1 << 30).payloads)


def opened(path: Path, max_bytes: int = 1 << 20) -> SpoolFile:
    spool = SpoolFile(path, max_bytes)
    spool.open()
    return spool


def filled(path: Path, payloads: list[bytes]) -> None:
    spool = opened(path)
    spool.append(payloads)
    spool.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.spool"


def test_records_survive_a_restart_in_order(path: Path) -> None:
    filled(path, [b"one", b"", b"three"])
    spool = opened(path)
    assert read_all(spool) == [b"one", b"", b"three"]
    spool.close()


@pytest.mark.parametrize("cut", [1, 4, 11, 12, 14])
def test_a_torn_tail_is_passed_over_and_new_records_follow(path: Path, cut: int) -> None:
    filled(path, [b"first", b"second"])
    whole = path.read_bytes()
    first = HEAD + HEADER + len(b"first")
    path.write_bytes(whole[: first + cut])
    spool = opened(path)
    spool.append([b"third"])
    batch = spool.read(10, 1 << 20)
    assert batch.payloads == [b"first", b"third"]
    assert batch.damaged == [whole[first : first + cut].replace(b"CWE1", bytes(4))]
    spool.close()


@pytest.mark.parametrize("rest", [b"C", b"CW", b"CWE1", b"CWE1\0\0\0\5"])
def test_a_torn_record_does_not_go_on_into_the_next_one(path: Path, rest: bytes) -> None:
    filled(path, [b"first", b"torn" + rest])
    path.write_bytes(path.read_bytes()[: -len(rest)])
    filled(path, [b"third"])
    again = opened(path)
    assert read_all(again) == [b"first", b"third"]
    again.close()


@pytest.mark.parametrize("offset", [0, 5, 9, HEADER + 2])
def test_a_flipped_bit_costs_its_record_alone(path: Path, offset: int) -> None:
    filled(path, [b"first", b"second", b"third"])
    data = bytearray(path.read_bytes())
    data[HEAD + HEADER + len(b"first") + offset] ^= 0x40
    path.write_bytes(bytes(data))
    spool = opened(path)
    batch = spool.read(10, 1 << 20)
    assert batch.payloads == [b"first", b"third"]
    assert [len(damage) for damage in batch.damaged] == [HEADER + len(b"second")]
    spool.close()


def test_a_record_that_looks_like_a_header_is_no_header(path: Path) -> None:
    inner = b"CWE1" + (3).to_bytes(4, "big") + zlib.crc32(b"xyz").to_bytes(4, "big") + b"xyz"
    filled(path, [b"first", inner, b"last"])
    spool = opened(path)
    assert read_all(spool) == [b"first", inner, b"last"]
    spool.close()


def test_released_records_are_not_read_again(path: Path) -> None:
    spool = opened(path)
    spool.append([b"one", b"two"])
    spool.release(spool.read(1, 1 << 20).size)
    spool.close()
    again = opened(path)
    assert read_all(again) == [b"two"]
    again.release(again.waiting_bytes)
    assert (again.waiting_bytes, path.stat().st_size) == (0, HEAD)
    again.close()


@pytest.mark.parametrize("damage", [0, 4, 15])
def test_a_damaged_head_reads_everything_again(path: Path, damage: int) -> None:
    spool = opened(path)
    spool.append([b"one", b"two"])
    spool.release(spool.read(1, 1 << 20).size)
    spool.close()
    data = bytearray(path.read_bytes())
    data[damage] ^= 1
    path.write_bytes(bytes(data))
    again = opened(path)
    assert read_all(again) == [b"one", b"two"]
    again.close()


def test_an_old_head_releases_nothing_that_came_later(path: Path) -> None:
    """The file was cut off and filled again; what the head said before must not hold for the new records."""
    spool = opened(path)
    spool.append([b"one", b"two", b"three"])
    spool.release(spool.read(2, 1 << 20).size)
    spool.close()
    path.write_bytes(path.read_bytes()[:HEAD])
    again = opened(path)
    again.append([b"six", b"ten", b"seven"])
    again.close()
    last = opened(path)
    assert read_all(last) == [b"six", b"ten", b"seven"]
    last.close()


def test_a_batch_is_cut_by_bytes_and_never_empty(path: Path) -> None:
    spool = opened(path)
    spool.append([b"a" * 100, b"b" * 100, b"c" * 5000])
    assert [len(spool.read(10, 250).payloads), len(spool.read(10, 1).payloads)] == [2, 1]
    spool.release(spool.read(2, 1 << 20).size)
    assert spool.read(10, 1).payloads == [b"c" * 5000]
    spool.close()


def test_a_full_spool_takes_nothing_until_records_are_released(path: Path) -> None:
    spool = opened(path, HEAD + 100)
    spool.append([b"x" * 60])
    with pytest.raises(SpoolFullError):
        spool.append([b"y" * 60])
    assert read_all(spool) == [b"x" * 60]
    spool.release(spool.waiting_bytes)
    spool.append([b"y" * 60])
    assert read_all(spool) == [b"y" * 60]
    spool.close()


def test_released_records_make_room_while_others_wait(path: Path) -> None:
    spool = opened(path, HEAD + 150)
    spool.append([b"a" * 50, b"b" * 50])
    spool.release(spool.read(1, 1 << 20).size)
    spool.append([b"c" * 50])
    assert read_all(spool) == [b"b" * 50, b"c" * 50]
    spool.close()
    again = opened(path)
    assert read_all(again) == [b"b" * 50, b"c" * 50]
    again.close()


@pytest.mark.parametrize("call", ["open", "fstat", "pread", "pwrite", "ftruncate", "fsync", "replace", "close"])
def test_every_step_may_be_tried_again_after_a_failure_of_the_disk(path: Path, call: str) -> None:
    files = FailingFiles()
    spool = SpoolFile(path, HEAD + 150, files)
    steps: list[Callable[[], object]] = [
        spool.open,
        lambda: spool.append([b"a" * 50, b"b" * 50]),
        lambda: spool.release(spool.read(1, 1 << 20).size),
        lambda: spool.append([b"c" * 50]),
    ]
    for step in steps:
        files.broken = {call}
        try:
            step()
        except OSError:
            files.broken = set()
            step()
    files.broken = set()
    assert read_all(spool) == [b"b" * 50, b"c" * 50]
    spool.release(spool.waiting_bytes)
    spool.close()


@settings(max_examples=60, deadline=None)
@given(
    payloads=st.lists(st.binary(max_size=40), min_size=1, max_size=8),
    damage=st.lists(st.tuples(st.integers(0, 600), st.integers(1, 255)), max_size=3),
    cut=st.integers(0, 30),
)
@example(payloads=[b"CWE1"], damage=[], cut=4)
def test_whatever_happens_to_the_file_only_whole_records_come_back(
    tmp_path_factory: pytest.TempPathFactory, payloads: list[bytes], damage: list[tuple[int, int]], cut: int
) -> None:
    path = tmp_path_factory.mktemp("spool") / "events.spool"
    filled(path, payloads)
    data = bytearray(path.read_bytes())
    for offset, mask in damage:
        data[offset % len(data)] ^= mask
    path.write_bytes(bytes(data[: len(data) - cut % len(data)]))
    spool = opened(path)
    found = read_all(spool)
    remaining = iter(payloads)
    assert all(any(payload == one for one in remaining) for payload in found)
    spool.append([b"after"])
    assert read_all(spool)[-1] == b"after"
    spool.close()
