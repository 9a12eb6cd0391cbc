-- How people prove who they are, and how they like to work. Spoken to by store/people.rs, store/passwords.rs,
-- store/sessions.rs and store/attempts.rs.

-- Single keys as commands can be turned off (WCAG 2.1.4).
ALTER TABLE persons ADD COLUMN single_keys BIGINT NOT NULL DEFAULT 1 CHECK (single_keys IN (0, 1));

-- What the browser says of itself: whose session it is must be told from the others.
ALTER TABLE sessions ADD COLUMN user_agent TEXT NOT NULL DEFAULT '';

-- The last passwords of a person, the present one too: none of them may be chosen again (U02).
CREATE TABLE passwords (
    person_id TEXT NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    password_hash TEXT NOT NULL,
    chosen_at BIGINT NOT NULL
);
CREATE INDEX passwords_person ON passwords (person_id, chosen_at);
INSERT INTO passwords (person_id, password_hash, chosen_at)
    SELECT id, password_hash, updated_at FROM persons WHERE password_hash IS NOT NULL;

-- Log-ins that did not succeed, by account, by client's address and by network: they slow who guesses (U03).
CREATE TABLE attempts (
    name TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);
CREATE INDEX attempts_last ON attempts (last_at);

-- Addresses from which a person has logged in: guesses made elsewhere do not slow them.
CREATE TABLE known_clients (
    person_id TEXT NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    ip TEXT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, ip)
);
