"""Figures from results: what is counted, and how."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from dialogue import Intent
from evals.data import ENDING, Kind
from evals.runner import CallReport, DialogueResult, LineResult, PersonaResult
from vocabulary.enums import Outcome

BINS = 10
_MEANT: dict[Intent, Kind] = {
    Intent.DO_NOT_CALL: Kind.OPT_OUT,
    Intent.WANTS_HUMAN: Kind.HUMAN,
    Intent.WRONG_NUMBER: Kind.WRONG_PERSON,
    Intent.NOT_INTERESTED: Kind.REFUSAL,
    Intent.NO_THANKS: Kind.REFUSAL,
    Intent.CALL_LATER: Kind.LATER,
    Intent.GOODBYE: Kind.GOODBYE,
    Intent.VOICEMAIL: Kind.VOICEMAIL,
    Intent.ABUSE: Kind.ABUSE,
    Intent.OFF_TOPIC: Kind.OTHER_MATTER,
    Intent.MANIPULATION: Kind.OTHER_MATTER,
    Intent.OTHER_LANGUAGE: Kind.LANGUAGE,
    Intent.REPEAT: Kind.REPEAT,
    Intent.WAIT: Kind.WAIT,
    Intent.SUPPORT: Kind.SUPPORT,
    Intent.WANTS_APPOINTMENT: Kind.APPOINTMENT,
    Intent.RESCHEDULE: Kind.APPOINTMENT,
}
"""What an intent, found with some confidence, says of the kind of its line."""


@dataclass
class Tally:
    """What was to be found, what of it was found, and what was found that was not there.

    Attributes:
        asked: What was not found but asked back.
        settled: What of that came right with the caller's answer.
    """

    expected: int = 0
    right: int = 0
    asked: int = 0
    settled: int = 0
    false: int = 0

    @property
    def precision(self) -> float:
        """The share of what was found that was right."""
        return _share(self.right, self.right + self.false)

    @property
    def recall(self) -> float:
        """The share of what was to be found that was found."""
        return _share(self.right, self.expected)

    @property
    def recall_asked(self) -> float:
        """The share of what was to be found that was found, at once or by asking."""
        return _share(self.right + self.settled, self.expected)

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return _share(2 * self.right, self.expected + self.right + self.false)


@dataclass(frozen=True)
class Bin:
    """What was found with a confidence of about the same: how sure on average, how often right, how many."""

    confidence: float
    right: float
    count: int


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def routing(results: Iterable[DialogueResult]) -> dict[Kind, Tally]:
    """Returns for each kind of line how it was routed; `Kind.LEAD` is no routing, only its absence.

    A line that may be answered in several ways counts for the kind that it got if that is one of them, else for its
    first. Asking back is no answer: where it was not wanted it is a miss of what was, and nothing false.
    """
    tallies: dict[Kind, Tally] = defaultdict(Tally)
    for one in _lines(results):
        got = one.kind
        wanted = got if got in one.line.must else one.line.must[0]
        tallies[wanted].expected += 1
        tallies[wanted].right += got is wanted
        asked = got is Kind.ASKS_BACK and wanted is not Kind.ASKS_BACK
        tallies[wanted].asked += asked
        tallies[wanted].settled += asked and one.settled in one.line.must
        if got is not wanted and got not in {Kind.MISSED, Kind.ASKS_BACK}:
            tallies[got].false += 1
    return {kind: tallies[kind] for kind in Kind if kind in tallies and kind not in {Kind.LEAD, Kind.MISSED}}


def goes_on(results: Iterable[DialogueResult]) -> Tally:
    """Returns how lines were answered that only carry the conversation on."""
    lines = [one for one in _lines(results) if one.line.must[0] is Kind.LEAD]
    right = sum(one.kind in one.line.must for one in lines)
    return Tally(len(lines), right, asked=sum(_unwanted(one, Kind.ASKS_BACK) for one in lines))


def facts(results: Iterable[DialogueResult]) -> dict[str, Tally]:
    """Returns for each kind of fact how many were told, noted with exactly their value, and noted wrongly."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for one in _lines(results):
        for fact in one.facts:
            tally = tallies[fact.field]
            tally.expected += fact.expected is not None
            tally.right += fact.right
            tally.false += fact.noted is not None and not fact.right
    return dict(sorted(tallies.items()))


def total(tallies: Iterable[Tally]) -> Tally:
    """Returns the sum, of which precision, recall and F1 are the micro-averages."""
    found = Tally()
    for one in tallies:
        found.expected += one.expected
        found.right += one.right
        found.asked += one.asked
        found.settled += one.settled
        found.false += one.false
    return found


@dataclass(frozen=True)
class Harm:
    """What was done to callers who had not asked for it, per 1,000 turns."""

    turns: int
    opt_outs: float
    hang_ups: float
    objections: float


def harm(dialogues: Iterable[DialogueResult], personas: Iterable[PersonaResult]) -> Harm:
    """Returns what was done without reason: in dialogues by their labels, with callers by what they are.

    A caller who wants an appointment never opts out, and is hung up on where the call ends without it. Objections are
    counted in dialogues alone, where each line's is known.
    """
    lines = [one for one in _lines(dialogues) if one.kind is not Kind.MISSED]
    opt_outs = sum(_unwanted(one, Kind.OPT_OUT) for one in lines)
    hang_ups = sum(one.ended and ENDING.isdisjoint(one.line.must) for one in lines)
    objections = sum(_unwanted(one, Kind.OBJECTION) for one in lines)
    leads = [one for one in personas if one.persona.persona.books]
    opt_outs += sum(one.call.opted_out for one in leads)
    hang_ups += sum(one.call.hung_up and not one.call.right for one in leads)
    turns = len(lines) + sum(one.call.turns for one in leads)
    scale = _share(1000, turns)
    return Harm(turns, opt_outs * scale, hang_ups * scale, objections * _share(1000, len(lines)))


def _unwanted(one: LineResult, kind: Kind) -> bool:
    """Whether a line was answered as a kind that it is not."""
    return one.kind is kind and kind not in one.line.must


def outcomes(calls: Iterable[CallReport]) -> dict[tuple[Outcome, Outcome], int]:
    """Returns how often which right end became which end; of several right ends the first stands for a wrong one."""
    return Counter((one.outcome if one.right else one.expected[0], one.outcome) for one in calls)


def right_ends(calls: Sequence[CallReport]) -> float:
    """Returns the share of calls that came to a right end: pass@1 where each is one try."""
    return _share(sum(one.right for one in calls), len(calls))


def pass_all(results: Iterable[PersonaResult]) -> float:
    """Returns the share of callers all of whose calls came to a right end: pass^k for k seeds."""
    tries: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for one in results:
        tries[one.persona.campaign, one.persona.persona.name].append(one.call.right)
    return _share(sum(all(one) for one in tries.values()), len(tries))


def turns_to_qualify(results: Iterable[PersonaResult]) -> float:
    """Returns after how many of the caller's turns the score reached the threshold, on average where it did."""
    return mean(one.call.qualified_after for one in results if one.call.qualified_after is not None)


def demands(results: Iterable[PersonaResult]) -> float:
    """Returns how often a caller who wants something else had to say so, on average."""
    return mean(one.call.demanded for one in results if one.call.demanded)


def mean(values: Iterable[float]) -> float:
    """Returns the mean, 0 of nothing."""
    known = list(values)
    return _share(sum(known), len(known))


def calibration_of_intents(results: Iterable[DialogueResult]) -> list[Bin]:
    """Returns how sure the agent was of what callers do, against how often that was what they did."""
    found = [
        (intent.confidence, _MEANT[intent.intent] in one.line.must)
        for one in _lines(results)
        for intent in one.intents
        if intent.intent in _MEANT
    ]
    return _binned(found)


def calibration_of_facts(results: Iterable[DialogueResult]) -> list[Bin]:
    """Returns how sure the agent was of the facts that it noted, against how often these were exact."""
    return _binned(
        [(fact.confidence, fact.right) for one in _lines(results) for fact in one.facts if fact.confidence is not None]
    )


def _binned(found: list[tuple[float, bool]]) -> list[Bin]:
    def bin_of(one: tuple[float, bool]) -> int:
        return min(int(one[0] * BINS), BINS - 1)

    bins = []
    for _, group in groupby(sorted(found), bin_of):
        members = list(group)
        bins.append(Bin(mean(sure for sure, _ in members), mean(right for _, right in members), len(members)))
    return bins


def _lines(results: Iterable[DialogueResult]) -> list[LineResult]:
    return [line for result in results for line in result.lines]
