-- The watched mailboxes. Spoken to by store/mailboxes.rs and store/secrets.rs.

CREATE TABLE mailboxes (
    id TEXT NOT NULL PRIMARY KEY,
    -- What a person says of it.
    address TEXT NOT NULL,
    address_fold TEXT NOT NULL UNIQUE,
    username TEXT NOT NULL,
    description TEXT,
    group_label TEXT,
    organization_id TEXT REFERENCES organizations (id),
    holder_tax_code TEXT,
    authorization_holder TEXT NOT NULL,
    authorization_date TEXT NOT NULL,
    imap_host TEXT NOT NULL,
    imap_port BIGINT NOT NULL,
    imap_security TEXT NOT NULL,
    smtp_host TEXT,
    smtp_port BIGINT,
    smtp_security TEXT,
    -- Folded: name for sorting, and all that a search looks into.
    name_fold TEXT NOT NULL,
    search_fold TEXT NOT NULL,
    -- What visits have seen of it.
    status TEXT NOT NULL,
    status_since BIGINT NOT NULL,
    status_detail TEXT,
    -- How it stood when a person suspended the watch; it stands so again when the watch is taken up.
    suspended_from TEXT,
    failures BIGINT NOT NULL,
    uid_validity BIGINT,
    uid_next BIGINT,
    new_from BIGINT,
    new_before BIGINT NOT NULL,
    new_messages BIGINT NOT NULL,
    unread_messages BIGINT NOT NULL,
    total_messages BIGINT NOT NULL,
    quota_used BIGINT,
    quota_limit BIGINT,
    last_message_at BIGINT,
    last_checked_at BIGINT,
    last_success_at BIGINT,
    -- The value of the counter `mailboxes` at the last change that a console must show.
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX mailboxes_organization ON mailboxes (organization_id);
CREATE INDEX mailboxes_revision ON mailboxes (revision);
CREATE INDEX mailboxes_name ON mailboxes (name_fold, id);

-- The password of a mailbox, sealed; the nonce is the last of the things it is bound to.
CREATE TABLE mailbox_secrets (
    mailbox_id TEXT NOT NULL PRIMARY KEY REFERENCES mailboxes (id) ON DELETE CASCADE,
    format BIGINT NOT NULL,
    nonce BYTEA NOT NULL,
    sealed_credentials BYTEA NOT NULL
);

-- Numbers that grow with every change of a kind of thing: how nodes and consoles learn that something is new.
CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('mailboxes', 0), ('claims', 0);
