CREATE FUNCTION escalation_budget.ledger_time() RETURNS timestamptz
LANGUAGE sql VOLATILE
RETURN clock_timestamp();

COMMENT ON FUNCTION escalation_budget.ledger_time() IS
    'The one clock of all replicas: leases and days are counted by it alone.';

CREATE TABLE escalation_budget.budgets (
    scope_kind text NOT NULL CHECK (scope_kind IN ('call', 'campaign_day', 'global_day')),
    scope_id text NOT NULL CHECK (scope_id <> ''),
    limit_micros bigint NOT NULL CHECK (limit_micros >= 0),
    ceiling_micros bigint NOT NULL,
    spent_micros bigint NOT NULL DEFAULT 0 CHECK (spent_micros >= 0),
    reserved_micros bigint NOT NULL DEFAULT 0 CHECK (reserved_micros >= 0),
    created_at timestamptz NOT NULL DEFAULT escalation_budget.ledger_time(),
    updated_at timestamptz NOT NULL DEFAULT escalation_budget.ledger_time(),
    PRIMARY KEY (scope_kind, scope_id),
    CHECK (ceiling_micros >= limit_micros),
    CHECK (spent_micros + reserved_micros <= ceiling_micros)
);

COMMENT ON COLUMN escalation_budget.budgets.ceiling_micros IS
    'The limit, or what was spent and reserved already when the limit was lowered below it.';

CREATE TABLE escalation_budget.reservations (
    reservation_id text PRIMARY KEY CHECK (reservation_id <> ''),
    call_id text NOT NULL CHECK (call_id <> ''),
    campaign_id text NOT NULL CHECK (campaign_id <> ''),
    requested_micros bigint NOT NULL CHECK (requested_micros >= 0),
    requested_lease interval NOT NULL CHECK (requested_lease > interval '0'),
    day date NOT NULL,
    state text NOT NULL CHECK (state IN ('reserved', 'settled', 'released', 'expired', 'denied')),
    amount_micros bigint NOT NULL CHECK (amount_micros >= requested_micros),
    settled_micros bigint CHECK (settled_micros >= 0),
    actual_micros bigint CHECK (actual_micros >= settled_micros),
    denial jsonb,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    expired_at timestamptz CHECK (expired_at >= expires_at),
    closed_at timestamptz,
    CHECK ((state = 'settled') = (settled_micros IS NOT NULL)),
    CHECK ((state = 'settled') = (actual_micros IS NOT NULL)),
    CHECK ((state = 'denied') = (denial IS NOT NULL)),
    CHECK (state <> 'expired' OR expired_at IS NOT NULL),
    CHECK ((state IN ('settled', 'released')) = (closed_at IS NOT NULL))
);

CREATE INDEX reservations_live ON escalation_budget.reservations (expires_at) WHERE state = 'reserved';
CREATE INDEX reservations_by_call ON escalation_budget.reservations (call_id);

CREATE TABLE escalation_budget.extensions (
    extension_id text PRIMARY KEY CHECK (extension_id <> ''),
    reservation_id text NOT NULL REFERENCES escalation_budget.reservations,
    additional_micros bigint NOT NULL CHECK (additional_micros >= 0),
    lease interval NOT NULL CHECK (lease > interval '0'),
    denial jsonb,
    created_at timestamptz NOT NULL
);

CREATE INDEX extensions_by_reservation ON escalation_budget.extensions (reservation_id);
