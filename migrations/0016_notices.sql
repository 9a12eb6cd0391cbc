-- Mails about requests that a person does not want (N04): a row is a kind that is off. Spoken to by store/notices.rs.

CREATE TABLE notices_off (
    person_id TEXT NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('own', 'copies', 'work')),
    PRIMARY KEY (person_id, kind)
);
