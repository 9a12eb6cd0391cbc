-- Mail that goes on for years (features.md E12, E17, N08, security.md 5): who has a mail in hand, what was answered to whom, which
-- addresses take no mail. Spoken to by store/intake_mailboxes.rs, store/intake_mails.rs, store/outbox.rs and
-- store/bounced_addresses.rs.

-- Under which name its server signs what it says of senders (RFC 8601, 2.5). Empty: its host's, or its address's domain.
ALTER TABLE intake_mailboxes ADD COLUMN authserv_id TEXT;

-- Who reads a mail has it until then, on the database's clock.
ALTER TABLE intake_mails ADD COLUMN taken_until BIGINT;
-- Its sender was told that it was not taken.
ALTER TABLE intake_mails ADD COLUMN answered_at BIGINT;
CREATE INDEX intake_mails_answered ON intake_mails (answered_at) WHERE answered_at IS NOT NULL;
-- Nothing came of it and it is long ago: its bytes are here no longer.
ALTER TABLE intake_mails ADD COLUMN bytes_gone_at BIGINT;
CREATE INDEX intake_mails_of_no_use ON intake_mails (taken_at) WHERE state = 'dropped' AND bytes_gone_at IS NULL;
CREATE INDEX intake_mails_taken_at ON intake_mails (taken_at);
CREATE INDEX intake_mails_ticket ON intake_mails (ticket_id) WHERE ticket_id IS NOT NULL;

-- Who writes is looked up among those who have asked.
CREATE INDEX tickets_requester_fold ON tickets (LOWER(requester_email));

-- The answer to a mail: it goes with an empty sender (RFC 3834, 3.3), so that nothing can answer it.
ALTER TABLE outbox ADD COLUMN is_answer BIGINT NOT NULL DEFAULT 0;

-- Addresses at which a mail of ours did not arrive, for good.
CREATE TABLE bounced_addresses (
    address_fold TEXT NOT NULL PRIMARY KEY,
    -- What their server said.
    reply TEXT NOT NULL,
    bounced_at BIGINT NOT NULL
);
