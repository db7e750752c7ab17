import pytest

from voice_gateway.media.hearing.utterance_end import is_complete


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Yes.",
        "No",
        "Hold on.",
        "Uh-huh.",
        "Mm-hmm.",
        "Where are you from?",
        "What is it about?",
        "My wife and I.",
        "Yes, I am.",
        "I think so.",
        "That's what I was looking for.",
        "I heard about that.",
        "Up to $22,000.",
        "It's 240.",
        "Not really, no.",
    ],
)
def test_what_may_end_a_turn(text: str) -> None:
    assert is_complete(text)


@pytest.mark.parametrize(
    "text",
    [
        "Um,",
        "Uh.",
        "I'm",
        "I'm.",
        "I\u2019m",
        "So",
        "Well,",
        "I",
        "About",
        "We have about...",
        "It's two hundred and",
        "I'd like to",
        "Within the next two months,",
        "I don't know, uh",
        "My budget is around.",
        "Let me think.",
        "$",
        "Between fifteen and",
    ],
)
def test_what_is_the_middle_of_a_sentence(text: str) -> None:
    assert not is_complete(text)
