"""Personas are data: checked when they are read, and of use on any campaign."""

import os
from pathlib import Path

import pytest
import yaml

from callers.lines import lines_for
from callers.personas import FOLDER, PersonaError, find_persona, load_persona, persona_names
from callers.policy import CallerPolicy
from callers.topics import Topic
from callwright_common.campaign import Campaign, load_campaign

REPOSITORY = Path(__file__).parents[3]
SUNLINE = load_campaign(REPOSITORY / "campaigns" / "sunline-solar.yaml")
LEDGERLY = load_campaign(REPOSITORY / "tests" / "evals" / "ledgerly.yaml")
WORDINGS = yaml.safe_load(
    (REPOSITORY / "libs" / "dialogue" / "src" / "dialogue" / "en" / "wordings.yaml").read_text(encoding="utf-8")
)["wordings"]
QUALIFIED = (FOLDER / "qualified.yaml").read_text()


def worded(wordings: str) -> str:
    return QUALIFIED.replace("wordings: {}", f"wordings: {wordings}")


def test_both_personas_come_with_the_package() -> None:
    assert persona_names() == ["qualified", "wants-a-human"]
    assert [find_persona(name).name for name in persona_names()] == persona_names()
    assert find_persona("qualified").books
    assert not find_persona("wants-a-human").books


def test_a_persona_of_ones_own_is_a_file(tmp_path: Path) -> None:
    file = tmp_path / "anna.yaml"
    file.write_text(QUALIFIED.replace("name: qualified", "name: anna").replace("Alex Miller", "Anna Smith"))
    lines = lines_for(find_persona(str(file)), SUNLINE)
    assert lines.answers[Topic.NAME][:2] == ("My name is Anna Smith.", "It's Anna, Anna Smith.")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "must hold the fields of a persona"),
        ("- a list", "must hold the fields of a persona"),
        ("name: [", "is not valid YAML"),
        (QUALIFIED.replace("goal: appointment", "goal: world peace"), "goal: Input should be 'appointment', 'human'"),
        (QUALIFIED.replace("about:", "abuot:"), "abuot: is not known; did you mean about?"),
        (worded("{godbye: [Bye.]}"), "wordings.godbye: is not known; did you mean goodbye?"),
        (worded("{goodbye: ['Bye, {nmae}.']}"), "wordings.goodbye: the placeholder {nmae} is unknown"),
        (worded("{goodbye: []}"), "wordings.goodbye: "),
        (worded("[goodbye]"), "wordings: "),
        (QUALIFIED.replace("need: 1.0", "need: 7"), "facts.degrees.need: "),
        (QUALIFIED.replace("months: 2", "months: soon"), "facts.months: "),
        (QUALIFIED.replace("place: Denver", "place: [Denver]"), "facts.place: Input should be a valid string"),
        (QUALIFIED.replace("place: Denver", "place: !!int ''"), "references and tags are not read"),
        (QUALIFIED.replace("objects: true", "objects: !!bool maybe"), "references and tags are not read"),
        (QUALIFIED.replace("months: 2", f"months: {'9' * 5000}"), "facts.months: "),
        ("a: &a [*a]", "references and tags are not read"),
        ("[" * 50_000, "is nested too deeply"),
        ("x" * 70_000, "is larger than 64 KiB"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_names_the_field(tmp_path: Path, text: str, problem: str) -> None:
    file = tmp_path / "anna.yaml"
    file.write_text(text)
    with pytest.raises(PersonaError) as told:
        load_persona(file)
    assert problem in str(told.value)
    assert str(told.value).startswith(str(file))


def test_an_error_is_bounded_and_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "anna.yaml"
    file.write_text(worded("\n" + "".join(f"  goodbye{number}: [Bye.]\n" for number in range(900))))
    with pytest.raises(PersonaError) as told:
        load_persona(file)
    assert len(str(told.value)) < 10_000
    file.unlink()
    os.mkfifo(file)
    with pytest.raises(PersonaError, match="is not a file"):
        load_persona(file)


def test_a_persona_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(PersonaError, match="there is no persona nobody; there are qualified, wants-a-human"):
        find_persona("nobody")
    with pytest.raises(PersonaError, match=r"anna\.yaml: cannot be read"):
        find_persona(str(tmp_path / "anna.yaml"))


@pytest.mark.parametrize("campaign", [SUNLINE, LEDGERLY], ids=["sunline", "ledgerly"])
@pytest.mark.parametrize("name", persona_names())
def test_a_persona_has_an_answer_to_every_question_of_any_campaign(name: str, campaign: Campaign) -> None:
    policy = CallerPolicy(find_persona(name), campaign, 2)
    lines = lines_for(policy.persona, campaign)
    for question in campaign.questions:
        for asked in (question.ask, question.ask_again, f"I see. {question.ask}"):
            assert policy.understand(asked).subject == question.id
        answers = lines.answers[question.id]
        assert answers
        assert not any("{" in answer for answer in answers)


def test_its_facts_are_put_in_the_scales_of_the_campaign() -> None:
    lines = lines_for(find_persona("qualified"), LEDGERLY)
    assert lines.answers["team_size"][0] == "About one hundred people."
    assert lines.answers["spend"][0] == "About six thousand pounds a year."
    assert lines.answers["start"][0] == "In about two months."
    assert lines.answers["decision"][0] == "I decide that on my own."
    assert lines.answers["pain"][0] == "Yes, it does."
    assert lines.objections == ("Hmm, honestly, too expensive for a small firm.",)
    assert lines.interruptions[0] == "Sorry to interrupt, but can you tell me about price?"

    reluctant = lines_for(find_persona("wants-a-human"), LEDGERLY)
    assert reluctant.answers["spend"][0] == "I haven't thought about that."
    assert (reluctant.objections, reluctant.interruptions) == ((), ())
    assert reluctant.demands


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("Which software budget do you have?", "spend"),
        ("How soon would you want it?", "start"),
        ("Who else is involved in that decision?", "decision"),
        ("So, how many people are in the company?", "team_size"),
    ],
)
def test_a_question_in_other_words_is_recognised(said: str, question: str) -> None:
    assert CallerPolicy(find_persona("qualified"), LEDGERLY, 1).understand(said).subject == question


def test_own_words_for_a_question_that_the_campaign_does_not_have_are_an_error(tmp_path: Path) -> None:
    file = tmp_path / "anna.yaml"
    file.write_text(QUALIFIED.replace("      monthly_bill:", "      monthly_bil:"))
    with pytest.raises(
        PersonaError, match=r"sunline-solar\.questions\.monthly_bil: is not known; did you mean monthly_bill\?"
    ):
        lines_for(find_persona(str(file)), SUNLINE)


def test_own_words_for_a_campaign_that_there_is_not_are_an_error(tmp_path: Path) -> None:
    file = tmp_path / "anna.yaml"
    file.write_text(QUALIFIED.replace("  sunline-solar:", "  sunline-solr:"))
    known = [SUNLINE.id, LEDGERLY.id]
    with pytest.raises(PersonaError, match=r"anna\.yaml: own_words\.sunline-solr: .*; did you mean sunline-solar\?"):
        find_persona(str(file), known)
    assert find_persona("qualified", [LEDGERLY.id]).own_words.keys() == {SUNLINE.id}


@pytest.mark.parametrize("campaign", [SUNLINE, LEDGERLY], ids=["sunline", "ledgerly"])
@pytest.mark.parametrize("before", ["", "That is free. ", "So that is Tuesday at 10 in the morning. "])
@pytest.mark.parametrize("wordings", ["ask_to_book", "shall_i_book"])
def test_the_question_whether_to_book_is_no_question_of_a_campaign(
    campaign: Campaign, before: str, wordings: str
) -> None:
    for asked in WORDINGS["time"][wordings]:
        policy = CallerPolicy(find_persona("qualified"), campaign, 1)
        heard = policy.understand(before + asked)
        assert heard.subject is Topic.PROPOSAL
        assert (policy.on_reply(heard).text or "").startswith("Yes, ")


def test_a_seed_says_what_it_always_said() -> None:
    policy = CallerPolicy(find_persona("qualified"), SUNLINE, 3)
    said = [policy.on_reply(policy.understand(question.ask)).text for question in SUNLINE.questions]
    assert said == [
        "Our power bill went up again, so I would like to get solar on our roof.",
        "About two hundred and forty dollars a month.",
        "We own it, and it's my decision.",
        "I'm a bit worried that it could damage my roof.",
        "I was thinking of twenty thousand dollars.",
    ]
