-- What leaves: one row for each mail, written with what caused it (security.md 6). Spoken to by store/outbox.rs.

CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    -- Made with the row and never again: whoever gets a mail twice can tell.
    message_id TEXT NOT NULL UNIQUE,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- The mail's bytes, sealed by the installation's key «outbox»: it may hold a one-time link. Empty once it has left.
    sealed_mail BYTEA,
    -- queued > sending > handing_over (committed before the final dot) > sent; failed: the server said no; uncertain: nobody
    -- knows whether the server took it.
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'handing_over', 'sent', 'failed', 'uncertain')),
    attempts BIGINT NOT NULL,
    -- When it is due, by the program's clock.
    next_try_at BIGINT NOT NULL,
    -- Why it has not left: one of our words, and the server's own.
    fault TEXT,
    reply TEXT,
    -- Who has it in hand, and until when on the database's clock.
    node TEXT,
    fence BIGINT NOT NULL,
    lease_until BIGINT,
    created_at BIGINT NOT NULL,
    sent_at BIGINT
);
CREATE INDEX outbox_due ON outbox (next_try_at, id) WHERE state = 'queued';
CREATE INDEX outbox_in_hand ON outbox (lease_until) WHERE state IN ('sending', 'handing_over');
CREATE INDEX outbox_sent ON outbox (sent_at) WHERE state = 'sent';
