"""The engine claims nothing that the campaign did not write: no price, no promise, no other customers."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from callwright_common.campaign import Campaign, load_campaign
from callwright_common.campaign.model import Handoff
from callwright_common.campaign.texts import Prompts
from dialogue.language import WORDINGS
from fakes.spoken_calls import SpokenCall

EVALS = Path(__file__).parents[2] / "evals"
LINES = [row["text"] for row in yaml.safe_load((EVALS / "utterances.yaml").read_text(encoding="utf-8"))]
CLAIMS = re.compile(
    r"(?<!that is )(?<!nothing is )(?<!is not )\bfree\b(?! time)"
    r"|no charge|nothing to pay|costs? (?:you )?(?:nothing|less)|obligation|commits? you"
    r"|\bsav(?:e|es|ing|ings)\b|cheap|discount|pays? (?:off|for itself)|paid off|guarantee|warrant|refund|pays? back"
    r"|customers|most people|others (?:felt|found)|everyone who"
    r"|record(?:ed|ing)|written down at|privacy|(?<!you want your )\bdata\b|secure|(?<!you want your data )deleted?\b"
    r"|know nothing else about you"
    r"|(?<!would like it )in writing|certified|licensed|trusted|leading|proven|experts?\b|every detail"
    r"|(?:we|they|he|she|somebody|someone|colleague|advisor|team|you) (?:will|would be|is going to) (?:call|be called"
    r"|ring|contact|get back|reach|visit|come|answer|prepare)|gets? back to you|calls? you (?:back )?(?:today|tomorrow"
    r"|soon|within|at)|(?:at )?any time|always|around the clock|within (?:a|an|the|one|\d)|right away|shortly",
    re.IGNORECASE,
)


def bare_campaign() -> Campaign:
    """Returns a campaign that holds nothing but what every campaign must."""
    full = load_campaign(EVALS / "ledgerly.yaml")
    product = full.product.model_copy(update={"pitch": "It writes invoices."})
    questions = tuple(
        question.model_copy(update={"ask": f"What about {question.label}?", "ask_again": f"And {question.label}?"})
        for question in full.questions
    )
    return full.model_copy(
        update={
            "questions": questions, "product": product, "facts": (), "objections": (), "prompts": Prompts(),
            "handoff": Handoff(),
        }
    )  # fmt: skip


def wordings() -> Iterator[tuple[str, str]]:
    """Yields every wording of the agents, and the neutral texts of a campaign."""
    for deed, texts in WORDINGS.items():
        if not deed.startswith("request."):  # these are read by a human, not said
            yield from ((deed, text) for text in texts)
    sections: tuple[type[BaseModel], ...] = (Prompts, Handoff)
    for section in sections:
        for name, field in section.model_fields.items():
            for text in field.default if isinstance(field.default, tuple) else (field.default,):
                if isinstance(text, str):
                    yield name, text


def test_no_wording_claims_anything() -> None:
    found = list(wordings())
    assert len(found) > 200
    assert [text for text in found if CLAIMS.search(text[1])] == []


@pytest.mark.parametrize(
    "claim",
    [
        "Many customers felt the same, and it paid off for them sooner.", "The visit costs you nothing.",
        "You get everything in writing before you decide.", "Yes, the call may be recorded.",
        "A colleague will call you tomorrow.", "We will get back to you.", "I know nothing else about you.",
        "A person is there at any time.", "Nothing commits you to anything.", "Your data is safe with us.",
        "I have deleted that.",
    ],
)  # fmt: skip
def test_a_claim_is_known_when_it_is_made(claim: str) -> None:
    assert CLAIMS.search(claim)


@pytest.mark.parametrize("seed", range(60))
def test_no_reply_of_a_bare_campaign_claims_anything(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - replayable walks, no secret
    call = SpokenCall(bare_campaign(), call_id=f"bare-{seed}", slots=chance.choice([None, []]))
    for _ in range(14):
        reply = call.say(chance.choice([*LINES, "yes", "no", "about eighty people", "Is this call recorded?",
                                        "how did you get my number", "what does the demo cost"]))  # fmt: skip
        assert not CLAIMS.search(reply.text), reply.text


@pytest.mark.parametrize("question", ["Is this call being recorded?", "How did you get my number?"])
def test_what_the_campaign_does_not_tell_is_noted(question: str) -> None:
    call = SpokenCall(bare_campaign())
    reply = call.say(question)
    assert "noted" in reply.text
    assert "an answer to a question" in call.state.requests
