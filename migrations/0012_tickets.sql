-- The desk: requests, what is said in them, who is in copy, which mailboxes they are about. Spoken to by store/tickets.rs,
-- store/ticket_list.rs, store/ticket_messages.rs, store/groups.rs.

-- The last number given in each year: raised in the transaction that makes the ticket, so that none is lost and none comes twice.
CREATE TABLE ticket_numbers (
    year BIGINT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);

-- Teams of operators.
CREATE TABLE groups (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_fold TEXT NOT NULL UNIQUE,
    area TEXT CHECK (area IN ('pec', 'pki')),
    leader_id TEXT REFERENCES persons (id) ON DELETE SET NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE group_members (
    group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    PRIMARY KEY (group_id, person_id)
);
CREATE INDEX group_members_person ON group_members (person_id);

CREATE TABLE tickets (
    id TEXT NOT NULL PRIMARY KEY,
    -- TK-2026-000123
    number TEXT NOT NULL UNIQUE,
    subject TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('new', 'open', 'pending_requester', 'pending_conditions', 'pending_third_party',
        'resolved', 'closed', 'cancelled')),
    severity TEXT NOT NULL CHECK (severity IN ('critical', 'high', 'medium', 'low')),
    -- What the requester says of it (S02).
    priority TEXT CHECK (priority IN ('critical', 'high', 'medium', 'low')),
    area TEXT NOT NULL CHECK (area IN ('pec', 'pki')),
    kind TEXT CHECK (kind IN ('consulting', 'service_request', 'maintenance', 'incident')),
    category TEXT,
    channel TEXT NOT NULL CHECK (channel IN ('email', 'form', 'chat', 'phone', 'portal', 'api', 'system')),
    level BIGINT NOT NULL CHECK (level BETWEEN 1 AND 3),
    group_id TEXT REFERENCES groups (id) ON DELETE SET NULL,
    organization_id TEXT REFERENCES organizations (id),
    requester_id TEXT REFERENCES persons (id) ON DELETE SET NULL,
    requester_name TEXT NOT NULL,
    requester_email TEXT NOT NULL,
    assignee_id TEXT REFERENCES persons (id) ON DELETE SET NULL,
    tags TEXT NOT NULL,
    -- Why it waits, or was cancelled.
    reason TEXT,
    solution TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    first_response_due_at BIGINT,
    -- Absent while the clock stands still, and once it is solved.
    resolution_due_at BIGINT,
    first_responded_at BIGINT,
    resolved_at BIGINT,
    -- Since when the clock stands still, and how much open time it stood still before, in milliseconds.
    paused_at BIGINT,
    paused_ms BIGINT NOT NULL,
    reopened BIGINT NOT NULL,
    -- Where it goes back to when a merge or a cancellation is undone.
    state_before TEXT,
    merged_into TEXT REFERENCES tickets (number),
    -- The closed ticket that this one goes on with.
    follows TEXT REFERENCES tickets (number),
    deleted_at BIGINT,
    deleted_reason TEXT,
    -- Grows with every change.
    revision BIGINT NOT NULL,
    -- Number, subject, requester, body of the first message, folded: what everybody who sees it may search.
    search_fold TEXT NOT NULL
);
CREATE INDEX tickets_due ON tickets (COALESCE(resolution_due_at, 9000000000000000), id);
CREATE INDEX tickets_next ON tickets (COALESCE(CASE WHEN first_responded_at IS NULL AND resolution_due_at IS NOT NULL
    THEN first_response_due_at END, resolution_due_at, 9000000000000000), id);
CREATE INDEX tickets_created ON tickets (created_at, id);
CREATE INDEX tickets_updated ON tickets (updated_at, id);
CREATE INDEX tickets_organization ON tickets (organization_id, created_at, id);
CREATE INDEX tickets_requester ON tickets (requester_id, created_at, id);
CREATE INDEX tickets_assignee ON tickets (assignee_id, id) WHERE assignee_id IS NOT NULL;
CREATE INDEX tickets_merged ON tickets (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE ticket_messages (
    id TEXT NOT NULL PRIMARY KEY,
    ticket_id TEXT NOT NULL REFERENCES tickets (id),
    kind TEXT NOT NULL CHECK (kind IN ('public', 'internal', 'event')),
    -- Of an event: whether it is also for those who asked.
    shown BIGINT NOT NULL CHECK (shown IN (0, 1)),
    -- Of an event: which verb, and its values as JSON; the words are the catalogue's.
    event TEXT,
    body TEXT NOT NULL,
    author_id TEXT REFERENCES persons (id) ON DELETE SET NULL,
    author_name TEXT NOT NULL,
    author_email TEXT NOT NULL,
    channel TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX ticket_messages_ticket ON ticket_messages (ticket_id, id);

-- People in copy, by address: they see this ticket and no other (V03).
CREATE TABLE ticket_copies (
    ticket_id TEXT NOT NULL REFERENCES tickets (id),
    email TEXT NOT NULL,
    email_fold TEXT NOT NULL,
    PRIMARY KEY (ticket_id, email_fold)
);
CREATE INDEX ticket_copies_email ON ticket_copies (email_fold, ticket_id);

CREATE TABLE ticket_mailboxes (
    ticket_id TEXT NOT NULL REFERENCES tickets (id),
    mailbox_id TEXT NOT NULL REFERENCES mailboxes (id) ON DELETE CASCADE,
    PRIMARY KEY (ticket_id, mailbox_id)
);
CREATE INDEX ticket_mailboxes_mailbox ON ticket_mailboxes (mailbox_id, ticket_id);

-- What was made under an Idempotency-Key, for a day: the same request again gets the same thing.
CREATE TABLE idempotency (
    person_id TEXT NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    thing_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, route, key)
);
CREATE INDEX idempotency_created ON idempotency (created_at);

-- What a mail is about.
ALTER TABLE outbox ADD COLUMN ticket_number TEXT;
ALTER TABLE outbox ADD COLUMN ticket_message_id TEXT;
CREATE INDEX outbox_ticket_message ON outbox (ticket_message_id) WHERE ticket_message_id IS NOT NULL;
