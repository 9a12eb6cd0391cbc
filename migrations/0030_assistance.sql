-- Requests that came by the public form and wait until whoever wrote them confirms the address (F07): nobody at the desk, and no
-- body, sees them before. Of the link only the SHA-256 is here. Spoken to by store/pending_requests.rs.

CREATE TABLE pending_requests (
    id TEXT NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    -- The form that it came with: sent twice it is one request.
    once TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL,
    email_fold TEXT NOT NULL,
    name TEXT NOT NULL,
    -- As typed. Absent for who has no body yet (F08).
    organization TEXT,
    phone TEXT NOT NULL,
    mailbox TEXT NOT NULL,
    area TEXT NOT NULL,
    kind TEXT NOT NULL,
    priority TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- The request that was made of it; what was typed is then empty here.
    number TEXT
);
CREATE INDEX pending_requests_email ON pending_requests (email_fold, created_at);
CREATE INDEX pending_requests_expires ON pending_requests (expires_at);

-- Files of who has no account: the SHA-256 of the browser's token until the form is taken, then the request that waits. Nobody else
-- may name them. Spoken to by store/attachments.rs.
ALTER TABLE attachments ADD COLUMN visitor TEXT;
ALTER TABLE attachments ADD COLUMN pending_id TEXT REFERENCES pending_requests (id) ON DELETE SET NULL;
CREATE INDEX attachments_visitor ON attachments (visitor) WHERE visitor IS NOT NULL AND message_id IS NULL;
CREATE INDEX attachments_pending ON attachments (pending_id) WHERE pending_id IS NOT NULL;
