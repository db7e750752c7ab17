"""How well a lead qualifies, and the caller's words that say so."""

from dataclasses import dataclass, replace

from callwright.conversation.v1 import conversation_pb2 as pb
from callwright_common.campaign import Factor
from vocabulary.enums import FACTORS


@dataclass(frozen=True, slots=True)
class Evidence:
    """The caller's own words that support a fact or a factor."""

    turn_id: str
    quote: str

    @classmethod
    def from_proto(cls, message: pb.Evidence) -> "Evidence":
        """Returns the value of a message."""
        return cls(message.turn_id, message.quote)

    def to_proto(self) -> pb.Evidence:
        """Returns the message."""
        return pb.Evidence(turn_id=self.turn_id, quote=self.quote)


@dataclass(frozen=True, slots=True)
class FactorScore:
    """One factor of a score; all numbers are 0 to 1, and a confidence of 0 means that nothing is known."""

    factor: Factor
    value: float
    confidence: float
    weight: float
    evidence: tuple[Evidence, ...] = ()

    @classmethod
    def from_proto(cls, message: pb.FactorScore) -> "FactorScore":
        """Returns the value of a message whose factor is known."""
        return cls(
            factor=FACTORS.required(message.factor),
            value=message.value,
            confidence=message.confidence,
            weight=message.weight,
            evidence=tuple(map(Evidence.from_proto, message.evidence)),
        )

    def to_proto(self) -> pb.FactorScore:
        """Returns the message."""
        return pb.FactorScore(
            factor=FACTORS.to_proto(self.factor),
            value=self.value,
            confidence=self.confidence,
            weight=self.weight,
            evidence=[one.to_proto() for one in self.evidence],
        )


@dataclass(frozen=True, slots=True)
class QualificationScore:
    """How well the lead qualifies: 0 to 1 overall, the campaign's threshold, and the factors in its order."""

    overall: float
    threshold: float
    factors: tuple[FactorScore, ...] = ()

    @property
    def qualified(self) -> bool:
        """Whether the score reaches the threshold."""
        return self.overall >= self.threshold

    def factor(self, factor: Factor) -> FactorScore:
        """Returns one factor."""
        return next(one for one in self.factors if one.factor == factor)

    def without_quotes(self) -> "QualificationScore":
        """Returns the score without the caller's words."""
        return replace(self, factors=tuple(replace(one, evidence=()) for one in self.factors))

    @classmethod
    def from_proto(cls, message: pb.QualificationScore) -> "QualificationScore":
        """Returns the value of a message; factors that are unknown here are left out."""
        known = [one for one in message.factors if FACTORS.from_proto(one.factor) is not None]
        return cls(message.overall, message.threshold, tuple(map(FactorScore.from_proto, known)))

    def to_proto(self) -> pb.QualificationScore:
        """Returns the message."""
        return pb.QualificationScore(
            overall=self.overall, threshold=self.threshold, factors=[one.to_proto() for one in self.factors]
        )


@dataclass(frozen=True, slots=True)
class CapturedFact:
    """Something the caller told about himself; the confidence is 0 to 1."""

    name: str
    value: str
    confidence: float
    evidence: Evidence

    @classmethod
    def from_proto(cls, message: pb.CapturedFact) -> "CapturedFact":
        """Returns the value of a message."""
        return cls(message.name, message.value, message.confidence, Evidence.from_proto(message.evidence))

    def to_proto(self) -> pb.CapturedFact:
        """Returns the message."""
        return pb.CapturedFact(
            name=self.name, value=self.value, confidence=self.confidence, evidence=self.evidence.to_proto()
        )
