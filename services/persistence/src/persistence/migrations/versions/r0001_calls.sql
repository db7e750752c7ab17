CREATE TABLE persistence.calls (
    call_id                  varchar(128) PRIMARY KEY,
    campaign_id              varchar(128),
    direction                varchar(16)  NOT NULL,
    twilio_call_sid          varchar(128),
    caller_number            varchar(128),
    called_number            varchar(128),
    gateway_id               varchar(128),
    integration_enabled      boolean      NOT NULL,
    status                   varchar(16)  NOT NULL DEFAULT 'in_progress',
    start_time               timestamptz  NOT NULL,
    end_time                 timestamptz,
    end_reason               varchar(32),
    end_presumed             boolean      NOT NULL DEFAULT false,
    outcome                  varchar(32),
    summary                  varchar(4000),
    qualification_score      double precision CHECK (qualification_score >= 0 AND qualification_score <= 1),
    qualification_threshold  double precision CHECK (qualification_threshold >= 0 AND qualification_threshold <= 1),
    score_factors            jsonb        CHECK (jsonb_typeof(score_factors) = 'array'),
    current_tier             varchar(50)  NOT NULL DEFAULT 'standard',
    premium_cost_micros      bigint       CHECK (premium_cost_micros >= 0),
    premium_cost_currency    char(3)      CHECK (premium_cost_currency ~ '^[A-Z]{3}$'),
    workflow_context_id      varchar(255),
    current_agent            varchar(50),
    agent_transition_count   integer      NOT NULL DEFAULT 0 CHECK (agent_transition_count >= 0),
    tier_escalation_trigger  varchar(100),
    last_sequence            bigint       NOT NULL DEFAULT 0 CHECK (last_sequence >= 0),
    last_event_time          timestamptz  NOT NULL,
    last_received_at         timestamptz  NOT NULL,
    erased_at                timestamptz,
    CONSTRAINT calls_end_is_complete CHECK (
        (status = 'ended') = (end_time IS NOT NULL) AND (status = 'ended') = (end_reason IS NOT NULL)),
    CONSTRAINT calls_presumed_end CHECK (NOT end_presumed OR end_reason = 'gateway_lost'),
    CONSTRAINT calls_score_is_complete CHECK (
        (qualification_score IS NULL) = (qualification_threshold IS NULL)
        AND (qualification_score IS NULL) = (score_factors IS NULL)),
    CONSTRAINT calls_cost_has_currency CHECK (
        (premium_cost_micros IS NULL) = (premium_cost_currency IS NULL)),
    CONSTRAINT calls_erased_is_empty CHECK (
        erased_at IS NULL
        OR (caller_number IS NULL AND called_number IS NULL AND twilio_call_sid IS NULL AND summary IS NULL))
);

CREATE TABLE persistence.call_events (
    call_id      varchar(128) NOT NULL REFERENCES persistence.calls,
    sequence     bigint       NOT NULL CHECK (sequence >= 1),
    event_id     varchar(128) NOT NULL UNIQUE,
    kind         varchar(32)  NOT NULL,
    occur_time   timestamptz  NOT NULL,
    received_at  timestamptz  NOT NULL,
    encoded      bytea        NOT NULL,
    PRIMARY KEY (call_id, sequence)
);

CREATE TABLE persistence.turns (
    call_id           varchar(128) NOT NULL REFERENCES persistence.calls,
    turn_id           varchar(128) NOT NULL,
    sequence          bigint       NOT NULL,
    occur_time        timestamptz  NOT NULL,
    caller_text       text         NOT NULL,
    reply_text        text         NOT NULL,
    heard_text        text         NOT NULL,
    source            varchar(32)  NOT NULL,
    asked             varchar(32),
    asked_question_id varchar(128),
    agent             varchar(50),
    tier              varchar(50)  NOT NULL,
    interrupted       boolean      NOT NULL,
    keys_pressed      boolean      NOT NULL,
    filler_played     boolean      NOT NULL,
    partial           boolean      NOT NULL,
    heard_ms          double precision NOT NULL CHECK (heard_ms >= 0),
    reply_length_ms   double precision NOT NULL CHECK (reply_length_ms >= 0),
    end_of_turn_ms    double precision CHECK (end_of_turn_ms >= 0),
    transcription_ms  double precision CHECK (transcription_ms >= 0),
    first_text_ms     double precision CHECK (first_text_ms >= 0),
    synthesis_ms      double precision CHECK (synthesis_ms >= 0),
    first_audio_ms    double precision CHECK (first_audio_ms >= 0),
    reply_audio_ms    double precision CHECK (reply_audio_ms >= 0),
    PRIMARY KEY (call_id, turn_id),
    UNIQUE (call_id, sequence),
    FOREIGN KEY (call_id, sequence) REFERENCES persistence.call_events (call_id, sequence)
);

CREATE TABLE persistence.agent_transitions (
    id                      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    call_id                 varchar(128) NOT NULL REFERENCES persistence.calls,
    sequence                bigint       NOT NULL,
    turn_id                 varchar(128),
    from_agent              varchar(50),
    to_agent                varchar(50)  NOT NULL,
    transition_timestamp    timestamptz  NOT NULL,
    trigger_reason          varchar(255) NOT NULL,
    context_preserved       boolean      NOT NULL DEFAULT true,
    transition_duration_ms  double precision NOT NULL CHECK (transition_duration_ms >= 0),
    created_at              timestamptz  NOT NULL DEFAULT now(),
    UNIQUE (call_id, sequence),
    FOREIGN KEY (call_id, sequence) REFERENCES persistence.call_events (call_id, sequence)
);

CREATE TABLE persistence.tier_escalation_events (
    id                    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    call_id               varchar(128) NOT NULL REFERENCES persistence.calls,
    sequence              bigint       NOT NULL,
    escalation_id         varchar(128) NOT NULL,
    turn_id               varchar(128),
    trigger_agent         varchar(50),
    qualification_score   double precision NOT NULL CHECK (qualification_score >= 0 AND qualification_score <= 1),
    from_tier             varchar(50)  NOT NULL,
    to_tier               varchar(50)  NOT NULL,
    escalation_timestamp  timestamptz  NOT NULL,
    cost_impact_micros    bigint       CHECK (cost_impact_micros >= 0),
    cost_impact_currency  char(3)      CHECK (cost_impact_currency ~ '^[A-Z]{3}$'),
    budget_check_passed   boolean      NOT NULL,
    outcome               varchar(32)  NOT NULL,
    reservation_id        varchar(128),
    created_at            timestamptz  NOT NULL DEFAULT now(),
    UNIQUE (call_id, sequence),
    UNIQUE (call_id, escalation_id, outcome),
    FOREIGN KEY (call_id, sequence) REFERENCES persistence.call_events (call_id, sequence),
    CONSTRAINT tier_escalation_cost_has_currency CHECK (
        (cost_impact_micros IS NULL) = (cost_impact_currency IS NULL))
);

CREATE INDEX idx_agent_transitions_call_id ON persistence.agent_transitions (call_id);
CREATE INDEX idx_tier_escalations_call_id ON persistence.tier_escalation_events (call_id);
CREATE INDEX idx_calls_workflow_context ON persistence.calls (workflow_context_id);
CREATE INDEX idx_calls_start_time ON persistence.calls (start_time DESC, call_id DESC);
CREATE INDEX idx_calls_campaign ON persistence.calls (campaign_id, start_time DESC, call_id DESC);
CREATE INDEX idx_calls_caller_number ON persistence.calls (caller_number);
CREATE INDEX idx_calls_called_number ON persistence.calls (called_number) WHERE direction = 'outbound';
CREATE INDEX idx_call_events_lost ON persistence.call_events (call_id) WHERE kind = 'event_lost';
CREATE INDEX idx_calls_in_progress ON persistence.calls (last_received_at) WHERE status = 'in_progress';
