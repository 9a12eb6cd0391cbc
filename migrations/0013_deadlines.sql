-- Which warnings about a ticket's deadlines were given, once each for each severity (S11, J06). Spoken to by store/deadlines.rs.

CREATE TABLE ticket_warnings (
    ticket_id TEXT NOT NULL REFERENCES tickets (id),
    clock TEXT NOT NULL CHECK (clock IN ('first_response', 'resolution')),
    percent BIGINT NOT NULL CHECK (percent IN (50, 75, 100)),
    severity TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    PRIMARY KEY (ticket_id, clock, percent, severity)
);
CREATE INDEX tickets_running ON tickets (id) WHERE resolution_due_at IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX tickets_resolved ON tickets (resolved_at) WHERE state = 'resolved';
