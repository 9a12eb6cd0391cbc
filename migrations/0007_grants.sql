-- Who may open a mailbox besides those whose role says so, until when (T02, T08, T13). Spoken to by store/grants.rs.

CREATE TABLE grants (
    mailbox_id TEXT NOT NULL REFERENCES mailboxes (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    -- JSON list of view, write, send, delete.
    rights TEXT NOT NULL,
    -- The first moment in which it no longer holds; absent when it lasts.
    until BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (mailbox_id, person_id)
);
CREATE INDEX grants_person ON grants (person_id);

-- The watch of a mailbox whose body was deactivated stops with it, and is taken up again with it: a person's own suspension
-- of it stays (store/mailboxes.rs).
ALTER TABLE mailboxes ADD COLUMN suspended_with_organization BIGINT NOT NULL DEFAULT 0
    CHECK (suspended_with_organization IN (0, 1));
