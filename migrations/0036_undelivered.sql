-- Mail of ours that does not arrive (features.md E08, N08, 4.1): the desk is told of each once. Spoken to by store/outbox.rs and
-- store/pending_requests.rs.

-- A word to who asked has not left for good, and the desk was not told of it.
ALTER TABLE outbox ADD COLUMN is_untold BIGINT NOT NULL DEFAULT 0;
CREATE INDEX outbox_untold ON outbox (id) WHERE is_untold = 1;

-- How the mails of one request stand, however many there are of others; and what has not left, among all that has.
CREATE INDEX outbox_ticket ON outbox (ticket_number, id);
CREATE INDEX outbox_not_sent ON outbox (created_at) WHERE state <> 'sent';

-- From whom a request of the public form came for this address: the SHA-256 of its network and of the address (F07). What others send
-- for an address does not shut it out.
ALTER TABLE pending_requests ADD COLUMN sender_hash TEXT NOT NULL DEFAULT '';
