-- The last rules of threading and its alarms (features.md 5): addresses with a plus, the breaker that has opened. Spoken to by
-- store/intake_mailboxes.rs and store/alarms.rs.

-- Its server takes mail to `address+anything@…` in for it: what we write about a request may say so where answers go.
ALTER TABLE intake_mailboxes ADD COLUMN plus_addresses BIGINT NOT NULL DEFAULT 0;

-- What is out of order as a whole, since when: it is told once when it begins and once when it is over, whichever node sees it.
CREATE TABLE alarms (
    name TEXT NOT NULL PRIMARY KEY,
    since BIGINT NOT NULL
);
