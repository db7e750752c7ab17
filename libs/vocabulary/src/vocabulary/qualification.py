"""How well a lead qualifies, and the caller's words that say so."""

from dataclasses import dataclass, replace

from callwright.conversation.v1 import conversation_pb2 as pb
from callwright_common.campaign import Factor
from vocabulary.enums import FACTORS
from vocabulary.mirror import Mirror, mirrors


@mirrors(pb.Evidence)
@dataclass(frozen=True, slots=True)
class Evidence(Mirror):
    """The caller's own words that support a fact or a factor."""

    turn_id: str
    quote: str


@mirrors(pb.FactorScore)
@dataclass(frozen=True, slots=True)
class FactorScore(Mirror):
    """One factor of a score; all numbers are 0 to 1, and a confidence of 0 means that nothing is known."""

    factor: Factor
    value: float
    confidence: float
    weight: float
    evidence: tuple[Evidence, ...] = ()

    @classmethod
    def is_known(cls, message: pb.FactorScore) -> bool:
        """Whether the factor is known here."""
        return FACTORS.from_proto(message.factor) is not None


@mirrors(pb.QualificationScore)
@dataclass(frozen=True, slots=True)
class QualificationScore(Mirror):
    """How well the lead qualifies: 0 to 1 overall, the campaign's threshold, and the factors in its order."""

    overall: float
    threshold: float
    factors: tuple[FactorScore, ...] = ()

    @property
    def qualified(self) -> bool:
        """Whether the score reaches the threshold."""
        return self.overall >= self.threshold

    def without_quotes(self) -> "QualificationScore":
        """Returns the score without the caller's words."""
        return replace(self, factors=tuple(replace(one, evidence=()) for one in self.factors))


@mirrors(pb.CapturedFact)
@dataclass(frozen=True, slots=True)
class CapturedFact(Mirror):
    """Something the caller told about himself; the confidence is 0 to 1."""

    name: str
    value: str
    confidence: float
    evidence: Evidence
