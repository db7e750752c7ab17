"""The agent's replies as the caller's side of the line played them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from phone_simulator.playout import PlayoutBuffer
from phone_simulator.telephone_audio import SAMPLE_RATE, Samples, mulaw_to_samples

FILLER = "filler"
_MARK_FIELDS = 4


@dataclass(frozen=True, slots=True)
class PlayedReply:
    """What the caller's side played of a turn's reply.

    Attributes:
        milliseconds: How much of it was heard.
        audio: The line's sound from its beginning to its end.
    """

    milliseconds: int
    audio: Samples


def played_replies(playout: PlayoutBuffer) -> dict[str, PlayedReply]:
    """Returns what was played of each turn's reply, fillers aside, by turn id in the order of the first sound.

    The gateway's marks are named `epoch:number:kind:turn_id` after the reply whose audio is before them. Audio that was
    dropped by a `clear` before its mark came belongs to the reply before.
    """
    heard: dict[str, list[tuple[int, int]]] = {}
    for start, end, kind, turn_id in _owned_ranges(playout):
        if kind == FILLER or not turn_id:
            continue
        for span in playout.spans:
            first = max(start, span.stream_start)
            last = min(end, span.stream_start + span.length)
            if first < last:
                offset = span.line_start - span.stream_start
                heard.setdefault(turn_id, []).append((first + offset, last + offset))
    return {
        turn_id: PlayedReply(
            milliseconds=round(sum(end - start for start, end in spans) * 1000 / SAMPLE_RATE),
            audio=mulaw_to_samples(bytes(playout.line[spans[0][0] : spans[-1][1]])),
        )
        for turn_id, spans in heard.items()
    }


def _owned_ranges(playout: PlayoutBuffer) -> Iterator[tuple[int, int, str, str]]:
    """Yields ranges of the received stream with the kind and the turn of the reply that they belong to."""
    cuts = [(mark.stream_position, 1, mark.name) for mark in playout.marks]
    cuts += [(clear.stream_position, 0, "") for clear in playout.clears]
    cuts.append((playout.received, 2, ""))
    cuts.sort(key=lambda cut: cut[:2])
    owner = ("", "")
    for (start, _, _), (end, _, name) in pairwise([(0, 0, ""), *cuts]):
        owner = _owner(name) if name else owner
        if start < end:
            yield start, end, *owner


def _owner(mark_name: str) -> tuple[str, str]:
    fields = mark_name.split(":", maxsplit=_MARK_FIELDS - 1)
    return (fields[2], fields[3]) if len(fields) == _MARK_FIELDS else ("", "")
