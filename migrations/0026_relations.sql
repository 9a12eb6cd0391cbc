-- Requests that have to do with each other (K13): the desk's. At most one relation between two. Spoken to by
-- store/ticket_relations.rs.

CREATE TABLE ticket_relations (
    from_id TEXT NOT NULL REFERENCES tickets (id),
    to_id TEXT NOT NULL REFERENCES tickets (id),
    -- What the first is to the second.
    relation TEXT NOT NULL CHECK (relation IN ('related', 'child', 'caused')),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (from_id, to_id)
);
CREATE INDEX ticket_relations_back ON ticket_relations (to_id);
