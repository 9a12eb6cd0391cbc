-- One mail is one thing by whatever way it came (features.md E03, E05, 5.1): every id by which it may be answered, the same mail
-- without an id, and the queues beside its own in which a request stands. Spoken to by store/intake_mails.rs and store/tickets.rs.

-- The ids of a mail: its own, and of a certified one those that its sender's program and its providers gave it.
CREATE TABLE intake_mail_ids (
    message_id TEXT NOT NULL,
    mail_id TEXT NOT NULL REFERENCES intake_mails (id) ON DELETE CASCADE,
    PRIMARY KEY (message_id, mail_id)
);
CREATE INDEX intake_mail_ids_mail ON intake_mail_ids (mail_id);
INSERT INTO intake_mail_ids (message_id, mail_id) SELECT message_id, id FROM intake_mails WHERE message_id IS NOT NULL;
DROP INDEX intake_mails_message_id;
CREATE INDEX intake_mails_content ON intake_mails (content) WHERE content IS NOT NULL;

-- Where the mail of a request has come to another of our addresses too: that address's queue.
CREATE TABLE ticket_queues (
    ticket_id TEXT NOT NULL REFERENCES tickets (id),
    area TEXT NOT NULL CHECK (area IN ('pec', 'pki')),
    -- Empty: of nobody in particular.
    group_id TEXT REFERENCES groups (id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    PRIMARY KEY (ticket_id, address)
);
