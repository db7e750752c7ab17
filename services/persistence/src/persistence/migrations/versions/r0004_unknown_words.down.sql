ALTER TABLE persistence.bookings RENAME CONSTRAINT bookings_state_words TO bookings_state_check;
DROP INDEX persistence.idx_tier_escalations_one_per_outcome;
DELETE FROM persistence.tier_escalation_events AS later USING persistence.tier_escalation_events AS first
WHERE first.call_id = later.call_id AND first.escalation_id = later.escalation_id AND first.outcome = later.outcome
    AND first.sequence < later.sequence;
ALTER TABLE persistence.tier_escalation_events ADD CONSTRAINT tier_escalation_events_call_id_escalation_id_outcome_key
UNIQUE (call_id, escalation_id, outcome);
