-- Mail that becomes requests (features.md 5, security.md 5): the desk's own mailboxes, and what each has brought. The raw mails lie
-- in the folder `files` of data_dir under their SHA-256. Spoken to by store/intake_mailboxes.rs and store/intake_mails.rs.

CREATE TABLE intake_mailboxes (
    id TEXT NOT NULL PRIMARY KEY,
    address TEXT NOT NULL,
    address_fold TEXT NOT NULL UNIQUE,
    username TEXT NOT NULL,
    imap_host TEXT NOT NULL,
    imap_port BIGINT NOT NULL,
    imap_security TEXT NOT NULL,
    -- Sealed by the installation's key «intake», bound to the row, the user and the server.
    sealed_password BYTEA NOT NULL,
    area TEXT NOT NULL CHECK (area IN ('pec', 'pki')),
    group_id TEXT REFERENCES groups (id) ON DELETE SET NULL,
    default_severity TEXT NOT NULL CHECK (default_severity IN ('critical', 'high', 'medium', 'low')),
    enabled BIGINT NOT NULL,
    -- The words of a watched mailbox's status.
    status TEXT NOT NULL,
    status_detail TEXT,
    last_checked_at BIGINT,
    -- Mail that came into the mailbox before is not for us.
    since BIGINT NOT NULL,
    -- Grows with every change of what the session needs: whoever reads begins anew.
    revision BIGINT NOT NULL,
    -- Which node reads it, until when on the database's clock.
    node TEXT,
    lease_until BIGINT,
    created_at BIGINT NOT NULL
);

CREATE TABLE intake_mails (
    id TEXT NOT NULL PRIMARY KEY,
    -- Empty when the mailbox is no longer the desk's.
    mailbox_id TEXT REFERENCES intake_mailboxes (id) ON DELETE SET NULL,
    uid_validity BIGINT NOT NULL,
    uid BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    size BIGINT NOT NULL,
    -- received > done | held (a person decides) | unprocessed (could not be read) | dropped (nothing to do: a duplicate, a receipt)
    state TEXT NOT NULL CHECK (state IN ('received', 'done', 'held', 'unprocessed', 'dropped')),
    -- One of our words.
    reason TEXT,
    tries BIGINT NOT NULL,
    -- Known once it has been read.
    message_id TEXT,
    content TEXT,
    sender_name TEXT,
    sender_email TEXT,
    subject TEXT,
    received_at BIGINT NOT NULL,
    taken_at BIGINT NOT NULL,
    ticket_id TEXT REFERENCES tickets (id),
    ticket_message_id TEXT,
    UNIQUE (mailbox_id, uid_validity, uid)
);
CREATE INDEX intake_mails_received ON intake_mails (id) WHERE state = 'received';
CREATE INDEX intake_mails_waiting ON intake_mails (state, id) WHERE state IN ('held', 'unprocessed');
CREATE INDEX intake_mails_message_id ON intake_mails (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX intake_mails_sha256 ON intake_mails (sha256);
CREATE INDEX intake_mails_entry ON intake_mails (ticket_message_id) WHERE ticket_message_id IS NOT NULL;
