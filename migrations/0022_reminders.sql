-- Who was asked something and has not answered is reminded, each time once; `since` is when the wait began (J08). Spoken to by
-- store/deadlines.rs.
CREATE TABLE ticket_reminders (
    ticket_id TEXT NOT NULL REFERENCES tickets (id),
    since BIGINT NOT NULL,
    number BIGINT NOT NULL,
    given_at BIGINT NOT NULL,
    PRIMARY KEY (ticket_id, since, number)
);
CREATE INDEX tickets_waiting ON tickets (id) WHERE state = 'pending_requester' AND deleted_at IS NULL;
