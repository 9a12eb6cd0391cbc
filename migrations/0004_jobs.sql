-- Work that time or a person starts. Spoken to by store/runs.rs and store/visits.rs.

CREATE TABLE job_runs (
    id TEXT NOT NULL PRIMARY KEY,
    job TEXT NOT NULL,
    -- The moment of the schedule; absent when a person asked.
    slot BIGINT,
    node TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    outcome TEXT,
    -- Of its parts: how many went well, how many did not.
    well BIGINT,
    failed BIGINT
);
CREATE UNIQUE INDEX job_runs_slot ON job_runs (job, slot) WHERE slot IS NOT NULL;
CREATE INDEX job_runs_started ON job_runs (job, started_at);
CREATE INDEX job_runs_open ON job_runs (id) WHERE finished_at IS NULL;

CREATE TABLE visits (
    id TEXT NOT NULL PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES job_runs (id),
    mailbox_id TEXT NOT NULL REFERENCES mailboxes (id) ON DELETE CASCADE,
    -- host:port, by which connections are counted over all nodes.
    server TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('due', 'running', 'done')),
    -- Asked for by a person: goes first.
    urgent BIGINT NOT NULL CHECK (urgent IN (0, 1)),
    fence BIGINT NOT NULL,
    node TEXT,
    lease_until BIGINT,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    finished_at BIGINT,
    outcome TEXT,
    detail TEXT
);
-- One visit in line for each mailbox, whoever asks. One may be on its way beside it: who asks for a look while one is on its
-- way gets a look that begins later.
CREATE UNIQUE INDEX visits_due ON visits (mailbox_id) WHERE state = 'due';
CREATE INDEX visits_state ON visits (state, server) WHERE state <> 'done';
CREATE INDEX visits_run ON visits (run_id);
CREATE INDEX visits_finished ON visits (finished_at);
CREATE INDEX visits_mailbox ON visits (mailbox_id, finished_at);
