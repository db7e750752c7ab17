"""Sends what is in the quarantine again."""

from dataclasses import dataclass

from tenacity import stop_after_attempt

from callwright_common.errors import ServiceError
from callwright_common.logs import get_logger
from voice_gateway.records.batch_sender import BatchSender, EventSink
from voice_gateway.records.quarantine import Quarantine
from voice_gateway.records.record_format import encode_record, stretches

_logger = get_logger(__name__)

_BATCH_RECORDS = 50
_ATTEMPTS = 5
_LONGEST_PAUSE_SECONDS = 1.0


@dataclass(slots=True)
class ReplayCounts:
    """What became of a quarantine.

    Attributes:
        stored: Events that the service has now.
        refused: Events that it still refuses; they stay.
        not_sent: Events that stay because the service does not answer.
        damaged_bytes: What holds no event; it stays.
    """

    stored: int = 0
    refused: int = 0
    not_sent: int = 0
    damaged_bytes: int = 0


async def replay(quarantine: Quarantine, store: EventSink) -> ReplayCounts:
    """Sends the events of a quarantine and keeps there what the store does not take; may run beside a gateway.

    Raises:
        ReplayRunningError: if another process does so.
        OSError: if the disk fails; nothing is lost then.
    """
    counts = ReplayCounts()
    kept: list[bytes] = []

    def stored(count: int) -> None:
        counts.stored += count

    async def refused(payload: bytes, error: ServiceError) -> None:
        _logger.warning("a call event is still refused", reason=error.reason, cause=error.cause)
        kept.append(payload)

    sender = BatchSender(store, stored, longest_pause=_LONGEST_PAUSE_SECONDS, while_away=stop_after_attempt(_ATTEMPTS))
    with quarantine.taken() as data:
        content = list(stretches(lambda size, at: data[at : at + size], 0, len(data)))
        events = [stretch.payload for stretch in content if stretch.payload is not None]
        damage = b"".join(data[stretch.start : stretch.end] for stretch in content if stretch.payload is None)
        counts.damaged_bytes = len(damage)
        for start in range(0, len(events), _BATCH_RECORDS):
            before = len(kept)
            try:
                await sender.send(events[start : start + _BATCH_RECORDS], refused)
            except ServiceError as error:
                _logger.error("the persistence service does not answer", reason=error.reason, problem=error.message)
                # What it took of this batch already is skipped next time.
                kept[before:] = events[start:]
                counts.not_sent = len(events) - start
                break
        counts.refused = len(kept) - counts.not_sent
        quarantine.put_back(damage + b"".join(map(encode_record, kept)))
    return counts
