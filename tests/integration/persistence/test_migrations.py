"""The tables forward and back, several at once, and what the database itself refuses."""

import itertools
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg import errors
from sqlalchemy import NullPool, create_engine

from callwright.persistence.v1.persistence_pb2 import CallEvent
from callwright_common.database.migrations import migrate
from persistence import migrations
from persistence.migrations.closed_sets import restrict
from persistence.tables import SCHEMA, call_rows, event_rows
from vocabulary.enums import (
    OUTCOMES,
    Agent,
    CallDirection,
    CallStatus,
    EndReason,
    EscalationOutcome,
    Expectation,
    Outcome,
    ReplySource,
    Tier,
    TransitionTrigger,
)

REVISION = SCHEMA.revision

COLUMNS = """
    SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
    WHERE table_schema = 'persistence' ORDER BY 1, 2
"""
CONSTRAINTS = """
    SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'persistence'::regnamespace ORDER BY 1, 2
"""
INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'persistence' ORDER BY 1"


def shape(url: str) -> list[list[tuple[object, ...]]]:
    with psycopg.connect(url) as connection:
        return [connection.execute(query).fetchall() for query in (COLUMNS, CONSTRAINTS, INDEXES)]


def test_forward_back_and_forward_gives_the_same_tables(postgres_url: str) -> None:
    assert migrate(SCHEMA, postgres_url) == (None, REVISION)
    first = shape(postgres_url)
    assert migrate(SCHEMA, postgres_url) == (REVISION, REVISION)
    for number in range(int(REVISION), 1, -1):
        assert migrate(SCHEMA, postgres_url, "down") == (f"{number:04}", f"{number - 1:04}")
    assert migrate(SCHEMA, postgres_url, "down") == ("0001", None)
    assert [row[0] for row in shape(postgres_url)[0]] == ["alembic_version"]
    assert migrate(SCHEMA, postgres_url, "0001") == (None, "0001")
    assert migrate(SCHEMA, postgres_url) == ("0001", REVISION)
    assert shape(postgres_url) == first
    assert migrate(SCHEMA, postgres_url, "base") == (REVISION, None)
    assert migrate(SCHEMA, postgres_url, REVISION) == (None, REVISION)


def test_several_at_once_do_not_meet(postgres_url: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(lambda _: migrate(SCHEMA, postgres_url), range(4)))
    assert sorted(str(before) for before, _ in results) == [REVISION] * 3 + ["None"]
    assert {after for _, after in results} == {REVISION}


def test_a_migration_that_fails_changes_nothing(postgres_url: str) -> None:
    migrate(SCHEMA, postgres_url, "0001")
    before = shape(postgres_url)
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TABLE persistence.bookings (somebody_elses text)")
    with pytest.raises(Exception, match="already exists"):
        migrate(SCHEMA, postgres_url)
    with psycopg.connect(postgres_url) as connection:
        connection.execute("DROP TABLE persistence.bookings")
    assert shape(postgres_url) == before
    assert migrate(SCHEMA, postgres_url) == ("0001", REVISION)


def test_there_are_no_other_revisions(postgres_url: str) -> None:
    with pytest.raises(LookupError, match="no revision 0999"):
        migrate(SCHEMA, postgres_url, "0999")


def test_the_build_needs_the_newest_revision() -> None:
    scripts = ScriptDirectory(str(migrations.__path__[0]))
    assert scripts.get_current_head() == REVISION
    assert SCHEMA.problem(REVISION) is None
    assert SCHEMA.problem("9999") is None
    assert "python -m persistence migrate" in str(SCHEMA.problem("0001"))
    assert "no tables" in str(SCHEMA.problem(None))


WORDS = """
    SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'persistence'::regnamespace AND conname LIKE '%\\_words'
"""
CLOSED_SETS: dict[str, Iterable[str]] = {
    "calls.direction": CallDirection,
    "calls.status": set(CallStatus) - {CallStatus.UNKNOWN},  # the service's own word, never a newer gateway's
    "calls.end_reason": EndReason,
    "calls.outcome": Outcome,
    "calls.current_tier": Tier,
    "calls.current_agent": Agent,
    "calls.tier_escalation_trigger": Agent,
    "call_events.kind": (*(field.name for field in CallEvent.DESCRIPTOR.oneofs_by_name["event"].fields), "unknown"),
    "turns.source": ReplySource,
    "turns.asked": Expectation,
    "turns.agent": Agent,
    "turns.tier": Tier,
    "agent_transitions.from_agent": Agent,
    "agent_transitions.to_agent": Agent,
    "agent_transitions.trigger_reason": TransitionTrigger,
    "tier_escalation_events.trigger_agent": Agent,
    "tier_escalation_events.from_tier": Tier,
    "tier_escalation_events.to_tier": Tier,
    "tier_escalation_events.outcome": EscalationOutcome,
    "bookings.state": ("confirmed", "replaced", "cancelled"),  # the service's own as well
}


def closed_sets(url: str) -> dict[str, set[str]]:
    """Returns the words that each column may hold, as the database knows them."""
    with psycopg.connect(url) as connection:
        found = connection.execute(WORDS).fetchall()
    return {
        f"{table.removeprefix('persistence.')}.{re.findall(r'[(]*([a-z_]+)', text)[0]}": set(
            re.findall(r"'([a-z_]+)'", text)
        )
        for table, text in ((table, definition.removeprefix("CHECK ")) for table, definition in found)
    }


def test_the_tables_take_the_words_of_the_vocabulary(persistence_url: str) -> None:
    expected = {column: {str(word) for word in words} for column, words in CLOSED_SETS.items()}
    assert closed_sets(persistence_url) == expected


def test_no_other_rule_of_the_tables_has_a_word_that_its_column_may_not_hold(persistence_url: str) -> None:
    rules = """
        SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'persistence'::regnamespace
        UNION SELECT indexdef FROM pg_indexes WHERE schemaname = 'persistence'
        UNION SELECT column_name || ' = ' || column_default FROM information_schema.columns
              WHERE table_schema = 'persistence' AND column_default LIKE '''%'
    """
    may_hold: dict[str, set[str]] = {}
    for place, words in CLOSED_SETS.items():
        may_hold.setdefault(place.partition(".")[2], set()).update(map(str, words))
    with psycopg.connect(persistence_url) as connection:
        texts = [row[0].replace("(", "").replace(")::text", "") for row in connection.execute(rules)]
    compared = {found for text in texts for found in re.findall(r"(\w+) (?:=|<>) '(\w+)'::", text)} - {
        ("jsonb_typeofscore_factors", "array")
    }
    assert ("status", "in_progress") in compared
    assert ("kind", "event_lost") in compared
    assert {(column, word) for column, word in compared if word not in may_hold.get(column, ())} == set()


NEWER = "a_newer_word"
INSTEAD = {"calls.status": "in_progress", "turns.asked": None, "bookings.state": "replaced"}
"""What a downgrade leaves of a newer word where the column does not hold `unknown`."""
ROWS = """
    INSERT INTO persistence.calls (
        call_id, campaign_id, direction, integration_enabled, start_time, last_event_time, last_received_at
    ) VALUES ('c', 'x', 'inbound', true, now(), now(), now());
    INSERT INTO persistence.call_events SELECT 'c', n, 'e' || n, 'turn_recorded', now(), now(), '' FROM
        generate_series(1, 2) AS n;
    INSERT INTO persistence.turns (
        call_id, turn_id, sequence, occur_time, caller_text, reply_text, heard_text, source, asked, tier, interrupted,
        keys_pressed, filler_played, partial, heard_ms, reply_length_ms
    ) VALUES ('c', 't', 1, now(), '', '', '', 'rules', 'answer', 'standard', false, false, false, false, 0, 0);
    INSERT INTO persistence.agent_transitions (
        call_id, sequence, to_agent, transition_timestamp, trigger_reason, transition_duration_ms
    ) VALUES ('c', 1, 'handoff', now(), 'silence', 0);
    INSERT INTO persistence.tier_escalation_events (
        call_id, sequence, escalation_id, qualification_score, from_tier, to_tier, escalation_timestamp,
        budget_check_passed, outcome
    ) SELECT 'c', n, 'x', 1, 'standard', 'premium', now(), true, word FROM
        (VALUES (1, 'switched'), (2, 'unknown')) AS v (n, word);
    INSERT INTO persistence.calendars (campaign_id) VALUES ('x');
    INSERT INTO persistence.slots VALUES ('s', 1, now(), now() + interval '1 hour');
    INSERT INTO persistence.bookings VALUES ('b', 's', 1, 'c', now(), now() + interval '1 hour', 'confirmed', now());
"""


def step(url: str, column: str, words: Iterable[str]) -> None:
    """Does what a step of the migrations does that changes a closed set."""
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=NullPool)
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        restrict(*column.split("."), *words)


@pytest.mark.parametrize("place", CLOSED_SETS)
def test_a_word_is_added_by_a_step_and_goes_with_it(persistence_url: str, place: str) -> None:
    table, column = place.split(".")
    words = [str(word) for word in CLOSED_SETS[place]]
    ending = ", status = 'ended', end_time = now()" if column == "end_reason" else ""
    update = f"UPDATE persistence.{table} SET {column} = '{NEWER}'{ending}"  # noqa: S608
    read = f"SELECT DISTINCT {column} FROM persistence.{table}"  # noqa: S608
    with psycopg.connect(persistence_url, autocommit=True) as connection:
        connection.execute(ROWS)
        with pytest.raises(errors.CheckViolation):
            connection.execute(update)
        step(persistence_url, place, [*words, NEWER])
        # An outcome is told once of an escalation, so the other one is unknown already.
        connection.execute(f"{update} WHERE {column} IS DISTINCT FROM 'unknown'")
        step(persistence_url, place, words)
        assert connection.execute(read).fetchall() == [(INSTEAD.get(place, "unknown"),)]
        assert closed_sets(persistence_url)[place] == set(words)
        assert migrate(SCHEMA, persistence_url, "0003") == (REVISION, "0003")
        assert migrate(SCHEMA, persistence_url) == ("0003", REVISION)
        step(persistence_url, place, [*words, NEWER])
        connection.execute(update + f" WHERE ctid = (SELECT min(ctid) FROM persistence.{table})")  # noqa: S608
        assert NEWER in {row[0] for row in connection.execute(read)}


def test_a_call_that_ended_is_none_that_goes_on(persistence_url: str) -> None:
    with psycopg.connect(persistence_url, autocommit=True) as connection:
        connection.execute(CALL.format("status, end_time, end_reason", "'ended', now(), 'silence'"))
        connection.execute("ALTER TABLE persistence.calls DROP CONSTRAINT calls_end_is_complete")
        step(persistence_url, "calls.status", ["in_progress", "ended", NEWER])
        connection.execute(f"UPDATE persistence.calls SET status = '{NEWER}'")  # noqa: S608
        step(persistence_url, "calls.status", ["in_progress", "ended"])
        assert connection.execute("SELECT status FROM persistence.calls").fetchone() == ("ended",)


def test_what_a_newer_step_wrote_is_read_as_unknown() -> None:
    assert OUTCOMES.from_word(NEWER) is Outcome.UNKNOWN


def test_events_are_found_by_their_keys_however_empty_the_tables_were(persistence_url: str) -> None:
    """A statement that was prepared on empty tables keeps its plan while they grow."""
    with psycopg.connect(persistence_url) as connection:
        connection.execute("SET plan_cache_mode = force_generic_plan")
        for name, statement, values in (
            ("lock", call_rows.LOCK_CALLS, "'{a}'"),
            ("find", event_rows.FIND_EVENTS, "'{a}', '{a}'"),
        ):
            numbered = itertools.count(1)
            prepared = re.sub("%s", lambda _: f"${next(numbered)}", statement)  # noqa: B023
            connection.execute(f"PREPARE {name} AS {prepared}")
            plan = connection.execute(f"EXPLAIN EXECUTE {name} ({values})").fetchall()
            assert "Seq Scan" not in str(plan), plan


CALL = "INSERT INTO persistence.calls (call_id, campaign_id, direction, integration_enabled, start_time, "
CALL += "last_event_time, last_received_at, {}) VALUES ('c', 'x', 'inbound', true, now(), now(), now(), {})"


IMPOSSIBLE = [
    ("qualification_score, qualification_threshold, score_factors", "'NaN', 0.7, '[]'"),
    ("qualification_score, qualification_threshold, score_factors", "1.01, 0.7, '[]'"),
    ("qualification_score, qualification_threshold, score_factors", "-0.01, 0.7, '[]'"),
    ("qualification_score", "0.5"),
    ("premium_cost_micros, premium_cost_currency", "-1, 'USD'"),
    ("premium_cost_micros", "1"),
    ("outcome", "'sold'"),
    ("status", "'over'"),
    ("status", "'ended'"),
    ("end_reason", "'silence'"),
    ("current_agent", "'analytics'"),
    ("current_tier", "'gold'"),
    ("agent_transition_count", "-1"),
]


def test_the_tables_refuse_what_cannot_be(persistence_url: str) -> None:
    with psycopg.connect(persistence_url, autocommit=True) as connection:
        for columns, values in IMPOSSIBLE:
            with pytest.raises(errors.CheckViolation):
                connection.execute(CALL.format(columns, values))
        connection.execute(CALL.format("status", "'in_progress'"))


def test_the_tables_refuse_bookings_that_overlap(persistence_url: str) -> None:
    slot = "INSERT INTO persistence.slots VALUES (%s, %s, %s, %s)"
    booking = "INSERT INTO persistence.bookings VALUES (%s, %s, %s, %s, %s, %s, 'confirmed', now())"
    ten, half_past, eleven = (f"2026-03-02T{time}Z" for time in ("10:00", "10:30", "11:00"))
    noon = "2026-03-02T12:00Z"
    with psycopg.connect(persistence_url, autocommit=True) as connection:
        for campaign in ("one", "two"):
            connection.execute("INSERT INTO persistence.calendars (campaign_id) VALUES (%s)", [campaign])
        for name, calendar, start, end in (
            ("a", 1, ten, eleven),
            ("b", 1, half_past, noon),
            ("c", 1, eleven, noon),
            ("d", 2, ten, eleven),
        ):
            connection.execute(slot, [name, calendar, start, end])
        connection.execute(booking, ["booking-a", "a", 1, "call-1", ten, eleven])
        with pytest.raises(errors.ExclusionViolation):
            connection.execute(booking, ["booking-b", "b", 1, "call-2", half_past, noon])
        connection.execute(booking, ["booking-c", "c", 1, "call-3", eleven, noon])
        connection.execute(booking, ["booking-d", "d", 2, "call-1", ten, eleven])
        with pytest.raises((errors.UniqueViolation, errors.ExclusionViolation)):
            connection.execute(booking, ["booking-e", "a", 1, "call-4", ten, eleven])
