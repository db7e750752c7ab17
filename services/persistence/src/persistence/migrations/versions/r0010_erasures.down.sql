DROP TRIGGER calls_erased_forget_call_back ON persistence.calls;
DROP FUNCTION persistence.forget_call_back();
ALTER TABLE persistence.bookings DROP COLUMN contact_phone_digits;
CREATE INDEX bookings_contact_phone ON persistence.bookings (contact_phone) WHERE contact_phone IS NOT NULL;
DROP TABLE persistence.erasures;
