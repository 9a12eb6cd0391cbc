-- What somebody has begun to write in a request (O05): one for each person and kind, read by nobody else. Spoken to by
-- store/ticket_drafts.rs.
CREATE TABLE ticket_drafts (
    person_id TEXT NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    ticket_id TEXT NOT NULL REFERENCES tickets (id),
    kind TEXT NOT NULL CHECK (kind IN ('public', 'internal')),
    body TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, ticket_id, kind)
);

-- Who has a request open at the desk, and until when that is taken to be so: nobody is locked out by it (O02, O04). Spoken to by
-- store/ticket_presence.rs.
CREATE TABLE ticket_presence (
    ticket_id TEXT NOT NULL REFERENCES tickets (id),
    person_id TEXT NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    writing BIGINT NOT NULL CHECK (writing IN (0, 1)),
    until BIGINT NOT NULL,
    PRIMARY KEY (ticket_id, person_id)
);
CREATE INDEX ticket_presence_until ON ticket_presence (until);
