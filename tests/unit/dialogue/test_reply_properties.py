"""Properties of replies, whatever is said."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue import Keys, Silence, TurnInput, Utterance, fallback_reply, qualify, spoken_text, take_turn
from dialogue.replies import MAX_WORDS
from fakes.spoken_calls import MONDAY, SOLAR, SpokenCall

PIECES = [
    "yes", "no", "not", "about", "fifteen", "grand", "$", "$15,000", "a month", "next tuesday", "at", "half past",
    "three", "my wife and I", "decide", "too expensive", "how much", "?", ",", ".", "the second one", "neither",
    "tomorrow", "bye", "call me back", "goodbye", "actually", "I said", "in two months", "hundred", "and", "a half",
    "point", "oh", "to", "between", "the 31st of february", "12:75", "25 pm", "send me an email", "who are you",
    "repeat", "wait", "score", "0", "00000000000000000000", "1e309", "next week", "weekend", "book it", "visit",
    "warranty", "half a", "million", "-",
]  # fmt: skip
speech = st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join) | st.text(max_size=200)
inputs = (
    speech.map(Utterance) | st.integers(1, 5).map(Silence) | st.text("0123456789*#", min_size=1, max_size=8).map(Keys)
)


@settings(max_examples=150, deadline=None)
@given(turns=st.lists(inputs, min_size=1, max_size=8), calendar=st.sampled_from(["full", "empty", "gone"]))
def test_every_turn_gets_a_short_reply(turns: list[TurnInput], calendar: str) -> None:
    call = SpokenCall(slots=[] if calendar == "empty" else None)
    for turn_input in turns:
        if calendar == "gone":
            reply = take_turn(SOLAR, call.state, turn_input, turn_id="t", now=MONDAY, slots=None)
            call.state = reply.state
        else:
            reply = call.turn(turn_input)
        assert reply.sentences
        assert all(sentence.strip() for sentence in reply.sentences)
        assert len(reply.text.split()) <= MAX_WORDS
        assert 0 <= qualify(SOLAR, reply.state).overall <= 1


@settings(max_examples=100, deadline=None)
@given(history=st.lists(st.tuples(speech, speech), max_size=6), text=speech)
def test_the_fallback_always_answers_and_never_books(history: list[tuple[str, str]], text: str) -> None:
    reply = fallback_reply(SOLAR, "call", history, text, now=MONDAY)
    assert reply.text.strip()
    assert reply.state.booked is None


@given(text=st.text(max_size=300))
def test_spoken_text_holds_nothing_that_cannot_be_spoken(text: str) -> None:
    spoken = spoken_text(text)
    assert not any(character in spoken for character in "*#`[]{}<>|$_~@")
    assert not any(character.isascii() and character.isdigit() for character in spoken)


def test_a_turn_takes_milliseconds() -> None:
    call = SpokenCall()
    utterances = ["lower bills", "About 180 dollars, how long does it take?", "just me", "in two months", "ten grand"]
    call.say(*utterances)
    assert call.replies
    started = time.process_time()
    for number in range(10):
        SpokenCall(call_id=f"call-{number}").say(*utterances)
    assert (time.process_time() - started) / 60 < 0.5
