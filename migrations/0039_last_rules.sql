-- The last rules of threading (features.md 5): addresses with a plus. Spoken to by store/intake_mailboxes.rs.

-- Its server takes mail to `address+anything@…` in for it: what we write about a request may say so where answers go.
ALTER TABLE intake_mailboxes ADD COLUMN plus_addresses BIGINT NOT NULL DEFAULT 0;
