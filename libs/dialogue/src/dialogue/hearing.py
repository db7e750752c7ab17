"""What a recogniser may listen for once more: a phone number, an address or a figure that it did not hear whole.

What was heard whole is left as it is.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz

from callwright_common.campaign import Campaign, RangeQuestion
from dialogue.grammar.emails import find_email
from dialogue.grammar.numerals import find_numbers
from dialogue.language import language
from dialogue.rules.answers import read_answer
from dialogue.rules.contact import dialled
from dialogue.rules.utterances import understand
from vocabulary.turns import Question

_DATA = language("hearing")
_FEWEST_DIGITS, _PLAINLY_DIGITS, _MOST_DIGITS = 4, 7, 15
"""How many digits may be a phone number that was announced; how many any may be, and how many at most."""
_ALIKE = 55.0
"""How much alike, of 100, the letters and digits of two hearings of the same must be."""
_NOT_WRITTEN = re.compile(rf"[^a-z0-9]+|\b(?:{'|'.join(_DATA.words['signs'])})\b")


@dataclass(frozen=True)
class ClosedForm:
    """Something that was not heard whole.

    Attributes:
        heard: What was heard.
        lead: How it is written where it is heard right.
        is_whole: Tells of words whether they hold it whole.
    """

    heard: str
    lead: str
    is_whole: Callable[[str], bool]

    def accepts(self, again: str) -> bool:
        """Whether a second hearing is one of the same words, with the form in it whole."""
        told = _letters(again)
        echoed = bool(told) and told in _letters(self.lead)
        return not echoed and fuzz.ratio(_letters(self.heard), told) >= _ALIKE and self.is_whole(again)


@dataclass(frozen=True)
class ExpectedAnswer:
    """What may be heard next.

    Attributes:
        campaign: Whom the call is with.
        asked: What the caller was asked; None for nothing.
        now: An aware time.
    """

    campaign: Campaign
    asked: Question | None
    now: datetime

    def not_whole(self, heard: str) -> ClosedForm | None:
        """Returns what of the words that were heard is to be listened for once more, if anything."""
        digits = sum(letter.isdigit() for letter in heard)
        plain = heard.lower()
        if _DATA.patterns["tells_email"].search(plain.rstrip(".?! ")) and "." in plain:
            return self._missing("email", heard, lambda text: find_email(text) is not None)
        question = self.campaign.question(self.asked.question_id) if self.asked else None
        announced = _FEWEST_DIGITS <= digits <= _MOST_DIGITS and _DATA.patterns["tells_phone"].search(plain)
        if announced or _PLAINLY_DIGITS <= digits <= _MOST_DIGITS:
            return self._missing("phone", heard, self._holds_a_phone)
        if isinstance(question, RangeQuestion) and (digits or find_numbers(plain)):
            return self._missing(question.kind, heard, self._holds_the_answer)
        return None

    def _missing(self, form: str, heard: str, is_whole: Callable[[str], bool]) -> ClosedForm | None:
        if is_whole(heard):
            return None
        names = f"{self.campaign.company.name}, {self.campaign.product.name}."
        return ClosedForm(heard, " ".join((names, *_DATA.words[form])), is_whole)

    def _holds_a_phone(self, text: str) -> bool:
        phone = dialled(self.campaign, understand(self.campaign, text, self._local))
        return phone is not None and phone.startswith("+")

    def _holds_the_answer(self, text: str) -> bool:
        question = self.campaign.question(self.asked.question_id) if self.asked else None
        said = understand(self.campaign, text, self._local)
        return question is not None and read_answer(self.campaign, question, said, asked=True) is not None

    @property
    def _local(self) -> datetime:
        return self.now.astimezone(ZoneInfo(self.campaign.calendar.timezone))


def _letters(text: str) -> str:
    return _NOT_WRITTEN.sub("", text.lower())
