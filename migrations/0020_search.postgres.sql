-- By what requests are found (O10, F22): a row for what a request says of itself, one for its tags, one for each reply and note. Spoken
-- to by store/ticket_pieces.rs. What stays at the desk is marked. The terms are the program's (src/terms.rs); `simple` leaves them
-- as they are.
CREATE TABLE ticket_pieces (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_id TEXT NOT NULL REFERENCES tickets (id),
    message_id TEXT REFERENCES ticket_messages (id),
    desk BIGINT NOT NULL CHECK (desk IN (0, 1)),
    terms TEXT NOT NULL
);
CREATE INDEX ticket_pieces_ticket ON ticket_pieces (ticket_id) WHERE message_id IS NULL;
CREATE UNIQUE INDEX ticket_pieces_message ON ticket_pieces (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX ticket_pieces_terms ON ticket_pieces USING gin (to_tsvector('simple', terms));
ALTER TABLE tickets DROP COLUMN search_fold;
