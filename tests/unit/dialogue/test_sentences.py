"""A model's raw text becomes sentences fit to be spoken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.model.sentences import SentenceStream
from dialogue.sentences import MAX_WORDS, split_sentences


def speak(*deltas: str) -> list[str]:
    stream = SentenceStream("Jamie")
    sentences: list[str] = []
    for delta in deltas:
        sentences += stream.feed(delta)
    return sentences + stream.finish()


@pytest.mark.parametrize(
    ("raw", "sentences"),
    [
        ("Hello there. How are you?", ["Hello there.", "How are you?"]),
        ("**Sure!** Let me _see_.", ["Sure!", "Let me see."]),
        ("Jamie: Hello there.", ["Hello there."]),
        ("Assistant: Hello there.", ["Hello there."]),
        ("<think>They want\na price.</think>It depends.", ["It depends."]),
        ("It stops in the mid", []),
        ("One sentence. And then it sto", ["One sentence."]),
        ("", []),
        ("\n\n```\n", []),
    ],
)
def test_known_texts(raw: str, sentences: list[str]) -> None:
    assert speak(raw) == sentences
    assert speak(*raw) == sentences


def test_a_sentence_leaves_as_soon_as_it_is_whole() -> None:
    stream = SentenceStream("Jamie")
    assert stream.feed("Hello") == []
    assert stream.feed(" there.") == []
    assert stream.feed(" How") == ["Hello there."]


def test_abbreviations_end_no_sentence() -> None:
    assert speak("Mr. Smith will come. You know him.")[1] == "You know him."


def test_an_endless_sentence_is_broken_at_a_comma() -> None:
    (first, *_) = speak("we do it well, " * 30)
    assert len(first.split()) <= 40
    assert first.endswith(".")


@given(st.text(max_size=600), st.integers(1, 40))
def test_any_text_is_spoken_within_bounds_however_it_is_cut(raw: str, size: int) -> None:
    sentences = speak(*(raw[start : start + size] for start in range(0, len(raw), size)))
    assert all(sentence.strip() == sentence and sentence for sentence in sentences)
    assert not set("*`#<>") & set("".join(sentences))


@given(st.lists(st.sampled_from(["word", "and,", "so.", "why?", "- item\n", "**bold**"]), max_size=300))
def test_a_reply_never_grows_beyond_its_limit(words: list[str]) -> None:
    sentences = speak(*(word + " " for word in words))
    assert len(" ".join(sentences[1:]).split()) <= MAX_WORDS
    assert len(sentences) <= 4


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One moment.  I will\nsee! Really? ", ["One moment.", "I will", "see!", "Really?"]),
        ("Mr. Smith of Acme Inc. is here. He waits", ["Mr. Smith of Acme Inc. is here.", "He waits"]),
        ("No. Thank you.", ["No.", "Thank you."]),
        ("... !", []),
        ("", []),
    ],
)
def test_a_whole_text_is_split_at_once(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


@given(st.text(max_size=600))
def test_splitting_loses_no_words(text: str) -> None:
    spoken = [word for word in text.split() if any(character.isalnum() for character in word)]
    split = [word for sentence in split_sentences(text) for word in sentence.split()]
    assert [word for word in split if any(character.isalnum() for character in word)] == spoken
