"""The files of a call: recording, document, latency picture."""

import json
import wave
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np

from callwright_cli.call_report import call_document, write_call_document
from callwright_cli.latency_chart import draw_latency_chart
from callwright_cli.simulated_call import set_aside
from fakes import call_records
from phone_simulator.telephone_audio import samples_to_mulaw, write_stereo_wav
from vocabulary.call_events import TurnLatency
from vocabulary.enums import Agent, EscalationOutcome, Tier


def test_the_recording_has_the_caller_left_and_the_agent_right(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    write_stereo_wav(
        path, samples_to_mulaw(np.full(800, 1000, dtype=np.int16)), samples_to_mulaw(np.full(400, -500, dtype=np.int16))
    )

    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate(), file.getnframes()) == (2, 2, 8000, 800)
        samples = np.frombuffer(file.readframes(800), dtype="<i2").reshape(-1, 2)
    assert np.all(np.abs(samples[:, 0] - 1000) < 40)
    assert np.all(np.abs(samples[:400, 1] + 500) < 20)
    assert np.all(np.abs(samples[400:, 1]) < 10)


def test_the_document_has_its_keys_and_survives_json(tmp_path: Path) -> None:
    path = tmp_path / "call.json"
    write_call_document(path, call_document(call_records.call(), persona="qualified", seed=7))
    document = json.loads(path.read_text(encoding="utf-8"))

    assert list(document) == [
        *("call_id", "campaign", "persona", "seed", "started_at", "ended_at", "end_reason", "outcome"),
        *("disposition", "call_back", "summary", "premium_voice_cost", "score", "objections"),
        *("turn_count", "turns", "transitions", "escalations", "bookings"),
    ]
    assert (document["seed"], document["persona"]) == (7, "qualified")
    assert document["score"]["overall"] == 0.82
    assert set(document["score"]["factors"]) == {"intent", "budget", "timeline", "authority", "need"}
    assert list(document["turns"][0]) == [
        *(
            "turn_id",
            "caller_text",
            "reply_text",
            "heard_text",
            "agent",
            "source",
            "interrupted",
            "joined_into",
            "latency_ms",
        ),
    ]
    assert document["turns"][0]["latency_ms"]["reply_audio"] == 860.0
    assert document["bookings"][0]["starts_at"] == "2026-11-24T17:00:00+00:00"
    assert document["escalations"][0]["outcome"] == "switched"
    assert document["escalations"][0]["reserved"] == "0.10 USD"
    assert document["premium_voice_cost"] == "0.04 USD"
    assert document["summary"] == "The lead booked a visit."
    assert document["transitions"][1]["to_agent"] == "qualification"


def test_the_money_of_a_change_of_the_voice_is_named_for_what_it_is() -> None:
    record = call_records.call()
    switched = record.escalations[0]
    denied = replace(switched, budget_check_passed=False, outcome=EscalationOutcome.DENIED_CALL_LIMIT)
    ended = replace(switched, from_tier=Tier.PREMIUM, to_tier=Tier.STANDARD, outcome=EscalationOutcome.LEASE_ENDED)
    document = call_document(replace(record, escalations=(switched, denied, ended)), persona="qualified", seed=1)
    entries = cast("list[dict[str, object]]", document["escalations"])
    for entry, name in zip(entries, ("reserved", "refused", "spent"), strict=True):
        assert {"reserved", "refused", "spent"} & entry.keys() == {name}


def test_a_turn_whose_words_went_into_a_later_one_is_counted_once() -> None:
    record = call_records.call()
    withdrawn = replace(record.turns[1], joined_into="t-3")
    assert replace(record, turns=(record.turns[0], withdrawn, *record.turns[2:])).turn_count == 3


def test_the_document_holds_what_callers_objected() -> None:
    record = call_records.call()
    objection = replace(record.turns[1], agent=Agent.OBJECTION_HANDLER)
    document = call_document(replace(record, turns=(record.turns[0], objection)), persona="qualified", seed=1)
    assert document["objections"] == [
        {"turn_id": "t-2", "caller_text": objection.turn.caller_text, "heard_text": objection.turn.heard_text}
    ]


def test_the_files_of_the_call_before_are_kept_once(tmp_path: Path) -> None:
    assert set_aside(tmp_path / "demo") is None
    for content in ("first", "second"):
        (tmp_path / "call.json").write_text(content)
        earlier = set_aside(tmp_path)
        assert earlier is not None
        assert (earlier / "call.json").read_text() == content
    assert list(tmp_path.iterdir()) == [earlier]


def test_the_latency_picture_is_an_svg_that_repeats_byte_for_byte(tmp_path: Path) -> None:
    paths = [tmp_path / "a.svg", tmp_path / "b.svg"]
    for path in paths:
        draw_latency_chart(path, call_records.call().turns, title="One call")

    assert ET.parse(paths[0]).getroot().tag.endswith("svg")  # noqa: S314 - our own file
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_turns_without_caller_speech_are_left_out_of_the_picture(tmp_path: Path) -> None:
    turns = call_records.call().turns
    opening = replace(turns[0], latency=TurnLatency(reply_audio=0.1))
    with_opening, without = tmp_path / "a.svg", tmp_path / "b.svg"
    draw_latency_chart(with_opening, (opening, *turns[1:]), title="One call")
    draw_latency_chart(without, turns[1:], title="One call")
    assert with_opening.read_bytes() == without.read_bytes()


def test_a_call_without_any_turn_still_has_a_picture(tmp_path: Path) -> None:
    draw_latency_chart(tmp_path / "a.svg", (), title="One call")
    assert (tmp_path / "a.svg").stat().st_size > 0
