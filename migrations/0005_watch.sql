-- The watch of hundreds. Spoken to by store/visits.rs, store/mailboxes.rs, store/turns.rs, store/logins.rs and store/refusals.rs.

-- A visit is due at a moment of its own: a slot's visits are spread, so that they do not all call in the same second (J05).
ALTER TABLE visits ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0;
UPDATE visits SET due_at = created_at;

-- Where in a slot a mailbox's visit stands, in thousandths of the time over which a slot is spread: fixed for each mailbox.
ALTER TABLE mailboxes ADD COLUMN spread BIGINT NOT NULL DEFAULT 0 CHECK (spread BETWEEN 0 AND 999);
UPDATE mailboxes SET spread = (SELECT COUNT(*) FROM mailboxes o WHERE o.id < mailboxes.id) * 37 % 1000;

-- After faults in a row: the schedule does not try before this moment.
ALTER TABLE mailboxes ADD COLUMN next_try_at BIGINT;

-- Written and never read: consoles follow the counter alone.
DROP INDEX mailboxes_revision;
ALTER TABLE mailboxes DROP COLUMN revision;

-- A person's reading holds the mailbox while it lasts: one session at a time for each mailbox, over all nodes.
CREATE TABLE turns (
    mailbox_id TEXT NOT NULL PRIMARY KEY REFERENCES mailboxes (id) ON DELETE CASCADE,
    holder TEXT NOT NULL,
    lease_until BIGINT NOT NULL
);

DROP INDEX visits_state;
DROP INDEX visits_mailbox;
CREATE INDEX visits_of_mailbox ON visits (mailbox_id);
CREATE INDEX visits_line ON visits (urgent DESC, due_at, id) WHERE state = 'due';
CREATE INDEX visits_running ON visits (mailbox_id) WHERE state = 'running';
CREATE INDEX visits_open ON visits (run_id) WHERE state <> 'done';

-- Logins that were begun and of which no answer was written yet: how many in a row, and when the last was. Without a row
-- there is none. Spoken to by store/logins.rs.
CREATE TABLE logins (
    mailbox_id TEXT NOT NULL PRIMARY KEY REFERENCES mailboxes (id) ON DELETE CASCADE,
    unanswered BIGINT NOT NULL,
    begun_at BIGINT NOT NULL
);

-- Passwords that a mail server has refused, or was sent and never judged: how often, and when last. A name that only the
-- master key makes stands for server, user and password. Spoken to by store/refusals.rs.
CREATE TABLE refusals (
    fingerprint TEXT NOT NULL PRIMARY KEY,
    times BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);
CREATE INDEX refusals_last ON refusals (last_at);
