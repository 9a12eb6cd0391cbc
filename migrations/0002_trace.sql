-- The installation's keys and the trace. Spoken to by store/keys.rs and store/audit.rs.

-- One row: which master key seals this database, and a text that only it opens.
CREATE TABLE key_state (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    instance_id TEXT NOT NULL,
    key_id TEXT NOT NULL,
    sealed_canary BYTEA NOT NULL
);

-- Keys that must outlive a rotation of the master: random, made once, sealed by it.
CREATE TABLE installation_keys (
    name TEXT NOT NULL PRIMARY KEY,
    sealed_key BYTEA NOT NULL
);

-- Who did what on what. Rows are only ever added; each carries the MAC of itself and of the one before.
CREATE TABLE audit (
    seq BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL CHECK (actor <> ''),
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    ip TEXT NOT NULL,
    prev BYTEA NOT NULL,
    hash BYTEA NOT NULL
);
CREATE INDEX audit_actor ON audit (actor, seq);
CREATE INDEX audit_action ON audit (action, seq);
CREATE INDEX audit_subject ON audit (subject, seq);
CREATE INDEX audit_at ON audit (at);

-- The end of the chain: locked by every writer, and under a MAC of its own so that a cut tail shows.
CREATE TABLE audit_head (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    mac BYTEA NOT NULL
);
