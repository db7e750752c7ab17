"""Text from outside can be stored, sent and written as JSON once it is cleaned, and good text stays as it is."""

from hypothesis import given
from hypothesis import strategies as st

from callwright_common.text import StreamedText, clean_text

ANY_TEXT = st.text(st.characters(codec=None))
GOOD_TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from("\t\n\r"))


@given(ANY_TEXT)
def test_what_is_left_can_be_sent_and_stored_and_is_clean(text: str) -> None:
    cleaned = clean_text(text)
    cleaned.encode()
    assert "\0" not in cleaned
    assert not [character for character in cleaned if ord(character) < 32 and character not in "\t\n\r"]
    assert clean_text(cleaned) == cleaned


@given(GOOD_TEXT)
def test_good_text_stays_as_it_is(text: str) -> None:
    assert clean_text(text) == text


def test_examples() -> None:
    assert clean_text("a\0b") == "ab"
    assert clean_text("a\ud83db") == "ab"
    assert clean_text("\ude00b") == "b"
    assert clean_text("a\ud83d\ude00b") == "a😀b"
    assert clean_text("one\x0btwo\x85three\tfour\nfive") == "one two three\tfour\nfive"
    assert clean_text("\x1b[31mred\x7f") == "[31mred"


@given(st.lists(ANY_TEXT))
def test_pieces_give_the_same_as_the_whole(pieces: list[str]) -> None:
    stream = StreamedText()
    assert "".join([stream.clean(piece) for piece in pieces]) == clean_text("".join(pieces))


def test_a_character_that_is_split_over_two_pieces_is_joined() -> None:
    stream = StreamedText()
    assert [stream.clean(piece) for piece in ("so \ud83d", "\ude00 good", "\ud83d", "", "x")] == [
        "so ",
        "😀 good",
        "",
        "",
        "x",
    ]
