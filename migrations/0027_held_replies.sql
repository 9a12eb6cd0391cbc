-- Replies of the desk that wait for a moment in which they can still be taken back (O06): seen by who wrote them alone. Spoken to by
-- store/held_replies.rs.

CREATE TABLE held_replies (
    id TEXT NOT NULL PRIMARY KEY,
    ticket_id TEXT NOT NULL REFERENCES tickets (id),
    person_id TEXT NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    -- From where it was sent, for the trace.
    ip TEXT NOT NULL,
    body TEXT NOT NULL,
    -- The last reply that whoever wrote it had seen (O03).
    seen TEXT,
    -- JSON: the files that come with it.
    attachments TEXT NOT NULL,
    -- The form that it came with: sent twice it is one reply, also after it has left.
    route TEXT NOT NULL,
    once TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    send_at BIGINT NOT NULL,
    -- A node sends it, until then.
    claimed_until BIGINT,
    -- Why it could not be sent.
    fault TEXT,
    UNIQUE (person_id, once)
);
CREATE INDEX held_replies_due ON held_replies (send_at) WHERE fault IS NULL;
