-- By what requests are found (O10, F22): a row for what a request says of itself, one for its tags, one for each reply and note. Spoken
-- to by store/ticket_pieces.rs. What stays at the desk is marked. The terms are the program's (src/terms.rs); FTS5 keeps the index.
CREATE TABLE ticket_pieces (
    id INTEGER PRIMARY KEY,
    ticket_id TEXT NOT NULL REFERENCES tickets (id),
    message_id TEXT REFERENCES ticket_messages (id),
    desk BIGINT NOT NULL CHECK (desk IN (0, 1)),
    terms TEXT NOT NULL
);
CREATE INDEX ticket_pieces_ticket ON ticket_pieces (ticket_id) WHERE message_id IS NULL;
CREATE UNIQUE INDEX ticket_pieces_message ON ticket_pieces (message_id) WHERE message_id IS NOT NULL;
CREATE VIRTUAL TABLE ticket_terms USING fts5 (terms, content = 'ticket_pieces', content_rowid = 'id', detail = 'none');
CREATE TRIGGER ticket_pieces_insert AFTER INSERT ON ticket_pieces BEGIN
    INSERT INTO ticket_terms (rowid, terms) VALUES (new.id, new.terms);
END;
CREATE TRIGGER ticket_pieces_update AFTER UPDATE OF terms ON ticket_pieces BEGIN
    INSERT INTO ticket_terms (ticket_terms, rowid, terms) VALUES ('delete', old.id, old.terms);
    INSERT INTO ticket_terms (rowid, terms) VALUES (new.id, new.terms);
END;
CREATE TRIGGER ticket_pieces_delete AFTER DELETE ON ticket_pieces BEGIN
    INSERT INTO ticket_terms (ticket_terms, rowid, terms) VALUES ('delete', old.id, old.terms);
END;
ALTER TABLE tickets DROP COLUMN search_fold;
