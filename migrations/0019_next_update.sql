-- The third clock of a ticket: from the desk's last word to those who asked, or since it goes on, to the next one (S08).
ALTER TABLE tickets ADD COLUMN next_update_since BIGINT;
ALTER TABLE tickets ADD COLUMN next_update_due_at BIGINT;

-- Warnings of a clock that begins again are given again: `since` is its beginning, 0 for those that begin once.
CREATE TABLE clock_warnings (
    ticket_id TEXT NOT NULL REFERENCES tickets (id),
    clock TEXT NOT NULL CHECK (clock IN ('first_response', 'next_update', 'resolution')),
    since BIGINT NOT NULL,
    percent BIGINT NOT NULL CHECK (percent IN (50, 75, 100)),
    severity TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    PRIMARY KEY (ticket_id, clock, since, percent, severity)
);
INSERT INTO clock_warnings (ticket_id, clock, since, percent, severity, given_at)
    SELECT ticket_id, clock, 0, percent, severity, given_at FROM ticket_warnings;
DROP TABLE ticket_warnings;
ALTER TABLE clock_warnings RENAME TO ticket_warnings;
