"""What a caller says next."""

from pathlib import Path

import pytest

from callers.lines import lines_for
from callers.personas import find_persona, persona_names
from callers.policy import NOT_MEANT, CallerPolicy, Move
from callers.spoken_times import SpokenTime
from callers.topics import Topic
from callwright_common.campaign import load_campaign

CAMPAIGN = load_campaign(Path(__file__).parents[3] / "campaigns" / "sunline-solar.yaml")
QUALIFIED, WANTS_A_HUMAN = (lines_for(find_persona(name), CAMPAIGN) for name in ("qualified", "wants-a-human"))
QUESTIONS = (
    "What made you think about solar?",
    "Roughly how much is your electric bill each month?",
    "Do you own the home, and does anybody else decide with you?",
    "When would you like to have it on your roof?",
    "And what budget do you have in mind for the whole system?",
)
OFFER = "I have Tuesday at 10 in the morning, or Wednesday at 2 in the afternoon. Which one suits you?"


def qualified(seed: int) -> CallerPolicy:
    return CallerPolicy(find_persona("qualified"), CAMPAIGN, seed)


def wants_a_human(seed: int) -> CallerPolicy:
    return CallerPolicy(find_persona("wants-a-human"), CAMPAIGN, seed)


def _say(policy: CallerPolicy, text: str) -> str:
    return policy.on_reply(policy.understand(text)).text or ""


def test_the_same_seed_says_the_same_and_seeds_differ() -> None:
    def talk(seed: int) -> list[str]:
        policy = qualified(seed)
        return [_say(policy, question) for question in (*QUESTIONS, OFFER)]

    assert talk(3) == talk(3)
    assert len({tuple(talk(seed)) for seed in range(8)}) == 8


@pytest.mark.parametrize("seed", range(20))
def test_a_qualified_lead_objects_once_interrupts_once_and_answers_everything(seed: int) -> None:
    policy = qualified(seed)
    said: list[str] = []
    interruptions = []
    for question in QUESTIONS:
        said.append(_say(policy, question))
        if said[-1] in QUALIFIED.objections:
            assert policy.wants_to_interrupt()
            interruptions.append(policy.interruption())
            said.append(_say(policy, question))

    assert sum(line in QUALIFIED.objections for line in said) == 1
    assert len(said) == len(QUESTIONS) + 1
    assert interruptions[0] in QUALIFIED.interruptions
    assert not policy.wants_to_interrupt()
    assert policy.interruption() is None


@pytest.mark.parametrize("seed", range(10))
def test_it_takes_one_of_the_offered_appointments_and_believes_the_confirmed_one(seed: int) -> None:
    policy = qualified(seed)
    answer = _say(policy, OFFER)
    offered = policy.understand(OFFER).times
    assert policy.agreed in offered
    assert policy.agreed is not None
    assert policy.agreed.spoken() in answer

    _say(policy, "You are booked for Tuesday, November 24th at 10 in the morning. Anything else?")
    assert policy.agreed == SpokenTime(1, 24, 10, 0)


def test_a_question_that_comes_again_is_answered_in_other_words() -> None:
    policy = qualified(1)
    assert _say(policy, QUESTIONS[0]) != _say(policy, QUESTIONS[0])


def test_it_repeats_itself_when_asked_to() -> None:
    policy = qualified(1)
    first = _say(policy, QUESTIONS[0])
    assert _say(policy, "Sorry, I did not catch that. Could you say it again?") == first


def test_it_asks_twice_to_repeat_and_then_goes_on() -> None:
    policy = qualified(1)
    lines = [_say(policy, "") for _ in range(3)]
    assert all("again" in line or "repeat" in line for line in lines[:2])
    assert lines[2] in QUALIFIED.answers[Topic.OTHER_QUESTION]


def test_it_says_goodbye_once_and_hangs_up_after_the_agents_goodbye() -> None:
    policy = qualified(1)
    assert "bye" in _say(policy, "Is there anything else I can do for you?").lower()
    assert policy.on_reply(policy.understand("Thank you for calling. Goodbye.")) == Move(None, hang_up=True)

    policy = qualified(1)
    abrupt = policy.on_reply(policy.understand("Thank you for calling. Goodbye."))
    assert abrupt.hang_up
    assert "bye" in (abrupt.text or "").lower()


def test_it_gives_up_on_a_silent_agent() -> None:
    policy = qualified(1)
    assert [policy.on_silence().hang_up for _ in range(3)] == [False, False, True]


def test_what_it_does_not_want_it_denies_and_what_it_wants_it_says_again() -> None:
    policy = qualified(1)
    check = policy.understand("Would you like us not to call this number any more?")
    assert policy.on_reply(check) == Move(NOT_MEANT)
    insistent = wants_a_human(1)
    for question in QUESTIONS:
        _say(insistent, question)
    assert insistent.on_reply(check).text in WANTS_A_HUMAN.demands


def test_a_filler_and_a_hand_off_are_waited_out() -> None:
    policy = qualified(1)
    assert policy.on_reply(policy.understand("One moment.")) == Move(None)
    assert policy.on_reply(policy.understand("I will connect you with a colleague now.")) == Move(None)


@pytest.mark.parametrize("seed", range(10))
def test_who_wants_a_human_answers_a_little_and_then_insists(seed: int) -> None:
    policy = wants_a_human(seed)
    said = [_say(policy, question) for question in QUESTIONS]
    requests = [line for line in said if line in WANTS_A_HUMAN.demands]

    assert said[0] not in WANTS_A_HUMAN.demands
    assert said[-1] in WANTS_A_HUMAN.demands
    assert len(requests) >= 3
    assert len(set(requests)) == len(requests)
    assert policy.agreed is None


def test_who_wants_a_human_takes_no_appointment() -> None:
    policy = wants_a_human(1)
    _say(policy, OFFER)
    assert policy.agreed is None


@pytest.mark.parametrize("name", persona_names())
def test_likely_lines_are_ready_to_be_spoken(name: str) -> None:
    policy = CallerPolicy(find_persona(name), CAMPAIGN, 4)
    lines = policy.likely_lines()
    assert _say(policy, QUESTIONS[0]) in lines
    assert not any("{" in line for line in lines)
