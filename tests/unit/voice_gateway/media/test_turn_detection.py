import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_gateway.media.hearing.turn_detection import TurnChange, TurnDetector, TurnSettings
from voice_gateway.media.hearing.voice_activity import WINDOW_SECONDS

VOICE, SILENCE = 0.9, 0.05


class Listener:
    """Feeds a detector and notes what changed, and when in the audio."""

    def __init__(self, settings: TurnSettings | None = None) -> None:
        self.detector = TurnDetector(settings or TurnSettings())
        self.changes: list[tuple[TurnChange, float]] = []
        self.now = 0.0

    def hear(self, probability: float, seconds: float) -> None:
        for _ in range(round(seconds / WINDOW_SECONDS)):
            self.now += WINDOW_SECONDS
            change = self.detector.window(probability, self.now)
            if change is not None:
                self.changes.append((change, self.now))

    @property
    def names(self) -> list[TurnChange]:
        return [change for change, _ in self.changes]


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.mark.parametrize(("complete", "silence"), [(True, 0.35), (None, 0.7), (False, 1.2)])
def test_how_much_silence_ends_a_turn_depends_on_the_words(
    listener: Listener, complete: bool | None, silence: float
) -> None:
    listener.hear(SILENCE, 1.0)
    listener.hear(VOICE, 2.0)
    voice_ended = listener.now
    listener.hear(SILENCE, 0.26)
    if complete is not None:
        listener.detector.judge(complete=complete)
    listener.hear(SILENCE, 2.0)
    assert listener.names == [TurnChange.VOICE_STARTED, TurnChange.VOICE_PAUSED, TurnChange.TURN_ENDED]
    assert listener.changes[1][1] - listener.detector.stop_seconds == pytest.approx(voice_ended)
    assert listener.changes[2][1] - voice_ended == pytest.approx(silence, abs=0.04)


def test_words_that_are_known_late_end_the_turn_with_the_next_window(listener: Listener) -> None:
    listener.hear(VOICE, 1.0)
    listener.hear(SILENCE, 0.6)
    assert listener.detector.in_turn
    listener.detector.judge(complete=True)
    listener.hear(SILENCE, WINDOW_SECONDS)
    assert not listener.detector.in_turn


def test_each_pause_is_judged_anew(listener: Listener) -> None:
    listener.hear(VOICE, 1.0)
    listener.hear(SILENCE, 0.25)
    listener.detector.judge(complete=True)
    listener.hear(VOICE, 1.0)
    listener.hear(SILENCE, 0.5)
    assert listener.detector.in_turn


def test_a_caller_who_hesitates_in_mid_sentence_is_waited_for(listener: Listener) -> None:
    listener.hear(VOICE, 0.4)
    listener.hear(SILENCE, 0.25)
    listener.detector.judge(complete=False)
    listener.hear(SILENCE, 0.55)
    listener.hear(VOICE, 1.0)
    assert listener.names == [TurnChange.VOICE_STARTED, TurnChange.VOICE_PAUSED, TurnChange.VOICE_RESUMED]


def test_a_voice_that_goes_on_in_time_stays_in_its_turn(listener: Listener) -> None:
    for _ in range(3):
        listener.hear(VOICE, 0.8)
        listener.hear(SILENCE, 0.3)
    listener.hear(SILENCE, 1.0)
    assert listener.names.count(TurnChange.TURN_ENDED) == 1
    assert listener.names.count(TurnChange.VOICE_RESUMED) == 2


def test_a_short_noise_is_no_turn(listener: Listener) -> None:
    for _ in range(10):
        listener.hear(VOICE, 0.09)
        listener.hear(SILENCE, 0.1)
    assert listener.names == []


def test_clicks_do_not_hold_a_turn_open(listener: Listener) -> None:
    listener.hear(VOICE, 1.0)
    listener.hear(SILENCE, 0.25)
    for _ in range(9):
        listener.hear(VOICE, WINDOW_SECONDS)
        listener.hear(SILENCE, 0.1)
    assert listener.names[-1] is TurnChange.TURN_ENDED


def test_a_wavering_voice_is_one_voice(listener: Listener) -> None:
    listener.hear(VOICE, 0.5)
    for _ in range(20):
        listener.hear(0.45, 0.1)
        listener.hear(0.2, 0.1)
    assert listener.names == [TurnChange.VOICE_STARTED]


def test_audio_that_stops_coming_ends_the_turn_by_the_clock(listener: Listener) -> None:
    listener.hear(VOICE, 1.0)
    assert listener.detector.stalled(listener.now + 0.5) is None
    assert listener.detector.stalled(listener.now + 1.0) is TurnChange.TURN_ENDED
    assert not listener.detector.in_turn
    assert listener.detector.stalled(listener.now + 9.0) is None


def test_a_noise_without_end_is_cut(listener: Listener) -> None:
    listener.hear(VOICE, 65.0)
    assert listener.names.count(TurnChange.TURN_ENDED) == 2


@given(st.lists(st.floats(0, 1), max_size=400))
def test_changes_always_alternate(probabilities: list[float]) -> None:
    listener = Listener()
    for probability in probabilities:
        listener.hear(probability, WINDOW_SECONDS)
    follows = {
        None: {TurnChange.VOICE_STARTED},
        TurnChange.VOICE_STARTED: {TurnChange.VOICE_PAUSED, TurnChange.TURN_ENDED},
        TurnChange.VOICE_PAUSED: {TurnChange.VOICE_RESUMED, TurnChange.TURN_ENDED},
        TurnChange.VOICE_RESUMED: {TurnChange.VOICE_PAUSED, TurnChange.TURN_ENDED},
        TurnChange.TURN_ENDED: {TurnChange.VOICE_STARTED},
    }
    last = None
    for change in listener.names:
        assert change in follows[last]
        last = change
