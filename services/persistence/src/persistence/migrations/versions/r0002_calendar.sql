CREATE TABLE persistence.calendars (
    calendar_id  integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    campaign_id  varchar(128) NOT NULL UNIQUE
);

CREATE TABLE persistence.slots (
    slot_id           varchar(128) PRIMARY KEY,
    calendar_id       integer      NOT NULL REFERENCES persistence.calendars,
    start_time        timestamptz  NOT NULL,
    end_time          timestamptz  NOT NULL,
    held_by_call_id   varchar(128),
    hold_expire_time  timestamptz,
    CONSTRAINT slots_have_a_length CHECK (end_time > start_time),
    CONSTRAINT slots_hold_is_complete CHECK ((held_by_call_id IS NULL) = (hold_expire_time IS NULL))
);

CREATE TABLE persistence.bookings (
    booking_id   varchar(128) PRIMARY KEY,
    slot_id      varchar(128) NOT NULL REFERENCES persistence.slots,
    calendar_id  integer      NOT NULL REFERENCES persistence.calendars,
    call_id      varchar(128) NOT NULL,
    start_time   timestamptz  NOT NULL,
    end_time     timestamptz  NOT NULL,
    state        varchar(16)  NOT NULL CHECK (state IN ('confirmed', 'replaced')),
    created_at   timestamptz  NOT NULL,
    -- The calendar's number as a range, because GiST compares no plain numbers without an extension.
    CONSTRAINT bookings_do_not_overlap EXCLUDE USING gist (
        int4range(calendar_id, calendar_id, '[]') WITH &&, tstzrange(start_time, end_time) WITH &&
    ) WHERE (state = 'confirmed')
);

CREATE UNIQUE INDEX idx_bookings_one_per_slot ON persistence.bookings (slot_id) WHERE state = 'confirmed';
CREATE UNIQUE INDEX idx_bookings_one_per_call ON persistence.bookings (call_id, calendar_id)
WHERE state = 'confirmed';
CREATE INDEX idx_slots_calendar ON persistence.slots (calendar_id, start_time);
CREATE INDEX idx_slots_held_by ON persistence.slots (held_by_call_id) WHERE held_by_call_id IS NOT NULL;
