CREATE TABLE persistence.erasures (
    -- A call's id, or the digest of a number.
    subject    varchar(128) PRIMARY KEY,
    erased_at  timestamptz  NOT NULL
);

ALTER TABLE persistence.bookings ADD COLUMN contact_phone_digits text GENERATED ALWAYS AS (
    regexp_replace(regexp_replace(contact_phone, '[[:alpha:]].*$', ''), '[^0-9]', '', 'g')
) STORED;
DROP INDEX persistence.bookings_contact_phone;
CREATE INDEX bookings_contact_phone_digits ON persistence.bookings (contact_phone_digits)
WHERE contact_phone_digits IS NOT NULL;

-- A service of a build before the column knows nothing of it when it erases a call.
CREATE FUNCTION persistence.forget_call_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.call_back := NULL;
    RETURN NEW;
END
$$;
CREATE TRIGGER calls_erased_forget_call_back BEFORE INSERT OR UPDATE ON persistence.calls FOR EACH ROW
WHEN (NEW.erased_at IS NOT NULL AND NEW.call_back IS NOT NULL) EXECUTE FUNCTION persistence.forget_call_back();
