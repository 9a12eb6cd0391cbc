-- Rules that say where a request goes by itself (R03, R04). Spoken to by store/routing_rules.rs.

CREATE TABLE routing_rules (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_fold TEXT NOT NULL UNIQUE,
    -- The lowest is asked first; the first one that suits is the only one that counts.
    position BIGINT NOT NULL,
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    -- When it is asked: as a request comes in, or as a deadline has passed.
    occasion TEXT NOT NULL CHECK (occasion IN ('opened', 'overdue')),
    -- What it asks for: absent is whatever.
    area TEXT,
    channel TEXT,
    severity TEXT,
    organization_id TEXT,
    mailbox_id TEXT,
    -- JSON: texts of which one is to be found in subject or text.
    words TEXT NOT NULL,
    -- What it does: absent stays as it is.
    to_group_id TEXT,
    to_assignee_id TEXT,
    to_level BIGINT,
    to_severity TEXT,
    -- JSON: tags to be added.
    to_tags TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX routing_rules_by_occasion ON routing_rules (occasion, active, position);
