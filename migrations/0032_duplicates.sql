-- Pairs of requests of which somebody at the desk has said that they are not the same (F26): they are proposed as one no more. The
-- smaller id stands first. Spoken to by store/ticket_duplicates.rs.
CREATE TABLE ticket_distinct (
    one_id TEXT NOT NULL REFERENCES tickets (id),
    other_id TEXT NOT NULL REFERENCES tickets (id),
    person_id TEXT REFERENCES persons (id) ON DELETE SET NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (one_id, other_id)
);
CREATE INDEX ticket_distinct_back ON ticket_distinct (other_id);
