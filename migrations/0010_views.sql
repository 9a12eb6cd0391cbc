-- Views that people save: an address of a page under a name (H35). Spoken to by store/views.rs.

CREATE TABLE views (
    id TEXT NOT NULL PRIMARY KEY,
    owner_id TEXT NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    page TEXT NOT NULL CHECK (page IN ('mailboxes', 'tickets')),
    name TEXT NOT NULL,
    name_fold TEXT NOT NULL,
    -- The address's query, in the page's words.
    query TEXT NOT NULL,
    -- Others see it too; only its owner changes it.
    shared BIGINT NOT NULL CHECK (shared IN (0, 1)),
    created_at BIGINT NOT NULL,
    UNIQUE (owner_id, page, name_fold)
);
CREATE INDEX views_shared ON views (page, name_fold) WHERE shared = 1;

-- Who asked for a run: its end is told to them.
ALTER TABLE job_runs ADD COLUMN asked_by TEXT;
CREATE INDEX job_runs_asked ON job_runs (asked_by, started_at) WHERE asked_by IS NOT NULL;

-- The orders of the console that were not yet indexed: a page of it costs what it shows, however many mailboxes there are.
CREATE INDEX mailboxes_unread ON mailboxes (unread_messages, id);
CREATE INDEX mailboxes_new ON mailboxes (new_messages, id);
