-- People and the bodies they belong to. Spoken to by store/organizations.rs, store/people.rs, store/sessions.rs.
-- Only TEXT, BIGINT, BYTEA: what both databases mean alike. Flags are 0/1, moments are milliseconds, lists are JSON.

CREATE TABLE organizations (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    code_fold TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_fold TEXT NOT NULL,
    tax_code TEXT,
    areas TEXT NOT NULL,
    email_domains TEXT NOT NULL,
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE persons (
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    email_fold TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_fold TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('regional_admin', 'operator', 'org_admin', 'org_user', 'auditor')),
    level BIGINT NOT NULL CHECK (level BETWEEN 1 AND 3),
    areas TEXT NOT NULL,
    restricted_to_groups BIGINT NOT NULL CHECK (restricted_to_groups IN (0, 1)),
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    language TEXT NOT NULL,
    -- PHC string of argon2id; absent until the person has chosen one.
    password_hash TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- What a person sees of a body belongs to the person (seed 001), so it stands here and not on the body.
CREATE TABLE memberships (
    person_id TEXT NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    visibility TEXT NOT NULL CHECK (visibility IN ('own', 'organization')),
    state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'suspended')),
    -- A person's bodies have an order; the first is the one a person works for by default.
    position BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, organization_id)
);
CREATE INDEX memberships_organization ON memberships (organization_id);

-- Browsers, API keys and one-time links: of each secret only the SHA-256 is here.
CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    person_id TEXT NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    csrf TEXT NOT NULL,
    ip TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE INDEX sessions_person ON sessions (person_id);

CREATE TABLE tokens (
    id TEXT NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    person_id TEXT NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT
);
CREATE INDEX tokens_person ON tokens (person_id);

CREATE TABLE links (
    token_hash TEXT NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL CHECK (purpose IN ('first_admin', 'set_password')),
    -- Absent for the link that makes the first administrator.
    person_id TEXT REFERENCES persons (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
