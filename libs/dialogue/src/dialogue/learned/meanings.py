"""What a label of the classifier means here, and from which probability it counts.

How probable something must be follows from the harm of being wrong; a wish not to be called and a wish for a human are
never taken back.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from dialogue.call_control import CHECKS
from dialogue.confidence import LIKELY, POSSIBLE
from dialogue.intents import Concern, Intent

NO_CHANCE = 0.02
"""Below this probability an intent of the rules only looked like one."""
PLAIN = 0.95
"""From here on something is plain, whatever else it sounds like."""
EVEN = 0.5
"""What is as likely as not."""
_NEVER_TAKEN_BACK = frozenset({Intent.DO_NOT_CALL, Intent.WANTS_HUMAN})
"""What harms most where it is missed: one opinion is enough to ask."""
_DOUBT = LIKELY - POSSIBLE - 0.01


@dataclass(frozen=True)
class Meaning:
    """What a label of the classifier means here.

    Attributes:
        adds: The intent that it is, if the rules found none of its kind.
        kind: Intents of the rules that it stands for; where it is improbable they are taken back.
        at_least: The probability from which it counts: low where missing it harms, high where acting on it does.
        perhaps: The probability from which it leaves doubt, where it is asked before it is done.
        seconded: The probability that is enough where the rules found it too; less leaves doubt.
    """

    adds: Intent
    kind: frozenset[Intent]
    at_least: float
    perhaps: float = 1.0
    seconded: float = NO_CHANCE

    def confidence(self, chance: float, by_rules: float) -> float:
        """Returns how sure it is, given its probability and how sure the rules are; both are 0 to 1."""
        if chance >= self.at_least or (by_rules >= LIKELY and chance >= self.seconded):
            return max(chance, by_rules, LIKELY)
        heard = by_rules >= LIKELY and self.adds in CHECKS
        if chance >= self.perhaps or (heard and (chance >= NO_CHANCE or self.adds in _NEVER_TAKEN_BACK)):
            return POSSIBLE + chance * _DOUBT
        return min(by_rules, LIKELY / 2)


def _meaning(
    adds: Intent, *kind: Intent, at_least: float, perhaps: float = 1.0, seconded: float = NO_CHANCE
) -> Meaning:
    return Meaning(adds, frozenset({adds, *kind}), at_least, perhaps, seconded)


MEANINGS: dict[str, Meaning] = {
    "opt_out": _meaning(Intent.DO_NOT_CALL, at_least=0.95, perhaps=0.4, seconded=0.5),
    "wrong_number": _meaning(Intent.WRONG_NUMBER, at_least=0.8, perhaps=0.2, seconded=0.5),
    "ask_human": _meaning(Intent.WANTS_HUMAN, at_least=0.75, perhaps=0.35, seconded=0.3),
    "ask_robot": _meaning(Intent.WHO_ARE_YOU, Intent.ARE_YOU_HUMAN, at_least=0.7),
    "callback_later": _meaning(Intent.CALL_LATER, at_least=0.9),
    "voicemail_greeting": _meaning(Intent.VOICEMAIL, at_least=0.6),
    "schedule_request": _meaning(Intent.WANTS_APPOINTMENT, at_least=0.9),
    "reschedule": _meaning(Intent.RESCHEDULE, at_least=0.85),
    "show_interest": _meaning(Intent.INTEREST, at_least=0.8),
    "show_disinterest": _meaning(Intent.NOT_INTERESTED, Intent.NO_THANKS, at_least=0.92, perhaps=0.4, seconded=0.3),
    "hold_on": _meaning(Intent.WAIT, at_least=0.8),
    "repeat_please": _meaning(Intent.REPEAT, Intent.SLOWER, Intent.REPHRASE, Intent.CLARIFY, at_least=0.7),
    "goodbye": _meaning(Intent.GOODBYE, at_least=0.8),
    "thanks": _meaning(Intent.THANKS, at_least=0.5),
    "greet": _meaning(Intent.GREETING, at_least=0.8),
    "abuse": _meaning(Intent.ABUSE, at_least=0.8),
    "support": _meaning(Intent.SUPPORT, at_least=0.93),
    "other_matter": _meaning(Intent.OTHER_MATTER, at_least=0.85),
    "distress": _meaning(Intent.DISTRESS, at_least=0.7),
    "child": _meaning(Intent.CHILD, at_least=0.7),
    "off_topic": _meaning(Intent.OFF_TOPIC, at_least=0.9),
    "prompt_injection": _meaning(Intent.MANIPULATION, at_least=0.4),
}
CONCERNS: dict[str, Concern] = {
    "objection_price": Concern.TOO_EXPENSIVE,
    "objection_time": Concern.NOT_NOW,
    "objection_trust": Concern.NO_TRUST,
    "objection_competition": Concern.HAS_PROVIDER,
    "objection_need": Concern.NO_NEED,
    "objection_authority": Concern.NEEDS_TO_THINK,
}
CONCERN_AT_LEAST = {
    "objection_price": 0.8,
    "objection_time": 0.6,
    "objection_trust": 0.5,
    "objection_competition": 0.6,
    "objection_need": 0.65,
    "objection_authority": 0.8,
}
"""From which probability each objection counts."""


_BEYOND_DOUBT = 0.8
"""The probability from which an objection or a question is one in whatever words."""


def leaves_doubt(label: str, probable: Mapping[str, float]) -> bool:
    """Whether something is probable enough to be asked or answered, and not enough to be beyond doubt."""
    chance, meaning = probable.get(label, 0.0), MEANINGS.get(label)
    return meaning.perhaps <= chance < meaning.at_least if meaning else chance < _BEYOND_DOUBT
