"""Properties of replies, whatever is said."""

from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue import Book, fall_back, qualify, spoken_text, take_turn
from dialogue.sentences import MAX_WORDS
from fakes.spoken_calls import MONDAY, RULES, SOLAR, SpokenCall, at_once
from vocabulary.turns import KeyPresses, Silence, TurnInput, Utterance

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
    speech.map(Utterance)
    | st.integers(1, 5).map(lambda count: Silence(count=count))
    | st.text("0123456789*#", min_size=1, max_size=8).map(KeyPresses)
)


@settings(max_examples=150, deadline=None)
@given(turns=st.lists(inputs, min_size=1, max_size=8), calendar=st.sampled_from(["full", "empty", "gone"]))
def test_every_turn_gets_a_short_reply(turns: list[TurnInput], calendar: str) -> None:
    call = SpokenCall(slots=[] if calendar == "empty" else None)
    for turn_input in turns:
        if calendar == "gone":
            work = take_turn(SOLAR, call.state, turn_input, analyzer=RULES, turn_id="t", now=MONDAY, slots=None)
            reply = at_once(work)
            call.state = reply.state
        else:
            reply = call.turn(turn_input)
        assert reply.sentences
        assert all(sentence.text.strip() for sentence in reply.sentences)
        assert len(reply.text.split()) <= MAX_WORDS
        assert reply.asks == reply.state.asks
        assert sum(sentence.asks is not None for sentence in reply.sentences) <= 1
        assert 0 <= qualify(SOLAR, reply.state).overall <= 1


@settings(max_examples=100, deadline=None)
@given(turns=st.lists(inputs, max_size=6))
def test_the_fallback_always_answers_and_never_books(turns: list[TurnInput]) -> None:
    state = b""
    for number, turn_input in enumerate(turns):
        work = fall_back(SOLAR, "call", state, turn_input, turn_id=f"t{number}", now=MONDAY, analyzer=RULES)
        fallback = at_once(work)
        state = fallback.dialogue_state
        assert fallback.reply.text.strip()
        assert fallback.reply.state.booked is None
        assert not any(isinstance(action, Book) for action in fallback.reply.actions)


@given(text=st.text(max_size=300))
def test_spoken_text_holds_nothing_that_cannot_be_spoken(text: str) -> None:
    spoken = spoken_text(text)
    assert not any(character in spoken for character in "*#`[]{}<>|$_~@")
    assert not any(character.isascii() and character.isdigit() for character in spoken)
