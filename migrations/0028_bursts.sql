-- A burst of news about a request is one mail (N06): one that waits a while takes later ones into itself. And a mail may so be
-- of several entries of a history. Spoken to by store/outbox.rs.

-- For whom it gathers (a kind of notices_off), while it does; what it says part by part, sealed as the mail is.
ALTER TABLE outbox ADD COLUMN gathers TEXT;
ALTER TABLE outbox ADD COLUMN sealed_parts BYTEA;
CREATE INDEX outbox_gathering ON outbox (ticket_number, recipient) WHERE gathers IS NOT NULL AND state = 'queued';

CREATE TABLE outbox_messages (
    mail_id TEXT NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
    ticket_message_id TEXT NOT NULL,
    PRIMARY KEY (mail_id, ticket_message_id)
);
CREATE INDEX outbox_messages_message ON outbox_messages (ticket_message_id);
INSERT INTO outbox_messages (mail_id, ticket_message_id)
    SELECT id, ticket_message_id FROM outbox WHERE ticket_message_id IS NOT NULL;
DROP INDEX outbox_ticket_message;
ALTER TABLE outbox DROP COLUMN ticket_message_id;
