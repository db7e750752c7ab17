"""Records of a call that went well, for tests that doctor them."""

from datetime import UTC, datetime, timedelta

from callwright_cli.call_record import (
    RecordedBooking,
    RecordedCall,
    RecordedEscalation,
    RecordedScore,
    RecordedTransition,
    RecordedTurn,
)

START = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
APPOINTMENT = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)  # Tuesday, 10 in the morning in Denver.


def turn(number: int, *, tier: str = "standard", agent: str = "qualification", heard_ms: int = 2000) -> RecordedTurn:
    return RecordedTurn(
        turn_id=f"t-{number}",
        caller_text=f"Caller's words number {number}.",
        reply_text="That is worth bringing down. How much is it?",
        heard_text="That is worth bringing down. How much is it?",
        agent=agent,
        source="orchestrator",
        tier=tier,
        interrupted=False,
        partial=False,
        filler_played=number == 2,
        heard_ms=heard_ms,
        reply_ms=2000,
        latency_ms={
            "end_of_turn": 300.0,
            "transcription": 350.0,
            "first_text": 15.0,
            "synthesis": 180.0,
            "first_audio": 700.0,
            "reply_audio": 860.0,
        },
    )


def transition(from_agent: str, to_agent: str, number: int) -> RecordedTransition:
    return RecordedTransition(
        from_agent, to_agent, "topic", f"t-{number}", True, START + timedelta(seconds=10 * number)
    )


def call() -> RecordedCall:
    """Returns a call of four turns, switched to the premium voice after the second, with one appointment."""
    return RecordedCall(
        call_id="call-1",
        campaign="sunline-solar",
        started_at=START,
        ended_at=START + timedelta(seconds=90),
        end_reason="agent_goodbye",
        outcome="booked",
        summary="The lead booked a visit.",
        premium_cost="0.0400 USD",
        score=RecordedScore(0.82, 0.7, {"intent": 0.9, "budget": 1.0, "timeline": 1.0, "authority": 0.5, "need": 0.6}),
        turns=(
            turn(1, agent="conversation"),
            turn(2),
            turn(3, tier="premium"),
            turn(4, tier="premium", agent="scheduler"),
        ),
        transitions=(
            transition("", "conversation", 1),
            transition("conversation", "qualification", 2),
            transition("qualification", "scheduler", 4),
        ),
        escalations=(
            RecordedEscalation(
                "e-1", "t-2", "qualification", 0.72, "standard", "premium", "switched", True, "0.1000 USD", "r-1", START
            ),
        ),
        bookings=(RecordedBooking("b-1", "s-1", APPOINTMENT, APPOINTMENT + timedelta(hours=1)),),
    )
