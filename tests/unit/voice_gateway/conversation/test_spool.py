"""The spool file: order, torn tails, flipped bits, limits, restarts."""

import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_gateway.records.spool import SpoolFile, SpoolFullError

HEADER = 12


def read_all(spool: SpoolFile) -> list[bytes]:
    return spool.read(spool.released, 10_000).payloads


def reopened(path: Path, max_bytes: int = 1 << 20) -> SpoolFile:
    return SpoolFile(path, max_bytes)


def filled(path: Path, payloads: list[bytes]) -> None:
    spool = SpoolFile(path, 1 << 20)
    spool.append(payloads)
    spool.close()


def test_records_survive_a_restart_in_order(tmp_path: Path) -> None:
    path = tmp_path / "events.spool"
    filled(path, [b"one", b"", b"three"])
    spool = reopened(path)
    assert read_all(spool) == [b"one", b"", b"three"]
    spool.close()


@pytest.mark.parametrize("cut", [1, 4, 11, 12, 14])
def test_a_torn_tail_is_cut_off_and_new_records_follow(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "events.spool"
    filled(path, [b"first", b"second"])
    whole = path.read_bytes()
    first = HEADER + len(b"first")
    path.write_bytes(whole[: first + cut])
    spool = reopened(path)
    spool.append([b"third"])
    assert read_all(spool) == [b"first", b"third"]
    assert spool.quarantined_bytes == cut
    spool.close()


@pytest.mark.parametrize("offset", [0, 5, 9, HEADER + 2])
def test_a_flipped_bit_costs_its_record_alone(tmp_path: Path, offset: int) -> None:
    path = tmp_path / "events.spool"
    filled(path, [b"first", b"second", b"third"])
    data = bytearray(path.read_bytes())
    data[HEADER + len(b"first") + offset] ^= 0x40
    path.write_bytes(bytes(data))
    spool = reopened(path)
    assert read_all(spool) == [b"first", b"third"]
    spool.close()
    assert path.with_suffix(".quarantine").stat().st_size == HEADER + len(b"second")


def test_a_record_that_looks_like_a_header_is_no_header(tmp_path: Path) -> None:
    path = tmp_path / "events.spool"
    inner = b"CWE1" + (3).to_bytes(4, "big") + zlib.crc32(b"xyz").to_bytes(4, "big") + b"xyz"
    filled(path, [b"first", inner, b"last"])
    spool = reopened(path)
    assert read_all(spool) == [b"first", inner, b"last"]
    spool.close()


def test_released_records_are_not_read_again(tmp_path: Path) -> None:
    path = tmp_path / "events.spool"
    spool = SpoolFile(path, 1 << 20)
    spool.append([b"one", b"two"])
    batch = spool.read(spool.released, 1)
    spool.release(batch.end)
    spool.close()
    again = reopened(path)
    assert read_all(again) == [b"two"]
    again.release(again.size)
    assert (again.size, again.released) == (0, 0)
    again.close()


def test_a_lost_position_reads_everything_again(tmp_path: Path) -> None:
    path = tmp_path / "events.spool"
    spool = SpoolFile(path, 1 << 20)
    spool.append([b"one", b"two"])
    spool.release(spool.read(0, 1).end)
    spool.close()
    path.with_suffix(".position").write_text("nonsense")
    again = reopened(path)
    assert read_all(again) == [b"one", b"two"]
    again.close()


def test_a_full_spool_takes_nothing_until_records_are_released(tmp_path: Path) -> None:
    spool = SpoolFile(tmp_path / "events.spool", 100)
    spool.append([b"x" * 60])
    with pytest.raises(SpoolFullError):
        spool.append([b"y" * 60])
    assert read_all(spool) == [b"x" * 60]
    spool.release(spool.size)
    spool.append([b"y" * 60])
    assert read_all(spool) == [b"y" * 60]
    spool.close()


def test_released_records_make_room_while_others_wait(tmp_path: Path) -> None:
    spool = SpoolFile(tmp_path / "events.spool", 150)
    spool.append([b"a" * 50, b"b" * 50])
    spool.release(spool.read(0, 1).end)
    spool.append([b"c" * 50])
    assert read_all(spool) == [b"b" * 50, b"c" * 50]
    spool.close()
    again = reopened(tmp_path / "events.spool")
    assert read_all(again) == [b"b" * 50, b"c" * 50]
    again.close()


@settings(max_examples=60, deadline=None)
@given(
    payloads=st.lists(st.binary(max_size=40), min_size=1, max_size=8),
    damage=st.lists(st.tuples(st.integers(0, 600), st.integers(1, 255)), max_size=3),
    cut=st.integers(0, 30),
)
def test_whatever_happens_to_the_file_only_whole_records_come_back(
    tmp_path_factory: pytest.TempPathFactory, payloads: list[bytes], damage: list[tuple[int, int]], cut: int
) -> None:
    path = tmp_path_factory.mktemp("spool") / "events.spool"
    filled(path, payloads)
    data = bytearray(path.read_bytes())
    for offset, mask in damage:
        data[offset % len(data)] ^= mask
    path.write_bytes(bytes(data[: len(data) - cut % len(data)]))
    spool = reopened(path)
    found = read_all(spool)
    remaining = iter(payloads)
    assert all(any(payload == one for one in remaining) for payload in found)
    spool.append([b"after"])
    assert read_all(spool)[-1] == b"after"
    spool.close()
