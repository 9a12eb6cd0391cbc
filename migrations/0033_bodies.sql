-- What a mail was from which an entry was made (E15, W22): whether it has HTML, how many pictures that lie elsewhere, what certified
-- mail says of it; JSON, read back with the entry. The HTML itself stays in the mail's bytes alone. Spoken to by
-- store/ticket_messages.rs.
ALTER TABLE ticket_messages ADD COLUMN mail TEXT;

-- What kind of picture a file is by its bytes (E02). Spoken to by store/attachments.rs.
ALTER TABLE attachments ADD COLUMN picture TEXT;
