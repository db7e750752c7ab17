ALTER TABLE persistence.tier_escalation_events
DROP CONSTRAINT tier_escalation_events_call_id_escalation_id_outcome_key;
CREATE UNIQUE INDEX idx_tier_escalations_one_per_outcome
ON persistence.tier_escalation_events (call_id, escalation_id, outcome) WHERE outcome <> 'unknown';
ALTER TABLE persistence.bookings RENAME CONSTRAINT bookings_state_check TO bookings_state_words;
